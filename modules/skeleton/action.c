/*
 * skeleton.c: what the module does in a workflow, in one sentence.
 */
#include "misp-module.h"

static json_t *skeleton_query(struct misp_query *query)
{
	const char *message = misp_parameter(query, "message");
	if (!message)
		return misp_fail(query, "The parameter \"message\" is empty");

	/* Here the module acts. misp_request(query) holds all that the
	 * workflow sent: the event is its member "data". */
	return misp_done(true);
}

MISP_MODULE(skeleton, .types = MISP_ACTION, .query = skeleton_query,
	    .title = "skeleton", .version = "1.0", .author = "Your name",
	    .description = "Takes a message and does nothing with it yet.",
	    .input_text = "What the workflow hands over.",
	    .output_text = "Whether it was done.",
	    .parameters = MISP_PARAMETERS({.name = "message",
					   .type = "large_string",
					   .description = "What to say",
					   .value = "",
					   .jinja_supported = true}));
