/*
 * result.c: the check of a module's results; see result.h. The shapes are
 * those that MISP core reads (Model/Module.php and EventsController).
 */
#include "result.h"

#include "dump.h"
#include "types.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistr.h>
#include <uuid/uuid.h>

/* No result of MISP's comes near; also ends a cycle. It is wrapped once more
 * before it is written. */
#define RESULT_DEPTH (DUMP_DEPTH - 1)

__attribute__((format(printf, 2, 3))) static void
violation(const struct result_report *report, const char *format, ...)
{
	char words[256];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(words, sizeof(words), format, arguments);
	va_end(arguments);
	report->violation(report->context, words);
}

/* A name for the log. What a module takes for one may be an indicator. */
static const char *name_of(const json_t *json,
			   const struct result_report *report)
{
	if (!json_is_string(json))
		return "(not a string)";
	return report->with_names ? json_string_value(json)
				  : "(shown if log_values is true)";
}

/* ---- Text: whatever leaves is valid UTF-8 ---- */

static json_t *text_mended(json_t *json, int depth,
			   const struct result_report *report);

static void text_check_members(json_t *json, int depth,
			       const struct result_report *report)
{
	const char *key;
	json_t *member;
	size_t index;
	void *next;

	json_object_foreach_safe (json, next, key, member) {
		json_t *mended = text_mended(member, depth, report);

		if (u8_check((const uint8_t *)key, strlen(key))) {
			violation(report, "a name is not valid UTF-8");
			json_object_del(json, key);
			json_decref(mended);
		} else if (mended) {
			json_object_set_new_nocheck(json, key, mended);
		}
	}
	json_array_foreach (json, index, member) {
		json_t *mended = text_mended(member, depth, report);

		if (mended)
			json_array_set_new(json, index, mended);
	}
}

/* What takes the place of json; NULL when it can stay as it is. */
static json_t *text_mended(json_t *json, int depth,
			   const struct result_report *report)
{
	if (json_is_string(json)) {
		const char *text = json_string_value(json);
		size_t size = json_string_length(json);

		/* Of a NUL most clients make an end, or an error. */
		if (!u8_check((const uint8_t *)text, size) &&
		    !memchr(text, '\0', size))
			return NULL;
		violation(report, "a string is not valid UTF-8 without NUL");
		return misp_string(text, size);
	}
	if (!json_is_object(json) && !json_is_array(json))
		return NULL;
	if (depth >= RESULT_DEPTH) {
		violation(report, "nested more than %d deep", RESULT_DEPTH);
		return json_null();
	}
	text_check_members(json, depth + 1, report);
	return NULL;
}

/* ---- Pieces both formats have ---- */

static bool is_scalar(const json_t *json)
{
	return json_is_string(json) || json_is_number(json) ||
	       json_is_boolean(json);
}

/* Keeps the member at index as the one at *kept, which is not behind it: what
 * is removed one by one moves all that follows each time. */
static void list_keep(json_t *list, size_t index, size_t *kept)
{
	if (*kept != index)
		json_array_set(list, *kept, json_array_get(list, index));
	(*kept)++;
}

static void list_cut(json_t *list, size_t kept)
{
	while (json_array_size(list) > kept)
		json_array_remove(list, json_array_size(list) - 1);
}

/* Removes the members of a list that keep() refuses. */
static void list_filter(json_t *list,
			bool (*keep)(json_t *member,
				     const struct result_report *report),
			const struct result_report *report)
{
	size_t kept = 0;

	for (size_t index = 0; index < json_array_size(list); index++) {
		if (keep(json_array_get(list, index), report))
			list_keep(list, index, &kept);
	}
	list_cut(list, kept);
}

static bool type_keep(json_t *type, const struct result_report *report)
{
	if (json_is_string(type) && misp_type_find(json_string_value(type)))
		return true;
	violation(report, "MISP knows no type %s", name_of(type, report));
	return false;
}

static bool row_type_keep(json_t *type, const struct result_report *report)
{
	if (json_is_string(type) &&
	    misp_row_type_known(json_string_value(type)))
		return true;
	violation(report, "MISP knows no type %s", name_of(type, report));
	return false;
}

