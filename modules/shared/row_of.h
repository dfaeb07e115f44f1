/*
 * row_of.h: one row with all the values that are at a path in JSON, where
 * misp_map_rows makes a row of each.
 */
#ifndef MODULES_ROW_OF_H
#define MODULES_ROW_OF_H

#include "misp-module.h"

#include <string.h>

/* The row that was added to rows, borrowed; NULL when there is no value. With
 * a length that is not 0 only values of that length are taken. */
static inline json_t *row_of(struct misp_query *query, json_t *rows,
			     const char *const *types, const json_t *json,
			     const char *path, size_t length)
{
	const struct misp_mapping mapping[] = {{path, "text"}, {0}};
	json_t *values = misp_keep(query, misp_rows());
	json_t *row = NULL;
	misp_map_rows(query, values, json, mapping);
	for (size_t i = 0; i < json_array_size(values); i++) {
		const char *value =
		    misp_text_at(query, json_array_get(values, i), "values.0");
		if (!value || (length > 0 && strlen(value) != length))
			continue;
		if (row)
			misp_row_value(row, value);
		else
			row = misp_row(rows, types, value);
	}
	return row;
}

#endif
