/* bad_loop: a module that misbehaves: it never ends. */
#include "misp-module.h"

static json_t *bad_loop_query(struct misp_query *query)
{
	volatile bool forever = true;

	(void)query;
	while (forever)
		;
	return NULL;
}

MISP_MODULE(bad_loop, .types = MISP_EXPANSION | MISP_HOVER,
	    .description = "Misbehaves", .input = MISP_LIST("text"),
	    .output = MISP_LIST("text"), .query = bad_loop_query);
