/*
 * misp-text.h: text of any bytes, and text that is written piece by piece.
 * Included by misp-module.h, whose rules hold here.
 */
#ifndef MISP_TEXT_H
#define MISP_TEXT_H

#include "misp-module.h"

/* A JSON string of bytes that may be no UTF-8: what is not becomes U+FFFD,
 * and NUL bytes vanish. */
MISP_API json_t *misp_string(const char *bytes, size_t size);

/*
 * A file in memory, to be written to and closed with fclose. After fclose, or
 * fflush, *text has what was written with a NUL behind it, and *size says how
 * many bytes that is; *text is to be freed with free, also after a failure.
 * NULL without memory.
 *
 * As open_memstream, but for what glibc's says to nobody: when memory runs out,
 * fclose returns EOF and the query, which may be NULL, is answered with that.
 * Half a text never passes for a whole one.
 */
MISP_API FILE *misp_text_file(struct misp_query *query, char **text,
			      size_t *size);

#endif
