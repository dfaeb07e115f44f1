/*
 * rows.c: results in the simple format: rows of types and values.
 */
#include "query.h"
#include "text.h"

#include <string.h>

json_t *misp_rows(void)
{
	return json_array();
}

static void row_add(json_t *row, const char *member, const char *text)
{
	if (row && text && *text)
		list_add(row, member, misp_string(text, strlen(text)));
}

json_t *misp_row(json_t *rows, const char *const *types, const char *value)
{
	json_t *row = json_object();
	for (; types && *types; types++)
		row_add(row, "types", *types);
	row_add(row, "values", value);
	/* A row without a value says nothing. */
	if (json_array_size(json_object_get(row, "values")) > 0 &&
	    json_array_append(rows, row) == 0) {
		/* rows holds it now: what is returned is borrowed. */
		json_decref(row);
		return row;
	}
	json_decref(row);
	return NULL;
}

void misp_row_value(json_t *row, const char *value)
{
	row_add(row, "values", value);
}

void misp_row_category(json_t *row, const char *category)
{
	row_add(row, "categories", category);
}

void misp_row_tag(json_t *row, const char *name)
{
	row_add(row, "tags", name);
}

void misp_hand_over(struct misp_query *query, json_t *rows)
{
	if (query->hand_over && json_array_size(rows) > 0)
		query->hand_over(query->hand_over_context, rows);
}
