/*
 * testaction.c: shows that actions work: does nothing, and has done it.
 */
#include "misp-module.h"

static json_t *testaction_query(struct misp_query *query)
{
	(void)query;
	return misp_done(true);
}

MISP_MODULE(testaction, .types = MISP_ACTION, .query = testaction_query,
	    .title = "Test action", .version = "1.0",
	    .author = "MISP modules FastCGI server",
	    .description = "Tries out actions in workflows: always succeeds "
			   "and changes nothing.",
	    .input_text = "What the workflow hands over.",
	    .output_text = "Success.",
	    .parameters = MISP_PARAMETERS(
		{.name = "foo",
		 .type = "string",
		 .description = "Any text; it is not used",
		 .value = "xyz"},
		{.name = "Data extraction path",
		 .type = "hash_path",
		 .description = "Hand over only what this path finds",
		 .value = "Attribute.{n}.AttributeTag.{n}.Tag.name"}));
