/*
 * goaml_read.c: see goaml_read.h.
 */
#include "goaml_read.h"

#include "goaml.h"
#include "last_object.h"

#include <string.h>

#define OBJECTS_MAX 10000
#define ATTRIBUTES_MAX 100000
#define VALUE_MAX 65536
#define IGNORED_MAX 100
/* More than a report's elements can be within one another. */
#define DEPTH_MAX 16

/* An element that is being read. */
struct goaml_level {
	json_t *object;   /* that it is, or is a part of; NULL: the report */
	const char *name; /* of that object, or GOAML_REPORT */
	const struct goaml_part *part;   /* when it is an object */
	const struct goaml_field *field; /* when it is a value */
	const char *wrapper; /* when it stands around objects, … */
	const char *side;    /* … and for which side, or "" */
};

struct goaml_reader {
	struct misp_query *query;
	json_t *results;
	struct goaml_level levels[DEPTH_MAX];
	size_t depth;
	size_t ignored; /* levels below an element that means nothing here */
	size_t objects;
	size_t attributes;
	size_t length; /* of the value so far */
	char value[VALUE_MAX + 1];
};

struct goaml_reader *goaml_reader(struct misp_query *query, json_t *results)
{
	struct goaml_reader *reader = misp_alloc(query, sizeof(*reader));
	if (reader) {
		reader->query = query;
		reader->results = results;
	}
	return reader;
}

static bool goaml_push(struct goaml_reader *reader, struct goaml_level level)
{
	if (reader->depth >= DEPTH_MAX)
		return false;
	reader->levels[reader->depth++] = level;
	return true;
}

static bool goaml_push_object(struct goaml_reader *reader,
			      const struct goaml_part *part)
{
	if (++reader->objects > OBJECTS_MAX) {
		misp_fail(reader->query,
			  "The report has more than %d objects in it",
			  OBJECTS_MAX);
		return false;
	}
	json_t *object = misp_add_object(reader->results, part->object);
	return object &&
	       goaml_push(reader, (struct goaml_level){.object = object,
						       .name = part->object,
						       .part = part});
}

/* Whether the element is of some use below the last level: then it is the new
 * last one. */
static bool goaml_enter(struct goaml_reader *reader, const char *element)
{
	const struct goaml_level *last = &reader->levels[reader->depth - 1];
	if (last->field)
		return false;
	const struct goaml_part *part =
	    goaml_part_of_element(last->name, last->wrapper, element);
	if (part)
		return goaml_push_object(reader, part);
	struct goaml_level level = {.object = last->object, .name = last->name};
	if (!last->wrapper) {
		level.side = goaml_wrapper(last->name, element, &level.wrapper);
		if (level.side)
			return goaml_push(reader, level);
	}
	level.field = goaml_field_of_element(last->name, last->side, element);
	reader->length = 0;
	return level.field && goaml_push(reader, level);
}

void goaml_read_start(struct goaml_reader *reader, const char *element)
{
	if (reader->ignored > IGNORED_MAX) {
		misp_fail(reader->query,
			  "The report's elements are nested too deeply");
	} else if (reader->ignored > 0) {
		reader->ignored++;
	} else if (reader->depth > 0) {
		if (!goaml_enter(reader, element))
			reader->ignored = 1;
	} else if (strcmp(element, GOAML_REPORT) == 0) {
		goaml_push(reader, (struct goaml_level){.name = GOAML_REPORT});
	} else {
		misp_fail(reader->query,
			  "The file is no goAML report: it begins with <%s>",
			  element);
	}
}

void goaml_read_text(struct goaml_reader *reader, const char *text,
		     size_t length)
{
	if (reader->ignored > 0 || reader->depth == 0 ||
	    !reader->levels[reader->depth - 1].field)
		return;
	if (length > VALUE_MAX - reader->length) {
		misp_fail(reader->query,
			  "A value in the report is longer than %d bytes",
			  VALUE_MAX);
		return;
	}
	memcpy(reader->value + reader->length, text, length);
	reader->length += length;
}

static bool goaml_has(const json_t *object, const char *relation)
{
	size_t i;
	json_t *attribute;
	json_array_foreach (json_object_get(object, "Attribute"), i,
			    attribute) {
		const char *own = json_string_value(
		    json_object_get(attribute, "object_relation"));
		if (own && strcmp(own, relation) == 0)
			return true;
	}
	return false;
}

/* Of a value that is there twice the first counts. */
static void goaml_end_value(struct goaml_reader *reader,
			    const struct goaml_level *level)
{
	static const char blank[] = " \t\r\n";
	char *value = reader->value;
	while (reader->length > 0 && strchr(blank, value[reader->length - 1]))
		reader->length--;
	value[reader->length] = '\0';
	value += strspn(value, blank);
	if (!*value || goaml_has(level->object, level->field->relation))
		return;
	misp_object_add(level->object, level->field->relation, value);
	if (++reader->attributes > ATTRIBUTES_MAX)
		misp_fail(reader->query,
			  "The report has more than %d values in it",
			  ATTRIBUTES_MAX);
}

/* An object of which nothing is known vanishes: with nothing below it that
 * stayed, it is the last one still. */
static void goaml_end_object(struct goaml_reader *reader,
			     const struct goaml_level *level)
{
	const struct goaml_level *parent = &reader->levels[reader->depth - 1];
	if (json_array_size(json_object_get(level->object, "Attribute")) == 0 &&
	    json_array_size(
		json_object_get(level->object, "ObjectReference")) == 0)
		last_object_drop(reader->results, level->object);
	else
		misp_reference(parent->object, misp_uuid(level->object),
			       level->part->relation);
}

void goaml_read_end(struct goaml_reader *reader)
{
	if (reader->ignored > 0) {
		reader->ignored--;
		return;
	}
	if (reader->depth == 0)
		return;
	const struct goaml_level *level = &reader->levels[--reader->depth];
	if (level->field)
		goaml_end_value(reader, level);
	else if (level->part)
		goaml_end_object(reader, level);
}
