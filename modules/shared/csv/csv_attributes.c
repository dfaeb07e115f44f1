/*
 * csv_attributes.c: the rows of a CSV file as attributes and objects.
 */
#include "csv_attributes.h"

#include "import_most.h"
#include "object_identity.h"

#include <string.h>
#include <uuid/uuid.h>

#define NO_IDENTIFIER                                                   \
	"It is not possible to import MISP objects from your csv file " \
	"if you do not specify any object identifier and object name "  \
	"to separate each object from each other."

#define NO_RELATION                                                     \
	"In order to import MISP objects, an object relation for each " \
	"attribute contained in an object is required."

/* The cells of a row by their roles; NULL where there is none. */
struct cells {
	const char *of[CSV_ROLES];
	size_t line;
};

/* Without the quotes around it, if there are some. */
static const char *without_quotes(struct misp_query *query, const char *cell)
{
	size_t length = strlen(cell);
	if (length < 2 || cell[0] != '"' || cell[length - 1] != '"')
		return cell;
	return misp_text(query, "%.*s", (int)length - 2, cell + 1);
}

static void cells_read(const struct csv_attributes *import,
		       const struct csv_reader *row, struct cells *cells)
{
	const struct csv_header *header = import->header;
	*cells = (struct cells){.line = row->line};
	for (size_t i = 0; i < header->count; i++) {
		const char *cell = csv_field(row, i);
		if (import->quoted_twice)
			cell = without_quotes(import->query, cell);
		if (cell && *cell)
			cells->of[header->columns[i].role] = cell;
	}
}

/* ---- An attribute ---- */

static void set_uuid(json_t *attribute, const char *uuid)
{
	uuid_t parsed;
	if (uuid && uuid_parse(uuid, parsed) == 0)
		misp_set(attribute, "uuid", json_string(uuid));
}

static void set_text(json_t *attribute, const char *member, const char *text)
{
	if (text)
		misp_set(attribute, member, json_string(text));
}

/* "tlp:white, osint"; how many. */
static size_t add_tags(struct misp_query *query, json_t *attribute,
		       const char *tags)
{
	size_t count = 0;
	while (tags && *(tags += strspn(tags, ", \t"))) {
		size_t length = strcspn(tags, ",");
		size_t used = length;
		while (used > 0 && tags[used - 1] == ' ')
			used--;
		misp_tag(attribute, misp_text(query, "%.*s", (int)used, tags),
			 NULL);
		tags += length;
		count++;
	}
	return count;
}

/* What the row says of an attribute beside its type and value. false after
 * misp_fail, when there are too many. */
static bool describe(struct csv_attributes *import, json_t *attribute,
		     const struct cells *cells)
{
	const char *to_ids = cells->of[CSV_TO_IDS];
	const char *type =
	    json_string_value(json_object_get(attribute, "type"));
	if (cells->of[CSV_CATEGORY])
		set_text(attribute, "category",
			 misp_category_for(type, cells->of[CSV_CATEGORY]));
	if (to_ids)
		misp_to_ids(attribute, strcmp(to_ids, "1") == 0);
	set_uuid(attribute, cells->of[CSV_UUID]);
	set_text(attribute, "comment", cells->of[CSV_COMMENT]);
	set_text(attribute, "date", cells->of[CSV_DATE]);
	size_t tags = add_tags(import->query, attribute, cells->of[CSV_TAGS]);
	return import_count(import->query, &import->count, tags + 1);
}

static bool check_type(struct misp_query *query, const struct cells *cells)
{
	const char *type = cells->of[CSV_TYPE];
	if (!type)
		misp_fail(query, "Line %zu: the attribute has no type",
			  cells->line);
	else if (!misp_category_for(type, NULL))
		misp_fail(query, "Line %zu: MISP knows no attribute type '%s'",
			  cells->line, type);
	return !misp_failure(query);
}

/* ---- An object ---- */

/* The object of the row's id, borrowed: of an earlier row, or a new one. */
static json_t *object_of(struct csv_attributes *import, const char *id,
			 const struct cells *cells)
{
	const char *name = cells->of[CSV_OBJECT_NAME];
	json_t *object = json_object_get(import->objects, id);
	if (object)
		return object;
	if (!name)
		return misp_fail(import->query,
				 "Line %zu: the object has no name",
				 cells->line);
	object = object_identity_add(import->results, name,
				     cells->of[CSV_OBJECT_CATEGORY]);
	if (!import->header->has[CSV_OBJECT_ID])
		set_uuid(object, id);
	json_object_set(import->objects, id, object);
	return object;
}

