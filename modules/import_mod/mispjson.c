/*
 * mispjson.c: the attributes of events in MISP's JSON.
 *
 * Rows cannot carry objects, so the attributes of an object come as rows of
 * their own, which say in the comment where they are from.
 */
#include "misp-module.h"

#include <string.h>

/* Where the reading is, counted from 1; object is 0 outside objects. */
struct mispjson {
	struct misp_query *query;
	json_t *rows;
	size_t event;
	size_t object;
	const char *object_name;
};

static const struct {
	const char *attribute;
	const char *row;
} mispjson_members[] = {
    {"value", "values"},  {"category", "categories"}, {"type", "types"},
    {"to_ids", "to_ids"}, {"comment", "comment"},     {"data", "data"},
};

#define MEMBER_COUNT (sizeof(mispjson_members) / sizeof(*mispjson_members))

/* "deleted" is a boolean, or "1" or 1 from older versions of MISP. */
static bool mispjson_deleted(const json_t *element)
{
	const json_t *deleted = json_object_get(element, "deleted");
	const char *text = json_string_value(deleted);
	return json_is_true(deleted) || json_integer_value(deleted) != 0 ||
	       (text && strcmp(text, "1") == 0);
}

static bool mispjson_has_value(const json_t *attribute)
{
	const json_t *value = json_object_get(attribute, "value");
	return json_string_length(json_object_get(attribute, "type")) > 0 &&
	       (json_string_length(value) > 0 || json_is_number(value) ||
		json_is_boolean(value));
}

static void mispjson_note_object(json_t *row, const char *object,
				 const json_t *attribute)
{
	const char *relation =
	    json_string_value(json_object_get(attribute, "object_relation"));
	const char *comment =
	    json_string_value(json_object_get(attribute, "comment"));
	bool commented = comment && *comment;
	misp_comment(row, "%s%s%s object: %s%s", commented ? comment : "",
		     commented ? " (" : "", object,
		     relation ? relation : "no relation", commented ? ")" : "");
}

/* false without memory. */
static bool mispjson_row(struct mispjson *import, const json_t *attribute)
{
	json_t *row = json_object();
	for (size_t i = 0; i < MEMBER_COUNT; i++) {
		json_t *member =
		    json_object_get(attribute, mispjson_members[i].attribute);
		/* Shared, not copied: a file may be large. */
		if (member && !json_is_null(member))
			json_object_set(row, mispjson_members[i].row, member);
	}
	if (import->object)
		mispjson_note_object(row, import->object_name, attribute);
	return json_array_append_new(import->rows, row) == 0;
}

/* All attributes of an event or object. false after misp_fail, or without
 * memory. */
static bool mispjson_attributes(struct mispjson *import, const json_t *element)
{
	size_t i;
	json_t *attribute;
	json_array_foreach (json_object_get(element, "Attribute"), i,
			    attribute) {
		if (mispjson_deleted(attribute))
			continue;
		if (mispjson_has_value(attribute)) {
			if (mispjson_row(import, attribute))
				continue;
			return false;
		}
		if (import->object) {
			misp_fail(import->query,
				  "Event %zu of the file: attribute %zu "
				  "of object %zu lacks a type or value",
				  import->event, i + 1, import->object);
			return false;
		}
		misp_fail(import->query,
			  "Event %zu of the file: attribute %zu lacks a "
			  "type or value",
			  import->event, i + 1);
		return false;
	}
	return true;
}

static bool mispjson_event(struct mispjson *import, const json_t *event)
{
	if (!json_is_object(event)) {
		misp_fail(import->query,
			  "The file is not in MISP's JSON format: entry "
			  "%zu has no \"Event\"",
			  import->event);
		return false;
	}
	import->object = 0;
	if (!mispjson_attributes(import, event))
		return false;
	size_t i;
	json_t *object;
	json_array_foreach (json_object_get(event, "Object"), i, object) {
		const char *name =
		    json_string_value(json_object_get(object, "name"));
		import->object = i + 1;
		import->object_name = name ? name : "unnamed";
		if (!mispjson_deleted(object) &&
		    !mispjson_attributes(import, object))
			return false;
	}
	return true;
}

/* MISP writes {"response": [entries]}, [entries] or a single entry, which is
 * {"Event": …}. */
static bool mispjson_file(struct mispjson *import, json_t *file)
{
	json_t *response = json_object_get(file, "response");
	json_t *entries = response ? response : file;
	size_t count = json_is_array(entries) ? json_array_size(entries) : 1;
	for (size_t i = 0; i < count; i++) {
		const json_t *entry = json_is_array(entries)
					  ? json_array_get(entries, i)
					  : entries;
		import->event = i + 1;
		if (!mispjson_event(import, json_object_get(entry, "Event")))
			return false;
	}
	if (count == 0)
		misp_fail(import->query, "There is no event in the file");
	return count > 0;
}

static json_t *mispjson_query(struct misp_query *query)
{
	size_t size = 0;
	const unsigned char *bytes = misp_file(query, &size);
	json_t *file = bytes ? misp_parse_json(query, bytes, size) : NULL;
	if (!file)
		return NULL;
	struct mispjson import = {.query = query, .rows = misp_rows()};
	if (!mispjson_file(&import, file)) {
		json_decref(import.rows);
		import.rows = NULL;
	}
	json_decref(file);
	return import.rows;
}

MISP_MODULE(mispjson, .types = MISP_IMPORT, .query = mispjson_query,
	    .title = "MISP JSON Import", .version = "1.0",
	    .author = "MISP modules FastCGI server",
	    .description = "Imports the attributes of events that were "
			   "exported as MISP JSON, to merge them into one.",
	    .features =
		"Takes one event or several. Attributes of objects are "
		"imported without the object around them; what is marked as "
		"deleted is left out.",
	    .input_text = "A file in MISP's JSON format.",
	    .output_text = "The attributes of its events.",
	    .input_source = MISP_LIST("file"), .caged = true);
