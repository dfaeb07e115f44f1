/*
 * skeleton.c: what the module shows, in one sentence.
 */
#include "misp-module.h"

#include <string.h>

static json_t *skeleton_query(struct misp_query *query)
{
	const char *type = NULL;
	const char *value = misp_input(query, &type);
	if (!value)
		return misp_fail(query, "Wrong input type, please choose in "
					"the following: domain, hostname");

	/* A hover is asked whenever somebody's mouse rests on a value: answer
	 * fast, and change nothing. */
	json_t *rows = misp_rows();
	misp_row(rows, MISP_TYPES("text"),
		 misp_text(query, "This %s has %zu characters", type,
			   strlen(value)));
	return rows;
}

MISP_MODULE(skeleton, .types = MISP_HOVER, .query = skeleton_query,
	    .title = "skeleton", .version = "1.0", .author = "Your name",
	    .description = "Shows how long a domain is.",
	    .input_text = "A domain or host name.",
	    .output_text = "A text about it.",
	    .input = MISP_LIST("domain", "hostname"),
	    .output = MISP_LIST("text"));
