/* bad_exit: a module that misbehaves: it ends the process. */
#include "misp-module.h"

#include <stdlib.h>

static json_t *bad_exit_query(struct misp_query *query)
{
	(void)query;
	exit(0);
}

MISP_MODULE(bad_exit, .types = MISP_EXPANSION | MISP_HOVER,
	    .description = "Misbehaves", .input = MISP_LIST("text"),
	    .output = MISP_LIST("text"), .query = bad_exit_query);