static bool category_keep(json_t *category, const struct result_report *report)
{
	if (json_is_string(category) &&
	    misp_category_known(json_string_value(category)))
		return true;
	violation(report, "MISP knows no category %s",
		  name_of(category, report));
	return false;
}

static bool value_keep(json_t *value, const struct result_report *report)
{
	if (is_scalar(value))
		return true;
	violation(report, "a value is neither text, number nor boolean");
	return false;
}

/* Of a row, an attribute or an object. */
static void comment_check(json_t *element, const struct result_report *report)
{
	json_t *comment = json_object_get(element, "comment");

	if (!comment || json_is_string(comment) || json_is_null(comment))
		return;
	violation(report, "a comment is no text");
	json_object_del(element, "comment");
}

/* ---- Rows: the simple format ---- */

/* A member that is one thing or a list of them; removed when none is left. */
static bool row_member_check(json_t *row, const char *name,
			     bool (*keep)(json_t *member,
					  const struct result_report *report),
			     const struct result_report *report)
{
	json_t *member = json_object_get(row, name);

	if (!member)
		return false;
	if (json_is_array(member)) {
		list_filter(member, keep, report);
		if (json_array_size(member) > 0)
			return true;
	} else if (keep(member, report)) {
		return true;
	}
	json_object_del(row, name);
	return false;
}

static bool row_keep(json_t *row, const struct result_report *report)
{
	bool has_type, has_value;

	if (!json_is_object(row)) {
		violation(report, "a row is no object");
		return false;
	}
	has_type = row_member_check(row, "types", row_type_keep, report) ||
		   row_member_check(row, "type", row_type_keep, report);
	has_value = row_member_check(row, "values", value_keep, report);
	row_member_check(row, "categories", category_keep, report);
	comment_check(row, report);
	if (!has_type || !has_value)
		violation(report, "a row has no %s",
			  has_type ? "values" : "types");
	return has_type && has_value;
}

/* ---- Attributes, objects and reports: the standard format ---- */

static bool uuid_is_valid(const json_t *json)
{
	uuid_t parsed;

	return json_is_string(json) &&
	       uuid_parse(json_string_value(json), parsed) == 0;
}

/* MISP wants a uuid in everything: a missing or bad one is made anew. */
static void uuid_check(json_t *element, const char *what,
		       const struct result_report *report)
{
	const json_t *uuid = json_object_get(element, "uuid");
	char text[UUID_STR_LEN];
	uuid_t made;

	if (uuid_is_valid(uuid))
		return;
	if (uuid)
		violation(report, "%s has an invalid uuid", what);
	uuid_generate_random(made);
	uuid_unparse_lower(made, text);
	json_object_set_new(element, "uuid", json_string(text));
}

/* A member that has to be a list, of which keep() may refuse members. */
static void member_filter(json_t *element, const char *name,
			  bool (*keep)(json_t *member,
				       const struct result_report *report),
			  const struct result_report *report)
{
	json_t *list = json_object_get(element, name);

	if (!list)
		return;
	if (json_is_array(list)) {
		list_filter(list, keep, report);
		return;
	}
	violation(report, "%s is no list", name);
	json_object_del(element, name);
}

static bool tag_keep(json_t *tag, const struct result_report *report)
{
	if (json_is_string(json_object_get(tag, "name")))
		return true;
	violation(report, "a tag has no name");
	return false;
}

static bool attribute_keep(json_t *attribute,
			   const struct result_report *report)
{
	json_t *category = json_object_get(attribute, "category");

	if (!json_is_object(attribute)) {
		violation(report, "an attribute is no object");
		return false;
	}
	if (!type_keep(json_object_get(attribute, "type"), report) ||
	    !value_keep(json_object_get(attribute, "value"), report))
		return false;
	if (category && !json_is_null(category) &&
	    !category_keep(category, report))
		json_object_del(attribute, "category");
	comment_check(attribute, report);
	member_filter(attribute, "Tag", tag_keep, report);
	uuid_check(attribute, "an attribute", report);
	return true;
}

static bool reference_keep(json_t *reference,
			   const struct result_report *report)
{
	if (uuid_is_valid(json_object_get(reference, "referenced_uuid")) &&
	    json_is_string(json_object_get(reference, "relationship_type")))
		return true;
	violation(report, "a reference has no valid referenced_uuid or no "
			  "relationship_type");
	return false;
}

