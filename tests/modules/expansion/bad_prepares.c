/* bad_prepares: a module that misbehaves: what it fetches for the cage finds no
 * memory, and it says nothing of that. */
#include "misp-module.h"

#include <stdint.h>

static bool bad_prepares_prepare(struct misp_query *query)
{
	return misp_alloc(query, SIZE_MAX / 2) != NULL;
}

static json_t *bad_prepares_query(struct misp_query *query)
{
	(void)query;
	return misp_rows();
}

MISP_MODULE(bad_prepares, .types = MISP_EXPANSION | MISP_HOVER,
	    .description = "Misbehaves", .input = MISP_LIST("text"),
	    .output = MISP_LIST("text"), .caged = true,
	    .prepare = bad_prepares_prepare, .query = bad_prepares_query);
