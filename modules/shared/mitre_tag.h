/*
 * mitre_tag.h: the tag of a technique of MITRE ATT&CK, as MISP's galaxy
 * mitre-attack-pattern names it.
 */
#ifndef MODULES_MITRE_TAG_H
#define MODULES_MITRE_TAG_H

#include "misp-module.h"

#include <string.h>

/* Lives as long as the query. NULL when a part is missing, or has a quotation
 * mark: a tag of a galaxy has its two and no more. */
static inline const char *mitre_tag(struct misp_query *query, const char *name,
				    const char *id)
{
	if (!name || !id || strchr(name, '"') || strchr(id, '"'))
		return NULL;
	return misp_text(query, "misp-galaxy:mitre-attack-pattern=\"%s - %s\"",
			 name, id);
}

#endif
