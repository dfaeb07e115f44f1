/* bad_null: a module that misbehaves: it dereferences NULL. */
#include "misp-module.h"

static json_t *bad_null_query(struct misp_query *query)
{
	/* What it was not asked about is NULL. */
	return json_integer(misp_value(query, "comment")[0]);
}

MISP_MODULE(bad_null, .types = MISP_EXPANSION | MISP_HOVER,
	    .description = "Misbehaves", .input = MISP_LIST("text"),
	    .output = MISP_LIST("text"), .query = bad_null_query);
