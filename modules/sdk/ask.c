/*
 * ask.c: what a query asks: its values, its attribute, its parameters.
 */
#include "query.h"

#include "text.h"

#include <string.h>
#include <uuid/uuid.h>

#define NO_ATTRIBUTE                                                          \
	"This module requires an \"attribute\" field as input, which should " \
	"contain at least a type, a value and an uuid."

#define FILENAME_TYPE "malware-sample" /* a file's name and its md5 */

json_t *misp_request(struct misp_query *query)
{
	return query->request;
}

/* The value of the attribute in the standard format, if it has this type. */
static const char *attribute_value(struct misp_query *query, const char *type)
{
	const json_t *attribute = json_object_get(query->request, "attribute");
	const char *own = json_string_value(json_object_get(attribute, "type"));
	if (!own || strcmp(own, type) != 0)
		return NULL;
	return text_of(query, json_object_get(attribute, "value"));
}

/* The first value among types; *index is where in types it was. */
static const char *value_among(struct misp_query *query,
			       const char *const *types, size_t *index)
{
	for (size_t i = 0; types && types[i]; i++) {
		const char *value =
		    text_of(query, json_object_get(query->request, types[i]));
		if (!value)
			value = attribute_value(query, types[i]);
		if (value) {
			*index = i;
			return value;
		}
	}
	return NULL;
}

const char *misp_value_of(struct misp_query *query, const char *const *types)
{
	size_t index = 0;
	return value_among(query, types, &index);
}

const char *misp_input(struct misp_query *query, const char **type)
{
	size_t index = 0;
	const char *value = value_among(query, query->module->input, &index);
	if (value && type)
		*type = query->module->input[index];
	return value;
}

/* All composite types of MISP have two parts. */
const char *misp_part(struct misp_query *query, const char *value,
		      unsigned index)
{
	if (!value || index > 1)
		return NULL;
	const char *bar = strchr(value, '|');
	if (index == 1)
		return bar ? bar + 1 : NULL;
	return bar ? misp_text(query, "%.*s", (int)(bar - value), value)
		   : value;
}

const struct misp_attribute *misp_attribute(struct misp_query *query)
{
	json_t *json = json_object_get(query->request, "attribute");
	const json_t *type = json_object_get(json, "type");
	const json_t *uuid = json_object_get(json, "uuid");
	struct misp_attribute attribute = {
	    .type = json_is_string(type) ? text_of(query, type) : NULL,
	    .value = text_of(query, json_object_get(json, "value")),
	    .uuid = json_string_value(uuid),
	    .json = json,
	};
	uuid_t parsed;
	if (!attribute.type || !attribute.value || !attribute.uuid ||
	    uuid_parse(attribute.uuid, parsed) != 0)
		return misp_fail(query, NO_ATTRIBUTE);
	query->attribute = attribute;
	return &query->attribute;
}

const struct misp_attribute *misp_attribute_or(struct misp_query *query,
					       const char *unsupported)
{
	const struct misp_attribute *attribute = misp_attribute(query);
	if (attribute && !misp_accepts(query, attribute->type))
		return misp_fail(query, "%s", unsupported);
	return attribute;
}

bool misp_accepts(const struct misp_query *query, const char *type)
{
	const char *const *input = query->module->input;
	for (size_t i = 0; type && input && input[i]; i++)
		if (strcmp(input[i], type) == 0)
			return true;
	return false;
}

const char *misp_filename(struct misp_query *query)
{
	const char *name =
	    text_of(query, json_object_get(query->request, "filename"));
	if (!name)
		name = misp_value(query, "attachment");
	if (!name)
		name = misp_part(query, misp_value(query, FILENAME_TYPE), 0);
	return name;
}

const char *misp_parameter(struct misp_query *query, const char *name)
{
	const json_t *params = json_object_get(query->request, "params");
	return text_of(query, json_object_get(params, name));
}
