/*
 * csv_attributes.h: the rows of a CSV file as attributes and objects, by a
 * header that says what each column is.
 */
#ifndef MODULES_CSV_ATTRIBUTES_H
#define MODULES_CSV_ATTRIBUTES_H

#include "csv_header.h"

struct csv_attributes {
	struct misp_query *query;
	const struct csv_header *header;
	json_t *results;
	json_t *objects;   /* by their id in the file */
	size_t count;      /* of attributes and tags */
	bool quoted_twice; /* quotes around a cell are not its own */
};

/* Whether the header says all that objects need, if it speaks of them; false
 * after misp_fail. */
bool csv_attributes_check(struct csv_attributes *import);

/* Adds what a row says; false after misp_fail. */
bool csv_attributes_add(struct csv_attributes *import,
			const struct csv_reader *row);

#endif
