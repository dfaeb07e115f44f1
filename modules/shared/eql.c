/*
 * eql.c: attributes as conditions of Endgame's Event Query Language.
 */
#include "eql.h"

#include "escape.h"

#include <string.h>

static const struct eql_field eql_fields[] = {
    {"filename", "file", "file_name"},
    {"ip-dst", "network", "destination_address"},
    {"ip-src", "network", "source_address"},
    {0},
};

static const struct escape eql_escapes[] = {
    {'"', "\\\""}, {'\\', "\\\\"}, {'\n', "\\n"},
    {'\r', "\\r"}, {'\t', "\\t"},  {0},
};

const struct eql_field *eql_field_of(const char *type)
{
	const struct eql_field *field = eql_fields;
	while (field->type && strcmp(field->type, type) != 0)
		field++;
	return field->type ? field : NULL;
}

const char *eql_condition(struct misp_query *query,
			  const struct eql_field *field, const char *value)
{
	const char *escaped = escape_text(query, value, eql_escapes);
	return escaped ? misp_text(query, "%s == \"%s\"", field->field, escaped)
		       : NULL;
}
