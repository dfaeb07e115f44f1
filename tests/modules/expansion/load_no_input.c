/* load_no_input: an expansion that takes nothing: MISP could not show it. */
#include "misp-module.h"

static json_t *load_query(struct misp_query *query)
{
	(void)query;
	return misp_rows();
}

MISP_MODULE(load_no_input, .types = MISP_EXPANSION,
	    .description = "Takes nothing", .query = load_query);
