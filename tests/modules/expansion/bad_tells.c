/* bad_tells: a module that misbehaves: its message repeats the indicator and
 * the API key, which belong into no log. */
#include "misp-module.h"

static json_t *bad_tells_query(struct misp_query *query)
{
	return misp_fail(query, "%s is not known to the owner of %s",
			 misp_value(query, "text"),
			 misp_setting(query, "apikey"));
}

MISP_MODULE(bad_tells, .types = MISP_EXPANSION, .description = "Misbehaves",
	    .input = MISP_LIST("text"), .output = MISP_LIST("text"),
	    .settings = MISP_SETTINGS({.name = "apikey",
				       .description = "a secret"}),
	    .query = bad_tells_query);
