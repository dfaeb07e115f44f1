/*
 * skeleton.c: what the module exports, in one sentence.
 */
#include "misp-module.h"

/* "type,value" of each attribute. */
static void skeleton_attribute(FILE *out, const char *type, const char *value,
			       const json_t *attribute)
{
	(void)attribute; /* all of it, when type and value are not enough */
	fprintf(out, "%s,%s\n", type, value);
}

static json_t *skeleton_query(struct misp_query *query)
{
	return misp_export_attributes(query, skeleton_attribute);
}

MISP_MODULE(skeleton, .types = MISP_EXPORT, .query = skeleton_query,
	    .title = "skeleton", .version = "1.0", .author = "Your name",
	    .description = "Exports the attributes of an event as lines of "
			   "type and value.",
	    .input_text = "Events with their attributes.",
	    .output_text = "A text file.", .file_extension = "txt",
	    .response_type = "text/plain");
