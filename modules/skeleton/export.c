/*
 * skeleton.c: what the module exports, in one sentence.
 */
#include "misp-module.h"

#include <stdio.h>
#include <stdlib.h>

/* "type,value" of each attribute. */
static void skeleton_event(FILE *out, json_t *event)
{
	size_t i;
	json_t *attribute;
	json_array_foreach (misp_event_attributes(event), i, attribute) {
		const char *type =
		    json_string_value(json_object_get(attribute, "type"));
		const char *value =
		    json_string_value(json_object_get(attribute, "value"));
		if (type && value)
			fprintf(out, "%s,%s\n", type, value);
	}
}

static json_t *skeleton_query(struct misp_query *query)
{
	json_t *events = misp_events(query);
	if (!events)
		return NULL;
	char *text = NULL;
	size_t size = 0, i;
	json_t *event, *answer = NULL;
	FILE *out = open_memstream(&text, &size);
	if (!out)
		return NULL;
	json_array_foreach (events, i, event) {
		skeleton_event(out, event);
	}
	bool written = !ferror(out);
	if (fclose(out) == 0 && written)
		answer = misp_export(text, size);
	free(text);
	return answer;
}

MISP_MODULE(skeleton, .types = MISP_EXPORT, .query = skeleton_query,
	    .title = "skeleton", .version = "1.0", .author = "Your name",
	    .description = "Exports the attributes of an event as lines of "
			   "type and value.",
	    .input_text = "Events with their attributes.",
	    .output_text = "A text file.", .file_extension = "txt",
	    .response_type = "text/plain");
