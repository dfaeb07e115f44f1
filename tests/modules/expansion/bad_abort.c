/* bad_abort: a module that misbehaves: it aborts. */
#include "misp-module.h"

#include <stdlib.h>

static json_t *bad_abort_query(struct misp_query *query)
{
	(void)query;
	abort();
}

MISP_MODULE(bad_abort, .types = MISP_EXPANSION | MISP_HOVER,
	    .description = "Misbehaves", .input = MISP_LIST("text"),
	    .output = MISP_LIST("text"), .query = bad_abort_query);
