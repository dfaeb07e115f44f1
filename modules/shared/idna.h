/*
 * idna.h: host names in other scripts, as the ASCII that DNS and MISP know.
 */
#ifndef MODULES_IDNA_H
#define MODULES_IDNA_H

#include "misp-module.h"

#include <idn2.h>

static inline bool idna_is_ascii(const char *text)
{
	while (*text && (unsigned char)*text < 0x80)
		text++;
	return *text == '\0';
}

/*
 * The host's ASCII form (UTS 46, not transitional), which lives as long as
 * the query. A host that is ASCII already is left alone: names with "_" are
 * no IDNA, but are asked for. NULL after misp_fail when there is none.
 */
static inline const char *idna_ascii(struct misp_query *query, const char *host)
{
	if (idna_is_ascii(host))
		return host;
	char *ascii = NULL;
	int result = idn2_to_ascii_8z(host, &ascii,
				      IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
	if (result != IDN2_OK)
		return misp_fail(query, "The host name is not valid: %s",
				 idn2_strerror(result));
	return misp_defer(query, ascii, idn2_free);
}

#endif
