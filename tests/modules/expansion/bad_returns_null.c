/* bad_returns_null: a module that misbehaves: it returns NULL and does not say
 * why. */
#include "misp-module.h"

static json_t *bad_returns_null_query(struct misp_query *query)
{
	(void)query;
	return NULL;
}

MISP_MODULE(bad_returns_null, .types = MISP_EXPANSION | MISP_HOVER,
	    .description = "Misbehaves", .input = MISP_LIST("text"),
	    .output = MISP_LIST("text"), .query = bad_returns_null_query);
