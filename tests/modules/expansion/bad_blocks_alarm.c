/* bad_blocks_alarm: a module that misbehaves: it blocks every signal and never
 * ends. */
#include "misp-module.h"

#include <signal.h>

static json_t *bad_blocks_alarm_query(struct misp_query *query)
{
	volatile bool forever = true;
	sigset_t all;

	(void)query;
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	while (forever)
		;
	return NULL;
}

MISP_MODULE(bad_blocks_alarm, .types = MISP_EXPANSION | MISP_HOVER,
	    .description = "Misbehaves", .input = MISP_LIST("text"),
	    .output = MISP_LIST("text"), .query = bad_blocks_alarm_query);
