/* bad_sleep: a module that misbehaves: it sleeps past its deadline. */
#include "misp-module.h"

#include <unistd.h>

static json_t *bad_sleep_query(struct misp_query *query)
{
	(void)query;
	while (sleep(1000) != 0)
		;
	return NULL;
}

MISP_MODULE(bad_sleep, .types = MISP_EXPANSION | MISP_HOVER,
	    .description = "Misbehaves", .input = MISP_LIST("text"),
	    .output = MISP_LIST("text"), .query = bad_sleep_query);
