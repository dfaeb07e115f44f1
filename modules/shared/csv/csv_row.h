/*
 * csv_row.h: rows of a CSV file, as RFC 4180 has them.
 */
#ifndef MODULES_CSV_ROW_H
#define MODULES_CSV_ROW_H

#include "escape.h"

/* Writes a row; the fields are a list that ends with NULL. */
static inline void csv_row(FILE *out, const char *const *fields)
{
	static const struct escape quotes[] = {{'"', "\"\""}, {0}};
	for (size_t i = 0; fields[i]; i++) {
		/* Quotes where they are needed: programs that compare files
		 * expect no others. */
		const char *quote = strpbrk(fields[i], ",\"\r\n") ? "\"" : "";
		fprintf(out, "%s%s", i > 0 ? "," : "", quote);
		escape_write(out, fields[i], quotes);
		fputs(quote, out);
	}
	fputs("\r\n", out);
}

#endif
