/*
 * import_most.h: how much one import may bring. MISP shows all of it on a page
 * before it saves it, and holds it in memory several times.
 */
#ifndef MODULES_IMPORT_MOST_H
#define MODULES_IMPORT_MOST_H

#include "misp-module.h"

#define IMPORT_MOST_ATTRIBUTES 100000

/* Counts added attributes; false after misp_fail when they are too many. */
static inline bool import_count(struct misp_query *query, size_t *count,
				size_t added)
{
	*count += added;
	if (*count <= IMPORT_MOST_ATTRIBUTES)
		return true;
	misp_fail(query,
		  "The file has more than %d attributes: import it in parts",
		  IMPORT_MOST_ATTRIBUTES);
	return false;
}

#endif
