/*
 * standard.c: results in MISP's standard format: attributes, objects with
 * references, tags and event reports.
 */
#include "text.h"
#include "types.h"

#include <stdio.h>
#include <string.h>
#include <uuid/uuid.h>

/* MISP's numbers for "as the event" and for no sharing group. */
#define DISTRIBUTION_INHERIT "5"
#define SHARING_GROUP_NONE "0"

json_t *misp_standard(void)
{
	return json_object();
}

/* An element of its own identity, which is all it has; NULL without memory. */
static json_t *element_new(void)
{
	char text[UUID_STR_LEN];
	uuid_t uuid;
	uuid_generate_random(uuid);
	uuid_unparse_lower(uuid, text);
	return json_pack("{s:s}", "uuid", text);
}

/* Steals value; NULL without one. */
static json_t *attribute_new(const char *type, const char *category,
			     bool to_ids, json_t *value)
{
	json_t *attribute = element_new();
	text_set(attribute, "type", type);
	text_set(attribute, "category", category);
	misp_to_ids(attribute, to_ids);
	misp_set(attribute, "value", value);
	if (json_object_get(attribute, "value"))
		return attribute;
	json_decref(attribute);
	return NULL;
}

/* A member of what MISP has sent as it goes back: numbers become text, as ids
 * come in both forms. NULL for a list, an object or null. */
static json_t *member_copy(const json_t *member)
{
	if (json_is_integer(member))
		return json_sprintf("%" JSON_INTEGER_FORMAT,
				    json_integer_value(member));
	return json_is_array(member) || json_is_object(member) ||
		       json_is_null(member)
		   ? NULL
		   : json_copy((json_t *)member);
}

/* Without the members named: a list that ends with NULL. */
static json_t *element_copy(json_t *element, const char *const *without)
{
	json_t *copy = json_object();
	const char *name;
	json_t *member;
	json_object_foreach (element, name, member) {
		size_t i = 0;
		while (without[i] && strcmp(without[i], name) != 0)
			i++;
		if (!without[i])
			misp_set(copy, name, member_copy(member));
	}
	return copy;
}

/* Of the lists that MISP sends along (sightings, proposals, …) it needs none
 * back but the tags. */
static void tags_copy(json_t *copy, const json_t *tags)
{
	size_t index;
	json_t *tag;
	json_array_foreach (tags, index, tag) {
		if (json_is_string(json_object_get(tag, "name")))
			list_add(copy, "Tag",
				 element_copy(tag, MISP_LIST(NULL)));
	}
}

json_t *misp_add_own(json_t *results, const struct misp_attribute *attribute)
{
	/* With its old timestamp MISP would not take a changed attribute. */
	static const char *const without[] = {
	    "data", "timestamp", "type", "value", "uuid", "Tag", NULL};
	const struct misp_type *known =
	    attribute ? misp_type_find(attribute->type) : NULL;
	if (!known)
		return NULL;
	json_t *copy = element_copy(attribute->json, without);
	text_set(copy, "type", attribute->type);
	text_set(copy, "value", attribute->value);
	text_set(copy, "uuid", attribute->uuid);
	if (!misp_category_known(
		json_string_value(json_object_get(copy, "category"))))
		text_set(copy, "category", known->category);
	if (!json_object_get(copy, "to_ids"))
		misp_to_ids(copy, known->to_ids);
	if (!json_is_string(json_object_get(copy, "comment")))
		json_object_del(copy, "comment");
	tags_copy(copy, json_object_get(attribute->json, "Tag"));
	return list_add(results, "Attribute", copy);
}

json_t *misp_add_attribute(json_t *results, const char *type, const char *value)
{
	if (!results || !value || !*value)
		return NULL;
	const struct misp_type *known = misp_type_find(type);
	json_t *attribute = attribute_new(type, known ? known->category : NULL,
					  known && known->to_ids,
					  misp_string(value, strlen(value)));
	return list_add(results, "Attribute", attribute);
}

json_t *misp_add_object(json_t *results, const char *name)
{
	const struct misp_template *template = misp_template_find(name);
	if (!results || !template)
		return NULL;
	char version[16];
	snprintf(version, sizeof(version), "%u", template->version);
	json_t *object = element_new();
	text_set(object, "name", template->name);
	text_set(object, "meta-category", template->meta_category);
	text_set(object, "description", template->description);
	text_set(object, "template_uuid", template->uuid);
	text_set(object, "template_version", version);
	misp_set(object, "Attribute", json_array());
	misp_set(object, "ObjectReference", json_array());
	return list_add(results, "Object", object);
}

/* Whether a value is one that MISP would keep. */
static bool is_value(const json_t *value)
{
	return json_is_string(value)
		   ? json_string_length(value) > 0
		   : json_is_number(value) || json_is_boolean(value);
}

/* The same as text, which is what MISP keeps. Steals number. */
static json_t *whole_number_text(json_t *number)
{
	char text[32];
	snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT,
		 json_integer_value(number));
	json_decref(number);
	return json_string(text);
}

json_t *misp_object_add_json(json_t *object, const char *relation,
			     json_t *value)
{
	const char *name = json_string_value(json_object_get(object, "name"));
	const struct misp_template *template =
	    name ? misp_template_find(name) : NULL;
	const struct misp_relation *known =
	    template ? misp_relation_find(template, relation) : NULL;
	if (!known || !is_value(value)) {
		json_decref(value);
		return NULL;
	}
	if (json_is_integer(value))
		value = whole_number_text(value);
	const struct misp_type *type = misp_type_find(known->type);
	const char *category = known->category;
	if (!category && type)
		category = type->category;
	json_t *attribute =
	    attribute_new(known->type, category, known->to_ids, value);
	text_set(attribute, "object_relation", relation);
	misp_set(attribute, "disable_correlation",
		 json_boolean(known->disable_correlation));
	return list_add(object, "Attribute", attribute);
}

json_t *misp_object_add(json_t *object, const char *relation, const char *value)
{
	return misp_object_add_json(
	    object, relation, value ? misp_string(value, strlen(value)) : NULL);
}

json_t *misp_reference(json_t *object, const char *referenced_uuid,
		       const char *relationship_type)
{
	if (!object || !referenced_uuid || !relationship_type)
		return NULL;
	json_t *reference = element_new();
	text_set(reference, "object_uuid", misp_uuid(object));
	text_set(reference, "referenced_uuid", referenced_uuid);
	text_set(reference, "relationship_type", relationship_type);
	return list_add(object, "ObjectReference", reference);
}

const char *misp_uuid(const json_t *element)
{
	return json_string_value(json_object_get(element, "uuid"));
}

json_t *misp_add_report(json_t *results, const char *name, const char *content)
{
	if (!results || !name || !content)
		return NULL;
	json_t *report = element_new();
	text_set(report, "name", name);
	text_set(report, "content", content);
	text_set(report, "distribution", DISTRIBUTION_INHERIT);
	text_set(report, "sharing_group_id", SHARING_GROUP_NONE);
	return list_add(results, "EventReport", report);
}

void misp_tag(json_t *attribute, const char *name, const char *colour)
{
	if (!attribute || !name || !*name)
		return;
	json_t *tag = json_object();
	text_set(tag, "name", name);
	text_set(tag, "colour", colour);
	list_add(attribute, "Tag", tag);
}

void misp_add_tag(json_t *results, const char *name, const char *colour)
{
	misp_tag(results, name, colour);
}
