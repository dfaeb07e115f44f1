/*
 * csv_header.h: what the columns of a CSV file are.
 */
#ifndef MODULES_CSV_HEADER_H
#define MODULES_CSV_HEADER_H

#include "csv_reader.h"

/* What a column holds of an attribute; or its value, and its type is the
 * column's name. */
enum csv_role {
	CSV_SKIPPED,
	CSV_UUID,
	CSV_CATEGORY,
	CSV_TYPE,
	CSV_VALUE,
	CSV_COMMENT,
	CSV_TO_IDS,
	CSV_DATE,
	CSV_RELATION,
	CSV_TAGS,
	CSV_OBJECT_UUID,
	CSV_OBJECT_ID,
	CSV_OBJECT_NAME,
	CSV_OBJECT_CATEGORY,
	CSV_ATTRIBUTE,
	CSV_ROLES, /* how many there are */
};

struct csv_column {
	const char *name;
	enum csv_role role;
};

struct csv_header {
	struct csv_column columns[CSV_FIELDS_MOST];
	size_t count;
	bool has[CSV_ROLES];
	bool typed; /* by the user, not in the file */
};

/*
 * The header: what the user typed, with commas, unless that is blank; else the
 * file's next row. in_file: it has one, which is skipped if it is not used.
 * Lives as long as the query; NULL after misp_fail.
 */
const struct csv_header *csv_header_of(struct misp_query *query,
				       struct csv_reader *reader,
				       const char *typed, bool in_file);

/* Whether it is the one of MISP's own exports, all of it. */
bool csv_header_is_export(const struct csv_header *header);

#endif
