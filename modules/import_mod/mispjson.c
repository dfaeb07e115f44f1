/*
 * mispjson.c: the attributes of events in MISP's JSON.
 *
 * Rows cannot carry objects, so the attributes of an object come as rows of
 * their own, which say in the comment where they are from.
 */
#include "misp-module.h"

#include <string.h>

struct mispjson {
	struct misp_query *query;
	json_t *rows; /* those that have not been handed over */
};

/* Where an attribute is, counted from 1; object is 0 outside objects. */
struct mispjson_place {
	size_t event;
	size_t object;
	size_t attribute;
	const char *object_name;
};

static const struct {
	const char *attribute;
	const char *row;
	bool is_text;
} mispjson_members[] = {
    {"value", "values", false},   {"category", "categories", true},
    {"type", "types", true},      {"to_ids", "to_ids", false},
    {"comment", "comment", true}, {"data", "data", true},
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

/* Adds three words to the row's comment. */
static void mispjson_note(json_t *row, const char *one, const char *two,
			  const char *three)
{
	const char *comment =
	    json_string_value(json_object_get(row, "comment"));
	bool commented = comment && *comment;
	misp_comment(row, "%s%s%s%s%s%s", commented ? comment : "",
		     commented ? " (" : "", one, two, three,
		     commented ? ")" : "");
}

/* A type that only another MISP knows: the server would drop the row. */
static void mispjson_as_other(json_t *row, const char *type)
{
	const char *category =
	    json_string_value(json_object_get(row, "categories"));
	mispjson_note(row, "type", " ", type);
	misp_set(row, "types", json_string("other"));
	misp_set(row, "categories",
		 json_string(misp_category_for("other", category)));
}

/* The row of an attribute. What is of a wrong kind in it is left out. */
static json_t *mispjson_row(const json_t *attribute)
{
	json_t *row = json_object();
	for (size_t i = 0; i < MEMBER_COUNT; i++) {
		json_t *member =
		    json_object_get(attribute, mispjson_members[i].attribute);
		/* Shared, not copied: a file may be large. */
		if (mispjson_members[i].is_text
			? json_is_string(member)
			: member && !json_is_null(member) &&
			      !json_is_array(member) && !json_is_object(member))
			json_object_set(row, mispjson_members[i].row, member);
	}
	const char *type = json_string_value(json_object_get(row, "types"));
	if (type && !misp_category_for(type, NULL))
		mispjson_as_other(row, type);
	return row;
}

/* false after misp_fail, or without memory. */
static bool mispjson_attribute(struct mispjson *import,
			       const struct mispjson_place *place,
			       const json_t *attribute)
{
	if (mispjson_deleted(attribute))
		return true;
	if (!mispjson_has_value(attribute)) {
		const char *of_object =
		    place->object ? misp_text(import->query, " of object %zu",
					      place->object)
				  : "";
		misp_fail(import->query,
			  "Event %zu of the file: attribute %zu%s lacks a type "
			  "or value",
			  place->event, place->attribute, of_object);
		return false;
	}
	json_t *row = mispjson_row(attribute);
	const char *relation =
	    json_string_value(json_object_get(attribute, "object_relation"));
	if (place->object)
		mispjson_note(row, place->object_name,
			      " object: ", relation ? relation : "no relation");
	if (json_array_append_new(import->rows, row) != 0)
		return false;
	misp_hand_over(import->query, import->rows);
	return true;
}

static bool mispjson_object(struct mispjson *import,
			    const struct mispjson_place *place,
			    const json_t *object)
{
	const char *name = json_string_value(json_object_get(object, "name"));
	struct mispjson_place within = *place;
	size_t i;
	json_t *attribute;
	within.object_name = name ? name : "unnamed";
	if (mispjson_deleted(object))
		return true;
	json_array_foreach (json_object_get(object, "Attribute"), i,
			    attribute) {
		within.attribute = i + 1;
		if (!mispjson_attribute(import, &within, attribute))
			return false;
	}
	return true;
}

/* MISP writes {"response": [entries]}, [entries] or a single entry, which is
 * {"Event": …}. */
static const json_t *mispjson_entries(const json_t *file)
{
	const json_t *response = json_object_get(file, "response");
	return response ? response : file;
}

static size_t mispjson_count(const json_t *entries)
{
	return json_is_array(entries) ? json_array_size(entries) : 1;
}

static const json_t *mispjson_event(const json_t *entries, size_t index)
{
	const json_t *entry =
	    json_is_array(entries) ? json_array_get(entries, index) : entries;
	return json_object_get(entry, "Event");
}

/* An attribute or object while the file is read; of the events the last is the
 * one that is being read. Other lists of these names say nothing. */
static bool mispjson_take(void *context, const struct misp_item *item)
{
	struct mispjson *import = context;
	const json_t *entries = mispjson_entries(item->root);
	size_t event = mispjson_count(entries);
	struct mispjson_place place = {.event = event};
	if (event == 0 || item->holder != mispjson_event(entries, event - 1))
		return true;
	if (strcmp(item->list, "Object") == 0) {
		place.object = item->index + 1;
		return mispjson_object(import, &place, item->value);
	}
	place.attribute = item->index + 1;
	return mispjson_attribute(import, &place, item->value);
}

static bool mispjson_is_whole(struct misp_query *query, const json_t *file)
{
	const json_t *entries = mispjson_entries(file);
	size_t count = mispjson_count(entries);
	for (size_t i = 0; i < count; i++) {
		if (json_is_object(mispjson_event(entries, i)))
			continue;
		misp_fail(query,
			  "The file is not in MISP's JSON format: entry %zu "
			  "has no \"Event\"",
			  i + 1);
		return false;
	}
	if (count == 0)
		misp_fail(query, "There is no event in the file");
	return count > 0;
}

static json_t *mispjson_query(struct misp_query *query)
{
	size_t size = 0;
	const unsigned char *bytes = misp_file(query, &size);
	if (!bytes)
		return NULL;
	struct mispjson import = {.query = query, .rows = misp_rows()};
	json_t *file = misp_parse_json_items(query, bytes, size,
					     MISP_LIST("Attribute", "Object"),
					     mispjson_take, &import);
	if (!file || !mispjson_is_whole(query, file)) {
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
