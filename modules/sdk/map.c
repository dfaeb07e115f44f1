/*
 * map.c: from a service's JSON to attributes and rows, by a table.
 */
#include "path.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Where values go to. add borrows the value and returns whether it did. */
struct sink {
	struct misp_query *query;
	json_t *target;
	bool (*add)(const struct sink *sink, const char *relation,
		    json_t *value);
	json_t *seen; /* a set: the names of its members */
};

/* Notes all that is at a path; lists are gone through. */
static void find(json_t *found, json_t *json, const char *path)
{
	if (!json || json_is_null(json))
		return;
	if (json_is_array(json) && !path_is_index(path)) {
		size_t index;
		json_t *item;
		json_array_foreach (json, index, item) {
			find(found, item, path);
		}
	} else if (*path) {
		json_t *next = path_step(json, &path);
		find(found, next, path);
	} else {
		json_array_append(found, json);
	}
}

/* ---- Conversions: text, or NULL for what is none ---- */

/* A whole number, or digits; 0 for what is neither. */
static int64_t number_of(const json_t *json)
{
	/* More than any time there is, and no overflow. */
	static const double limit = 1e17;
	if (json_is_integer(json))
		return json_integer_value(json);
	if (json_is_real(json)) {
		double value = json_real_value(json);
		return value > -limit && value < limit ? (int64_t)value : 0;
	}
	const char *text = json_string_value(json);
	if (!text || text[strspn(text, "0123456789")])
		return 0;
	return strtoll(text, NULL, 10);
}

static const char *time_of(struct misp_query *query, int64_t seconds)
{
	return seconds ? misp_time(query, seconds) : NULL;
}

static const char *from_seconds(struct misp_query *query, const json_t *json)
{
	return time_of(query, number_of(json));
}

static const char *from_time(struct misp_query *query, const json_t *json)
{
	return misp_time_of(query, text_of(query, json));
}

static const char *to_as(struct misp_query *query, const json_t *json)
{
	const char *text = text_of(query, json);
	if (!text || json_is_boolean(json))
		return NULL;
	const char *number = strncasecmp(text, "AS", 2) == 0 ? text + 2 : text;
	size_t digits = strspn(number, "0123456789");
	return digits > 0 && !number[digits] ? misp_text(query, "AS%s", number)
					     : text;
}

static const char *to_text(struct misp_query *query, const json_t *json)
{
	if (json_is_boolean(json))
		return json_is_true(json) ? "true" : "false";
	return text_of(query, json);
}

static const char *(*const conversions[])(struct misp_query *query,
					  const json_t *json) = {
    [MISP_AS_IS] = NULL,          [MISP_FROM_SECONDS] = from_seconds,
    [MISP_FROM_TIME] = from_time, [MISP_TO_AS] = to_as,
    [MISP_TO_JOINED] = to_text,   [MISP_TO_TEXT] = to_text,
};

/* ---- Adding ---- */

/* Whether this is the first time for this value of the relation. */
static bool is_new(const struct sink *sink, const char *relation,
		   const char *text)
{
	char *key = NULL;
	if (asprintf(&key, "%s\n%s", relation, text) < 0)
		return true;
	bool found = json_object_get(sink->seen, key);
	if (!found)
		json_object_set_new_nocheck(sink->seen, key, json_true());
	free(key);
	return !found;
}

/* Steals value. */
static bool add(const struct sink *sink, const char *relation, json_t *value)
{
	const char *text = text_of(sink->query, value);
	bool added = text && is_new(sink, relation, text) &&
		     sink->add(sink, relation, value);
	json_decref(value);
	return added;
}

/* All values as one; NULL when there is none. */
static json_t *joined(struct misp_query *query, const json_t *values)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = misp_text_file(query, &text, &size);
	if (!out)
		return NULL;
	size_t index;
	json_t *value;
	const char *between = "";
	json_array_foreach (values, index, value) {
		const char *part = to_text(query, value);
		if (part) {
			fprintf(out, "%s%s", between, part);
			between = ", ";
		}
	}
	json_t *string = fclose(out) == 0 ? misp_string(text, size) : NULL;
	free(text);
	return string;
}

static size_t add_each(const struct sink *sink,
		       const struct misp_mapping *mapping, const json_t *values)
{
	size_t count = 0;
	size_t index;
	json_t *value;
	json_array_foreach (values, index, value) {
		json_t *made = json_incref(value);
		if (conversions[mapping->convert]) {
			const char *text =
			    conversions[mapping->convert](sink->query, value);
			json_decref(made);
			made = text ? misp_string(text, strlen(text)) : NULL;
		}
		count += add(sink, mapping->relation, made);
		if (count == MISP_LIST_MAX)
			break;
	}
	return count;
}

static size_t map(struct sink *sink, const json_t *json,
		  const struct misp_mapping *mappings)
{
	size_t count = 0;
	if (!sink->target || !sink->seen)
		mappings = NULL;
	for (; mappings && mappings->path; mappings++) {
		json_t *values = json_array();
		/* What is found is shared, and never changed. */
		find(values, (json_t *)json, mappings->path);
		if (mappings->convert == MISP_TO_JOINED)
			count += add(sink, mappings->relation,
				     joined(sink->query, values));
		else
			count += add_each(sink, mappings, values);
		json_decref(values);
	}
	json_decref(sink->seen);
	return count;
}

static bool object_add(const struct sink *sink, const char *relation,
		       json_t *value)
{
	return misp_object_add_json(sink->target, relation, json_incref(value));
}

static bool row_add(const struct sink *sink, const char *relation,
		    json_t *value)
{
	return misp_row(sink->target, MISP_TYPES(relation),
			text_of(sink->query, value));
}

static bool attribute_add(const struct sink *sink, const char *relation,
			  json_t *value)
{
	return misp_add_attribute(sink->target, relation,
				  text_of(sink->query, value));
}

/* What the object already has is not new. */
static void note_own(const struct sink *sink)
{
	const json_t *list = json_object_get(sink->target, "Attribute");
	size_t index;
	json_t *own;
	json_array_foreach (list, index, own) {
		const char *relation =
		    json_string_value(json_object_get(own, "object_relation"));
		const char *text =
		    text_of(sink->query, json_object_get(own, "value"));
		if (relation && text)
			is_new(sink, relation, text);
	}
}

size_t misp_map(struct misp_query *query, json_t *object, const json_t *json,
		const struct misp_mapping *mappings)
{
	struct sink sink = {query, object, object_add, json_object()};
	note_own(&sink);
	return map(&sink, json, mappings);
}

size_t misp_map_rows(struct misp_query *query, json_t *rows, const json_t *json,
		     const struct misp_mapping *mappings)
{
	struct sink sink = {query, rows, row_add, json_object()};
	return map(&sink, json, mappings);
}

size_t misp_map_attributes(struct misp_query *query, json_t *results,
			   const json_t *json,
			   const struct misp_mapping *mappings)
{
	struct sink sink = {query, results, attribute_add, json_object()};
	return map(&sink, json, mappings);
}