/* Adds the row's attribute to its object. What the template has no relation
 * for needs a type. */
static bool add_to_object(struct csv_attributes *import, const char *id,
			  const struct cells *cells)
{
	const char *relation = cells->of[CSV_RELATION];
	const char *value = cells->of[CSV_VALUE];
	const char *type = cells->of[CSV_TYPE];
	if (type && !check_type(import->query, cells))
		return false;
	json_t *object = object_of(import, id, cells);
	json_t *attribute = misp_object_add(object, relation, value);
	if (attribute && type) {
		set_text(attribute, "type", type);
		set_text(
		    attribute, "category",
		    misp_category_for(type, json_string_value(json_object_get(
						attribute, "category"))));
	}
	if (!attribute && object && check_type(import->query, cells)) {
		attribute = misp_add_attribute(object, type, value);
		set_text(attribute, "object_relation", relation);
		misp_set(attribute, "disable_correlation", json_false());
	}
	return attribute && describe(import, attribute, cells);
}

static bool tells_objects(const struct csv_header *header)
{
	return header->has[CSV_OBJECT_NAME] &&
	       (header->has[CSV_OBJECT_ID] || header->has[CSV_OBJECT_UUID]);
}

/* Whether there are objects without the names of their attributes. */
static bool lacks_relation(const struct csv_header *header)
{
	return !header->has[CSV_RELATION] &&
	       (header->has[CSV_OBJECT_NAME] || header->has[CSV_OBJECT_ID] ||
		header->has[CSV_OBJECT_UUID] ||
		header->has[CSV_OBJECT_CATEGORY]);
}

bool csv_attributes_check(struct csv_attributes *import)
{
	if (import->header->has[CSV_ATTRIBUTE] ||
	    !lacks_relation(import->header))
		return true;
	misp_fail(import->query, NO_RELATION);
	return false;
}

/* ---- A row ---- */

static bool speaks_of_object(const struct cells *cells)
{
	return cells->of[CSV_OBJECT_NAME] || cells->of[CSV_OBJECT_ID] ||
	       cells->of[CSV_OBJECT_UUID] || cells->of[CSV_OBJECT_CATEGORY];
}

/* Of columns of MISP's own fields: one attribute. */
static bool add_described(struct csv_attributes *import,
			  const struct cells *cells)
{
	const char *id =
	    cells->of[import->header->has[CSV_OBJECT_ID] ? CSV_OBJECT_ID
							 : CSV_OBJECT_UUID];
	if (!tells_objects(import->header) && speaks_of_object(cells)) {
		misp_fail(import->query, NO_IDENTIFIER);
		return false;
	}
	if (!cells->of[CSV_VALUE] || lacks_relation(import->header))
		return true;
	if (id && cells->of[CSV_RELATION])
		return add_to_object(import, id, cells);
	return check_type(import->query, cells) &&
	       describe(import,
			misp_add_attribute(import->results, cells->of[CSV_TYPE],
					   cells->of[CSV_VALUE]),
			cells);
}

/* Of columns of attribute types: an attribute of each that is not empty. */
static bool add_typed(struct csv_attributes *import,
		      const struct csv_reader *row, struct cells *cells)
{
	const struct csv_header *header = import->header;
	for (size_t i = 0; i < header->count; i++) {
		if (header->columns[i].role != CSV_ATTRIBUTE ||
		    !*csv_field(row, i))
			continue;
		json_t *attribute =
		    misp_add_attribute(import->results, header->columns[i].name,
				       csv_field(row, i));
		if (!describe(import, attribute, cells))
			return false;
		cells->of[CSV_UUID] = NULL; /* two cannot have the same */
	}
	return true;
}

bool csv_attributes_add(struct csv_attributes *import,
			const struct csv_reader *row)
{
	struct cells cells;
	cells_read(import, row, &cells);
	if (import->header->has[CSV_ATTRIBUTE])
		return add_typed(import, row, &cells);
	return add_described(import, &cells);
}
