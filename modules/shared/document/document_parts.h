/*
 * document_parts.h: what document.c and document_xml.c know of each other.
 */
#ifndef MODULES_DOCUMENT_PARTS_H
#define MODULES_DOCUMENT_PARTS_H

#include "document.h"

#include <zip.h>

struct document {
	struct attachment *attachment;
	zip_t *archive;
	size_t unpacked; /* bytes, of all members so far */
};

/* Opens a member to read; NULL when there is none of that name, and after
 * misp_fail. */
zip_file_t *document_member(struct document *document, const char *name);

/* Reads of it; -1 after misp_fail, as when all there was has become too
 * much. */
int document_read(struct document *document, zip_file_t *member, char *bytes,
		  int size);

#endif