static bool relation_known(const struct misp_template *template,
			   json_t *attribute)
{
	const char *relation =
	    json_string_value(json_object_get(attribute, "object_relation"));

	return relation &&
	       (!template || misp_relation_find(template, relation));
}

static void object_attributes_check(json_t *object,
				    const struct misp_template *template,
				    const struct result_report *report)
{
	json_t *attributes;
	size_t kept = 0;

	member_filter(object, "Attribute", attribute_keep, report);
	attributes = json_object_get(object, "Attribute");
	for (size_t index = 0; index < json_array_size(attributes); index++) {
		json_t *attribute = json_array_get(attributes, index);

		if (relation_known(template, attribute)) {
			list_keep(attributes, index, &kept);
			continue;
		}
		violation(report, "object %s has no relation %s",
			  name_of(json_object_get(object, "name"), report),
			  name_of(json_object_get(attribute, "object_relation"),
				  report));
	}
	list_cut(attributes, kept);
}

static bool object_keep(json_t *object, const struct result_report *report)
{
	const json_t *name = json_object_get(object, "name");
	const struct misp_template *template = NULL;

	if (!json_is_string(name)) {
		violation(report, "an object has no name");
		return false;
	}
	/* A template that is not known here cannot be checked against; which
	 * one an import names is for its file to say. */
	if (!report->as_written)
		template = misp_template_find(json_string_value(name));
	if (!template && !report->as_written)
		violation(report, "no template is known for object %s",
			  name_of(name, report));
	uuid_check(object, "an object", report);
	if (json_object_get(object, "template_uuid") &&
	    !uuid_is_valid(json_object_get(object, "template_uuid"))) {
		violation(report, "a template_uuid is invalid");
		json_object_del(object, "template_uuid");
	}
	comment_check(object, report);
	object_attributes_check(object, template, report);
	member_filter(object, "ObjectReference", reference_keep, report);
	return true;
}

static bool report_keep(json_t *element, const struct result_report *report)
{
	if (!json_is_string(json_object_get(element, "name")) ||
	    !json_is_string(json_object_get(element, "content"))) {
		violation(report, "an event report has no name or no content");
		return false;
	}
	uuid_check(element, "an event report", report);
	return true;
}

static void standard_check(json_t *results, const struct result_report *report)
{
	static const struct {
		const char *member;
		bool (*keep)(json_t *, const struct result_report *);
	} members[] = {{"Attribute", attribute_keep},
		       {"Object", object_keep},
		       {"EventReport", report_keep},
		       {"Tag", tag_keep}};

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		member_filter(results, members[i].member, members[i].keep,
			      report);
}

/* ---- The whole ---- */

/* False when nothing of the results can be sent. */
static bool results_keep(const struct misp_module *module, json_t *results,
			 const struct result_report *report)
{
	size_t rows = json_array_size(results);

	/* MISP reads them in the form that the descriptor promises. */
	if (json_is_object(results) && module->format == MISP_SIMPLE)
		violation(report, "the results are a dictionary, but the "
				  "descriptor does not say MISP_STANDARD");

	if (json_is_object(results)) {
		standard_check(results, report);
		return true;
	}
	if (!json_is_array(results)) {
		violation(report, "the results are neither rows nor a "
				  "dictionary of attributes and objects");
		return false;
	}
	list_filter(results, row_keep, report);
	return rows == 0 || json_array_size(results) > 0;
}

void result_check_rows(json_t *rows, const struct result_report *report)
{
	text_check_members(rows, 1, report);
	list_filter(rows, row_keep, report);
}

json_t *result_check(const struct misp_module *module, json_t *returned,
		     const struct result_report *report)
{
	json_t *mended = text_mended(returned, 0, report);
	struct result_report own = *report;

	if (mended) {
		json_decref(returned);
		returned = mended;
	}
	if (module->types & (MISP_EXPORT | MISP_ACTION)) {
		if (json_is_object(returned))
			return returned;
		violation(report, "the answer is no object");
		json_decref(returned);
		return NULL;
	}
	own.as_written = module->types & MISP_IMPORT;
	if (!results_keep(module, returned, &own)) {
		json_decref(returned);
		return NULL;
	}
	return json_pack("{s:o}", "results", returned);
}
