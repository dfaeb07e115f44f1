/*
 * liteexport.c: events as JSON, with no more of their attributes than
 * category, type and value.
 */
#include "python_text.h"

#include <stdlib.h>
#include <string.h>

#define MAX_INDENT 31 /* what jansson can do */

static const char *const liteexport_members[] = {"category", "type", "value"};

#define MEMBER_COUNT (sizeof(liteexport_members) / sizeof(*liteexport_members))

static json_t *liteexport_attribute(const json_t *attribute)
{
	json_t *lite = json_object();
	for (size_t i = 0; i < MEMBER_COUNT; i++)
		misp_set(lite, liteexport_members[i],
			 json_incref(json_object_get(attribute,
						     liteexport_members[i])));
	return lite;
}

static bool liteexport_is_internal(const json_t *attribute)
{
	const char *category =
	    json_string_value(json_object_get(attribute, "category"));
	return category && strstr(category, "Internal reference");
}

/* NULL without memory: half an event would pass for a whole one. */
static json_t *liteexport_event(json_t *event)
{
	json_t *attributes = json_array();
	const json_t *info =
	    json_object_get(json_object_get(event, "Event"), "info");
	int failed = 0;
	size_t i;
	json_t *attribute;
	json_array_foreach (misp_event_attributes(event), i, attribute) {
		if (!liteexport_is_internal(attribute))
			failed |= json_array_append_new(
			    attributes, liteexport_attribute(attribute));
	}
	json_t *lite = json_pack("{s:{s:O*, s:o}}", "Event", "info", info,
				 "Attribute", attributes);
	if (!failed)
		return lite;
	json_decref(lite);
	return NULL;
}

/* Several events are a list, as MISP itself exports them. Escapes are as those
 * of the files that were exported before. */
static json_t *liteexport_write(struct misp_query *query, json_t *file)
{
	long indent = misp_setting_number(query, "indent_json_export", 0);
	if (indent < 0 || indent > MAX_INDENT)
		indent = indent < 0 ? 0 : MAX_INDENT;
	json_t *whole = json_array_size(file) == 1
			    ? json_incref(json_array_get(file, 0))
			    : json_pack("{s:O}", "response", file);
	char *text =
	    json_dumps(whole, JSON_ENSURE_ASCII | JSON_INDENT((size_t)indent));
	python_json_escapes(text);
	json_t *answer = text ? misp_export(text, strlen(text)) : NULL;
	free(text);
	json_decref(whole);
	return answer;
}

static json_t *liteexport_query(struct misp_query *query)
{
	json_t *events = misp_events(query);
	if (!events)
		return NULL;
	json_t *file = json_array();
	int failed = 0;
	size_t i;
	json_t *event;
	json_array_foreach (events, i, event) {
		failed |= json_array_append_new(file, liteexport_event(event));
	}
	json_t *answer = failed ? NULL : liteexport_write(query, file);
	json_decref(file);
	return answer;
}

MISP_MODULE(liteexport, .types = MISP_EXPORT, .query = liteexport_query,
	    .title = "Lite Export", .version = "1.0",
	    .author = "MISP modules FastCGI server",
	    .description = "Exports an event as JSON that holds its title and, "
			   "of each attribute, category, type and value.",
	    .features = "Attributes of the category Internal reference are "
			"left out. Several events become a list.",
	    .input_text = "Events with their attributes.",
	    .output_text = "A small event in MISP's JSON format.",
	    .settings = MISP_SETTINGS({"indent_json_export",
				       "Spaces by which each level of the JSON "
				       "is indented; none: all on one line",
				       NULL}),
	    .file_extension = "json", .response_type = "application/json");
