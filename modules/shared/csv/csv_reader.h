/*
 * csv_reader.h: the rows of a CSV file (RFC 4180, and what is sloppier).
 *
 * Not by libcsv: there, text behind a closing quote ("a" ,b) takes the rows
 * that follow into the field, and a delimiter is one byte. Here such text goes
 * on as a field without quotes, as for Python's csv and for spreadsheets.
 */
#ifndef MODULES_CSV_READER_H
#define MODULES_CSV_READER_H

#include "misp-module.h"

#define CSV_FIELDS_MOST 1000
/* Bytes of a row: a quote that is left open ends here. */
#define CSV_ROW_MOST (1 << 20)

struct csv_reader {
	const char *at;
	const char *end;
	const char *delimiter;
	size_t delimiter_length;
	size_t line; /* where the row that was read last begins, from 1 */
	size_t next; /* the line that reading has come to */

	/* The row: fields without white space around them. */
	size_t count;
	const char *fields[CSV_FIELDS_MOST];
	char *bytes;
	size_t used;
};

/* Begins to read; false after misp_fail, for what is no UTF-8. delimiter is
 * borrowed. */
bool csv_open(struct misp_query *query, struct csv_reader *reader,
	      const void *bytes, size_t size, const char *delimiter);

/* Reads the next row that is neither empty nor begins with '#'; its fields
 * live until the next one. False when there is none, and after misp_fail. */
bool csv_next(struct misp_query *query, struct csv_reader *reader);

/* A field of the row, or "" when the row is shorter. */
const char *csv_field(const struct csv_reader *reader, size_t index);

#endif
