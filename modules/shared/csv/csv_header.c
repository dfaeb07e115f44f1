/*
 * csv_header.c: what the columns of a CSV file are.
 */
#include "csv_header.h"

#include "python_text.h"

#include <stdlib.h>
#include <string.h>

#define BLANK " \t\r\n"
#define HEADER_MOST 65536 /* bytes of a header that the user typed */

/* Those of MISP's own CSV files, and what users leave a column out by. */
static const struct csv_column known_columns[] = {
    {"uuid", CSV_UUID},
    {"event_id", CSV_SKIPPED},
    {"category", CSV_CATEGORY},
    {"type", CSV_TYPE},
    {"value", CSV_VALUE},
    {"comment", CSV_COMMENT},
    {"to_ids", CSV_TO_IDS},
    {"date", CSV_DATE},
    {"object_relation", CSV_RELATION},
    {"attribute_tag", CSV_TAGS},
    {"object_uuid", CSV_OBJECT_UUID},
    {"object_name", CSV_OBJECT_NAME},
    {"object_meta_category", CSV_OBJECT_CATEGORY},
    {"event_info", CSV_SKIPPED},
    {"event_member_org", CSV_SKIPPED},
    {"event_source_org", CSV_SKIPPED},
    {"event_distribution", CSV_SKIPPED},
    {"event_threat_level_id", CSV_SKIPPED},
    {"event_analysis", CSV_SKIPPED},
    {"event_date", CSV_SKIPPED},
    {"event_tag", CSV_SKIPPED},
    {"event_timestamp", CSV_SKIPPED},
    {"object_id", CSV_OBJECT_ID},
    {"", CSV_SKIPPED},
    {"_", CSV_SKIPPED},
};

#define KNOWN_COUNT (sizeof(known_columns) / sizeof(*known_columns))
/* The first ones are those of an attribute, then come those of its event. */
#define EXPORT_COUNT 13
#define CONTEXT_COUNT 22

/* ---- The header ---- */

/* false after misp_fail. */
static bool header_add(struct misp_query *query, struct csv_header *header,
		       const char *name)
{
	struct csv_column column = {name, CSV_ROLES};
	for (size_t i = 0; i < KNOWN_COUNT; i++)
		if (strcmp(known_columns[i].name, name) == 0)
			column.role = known_columns[i].role;
	if (column.role == CSV_ROLES && misp_category_for(name, NULL))
		column.role = CSV_ATTRIBUTE;
	if (column.role == CSV_ROLES)
		misp_fail(query,
			  "Wrong header field: %s. Please use a header value "
			  "that can be recognized by MISP (or alternatively "
			  "skip it using a whitespace).",
			  name);
	else if (header->count == CSV_FIELDS_MOST)
		misp_fail(query, "The header has more than %d fields",
			  CSV_FIELDS_MOST);
	if (misp_failure(query))
		return false;
	header->columns[header->count++] = column;
	header->has[column.role] = true;
	return true;
}

/* As the user typed it: commas, whatever the file has. */
static bool header_typed(struct misp_query *query, struct csv_header *header,
			 const char *text)
{
	if (strlen(text) > HEADER_MOST) {
		misp_fail(query, "The header is too long");
		return false;
	}
	for (const char *at = text;; at++) {
		at += strspn(at, BLANK);
		size_t length = strcspn(at, ","), used = length;
		while (used > 0 && strchr(BLANK, at[used - 1]))
			used--;
		const char *name = misp_text(query, "%.*s", (int)used, at);
		if (!name || !header_add(query, header, name))
			return false;
		at += length;
		if (!*at)
			return true;
	}
}

/* The file's first row. */
static bool header_read(struct misp_query *query, struct csv_header *header,
			struct csv_reader *reader)
{
	if (!csv_next(query, reader)) {
		misp_fail(query, "The file has no header");
		return false;
	}
	for (size_t i = 0; i < reader->count; i++) {
		const char *name = misp_text(query, "%s", reader->fields[i]);
		if (!name || !header_add(query, header, name))
			return false;
	}
	return true;
}

/* "['ip-src', 'value']", or with the marks of Python's tuples. */
static const char *header_text(struct misp_query *query,
			       const struct csv_header *header, bool read)
{
	char *text = NULL;
	size_t size = 0;
	json_t *names = misp_keep(query, json_array());
	for (size_t i = 0; i < header->count; i++)
		json_array_append_new(names,
				      json_string(header->columns[i].name));
	FILE *out = names ? misp_text_file(query, &text, &size) : NULL;
	if (!out)
		return NULL;
	python_repr(out, names, HEADER_MOST);
	bool done = fclose(out) == 0;
	misp_defer(query, text, free);
	if (done && read) {
		text[0] = '(';
		text[strlen(text) - 1] = ')';
	}
	return done ? text : NULL;
}

static bool header_check(struct misp_query *query,
			 const struct csv_header *header, bool read)
{
	bool type = header->has[CSV_TYPE], value = header->has[CSV_VALUE];
	if (!header->has[CSV_ATTRIBUTE] && !type && !value)
		misp_fail(query,
			  "Please make sure the data you try to import can be "
			  "identified with a type/value combinaison.");
	else if (header->has[CSV_ATTRIBUTE] && (type || value))
		misp_fail(query,
			  "Error with the following header: %s. It contains "
			  "the following field(s): %s%s%s, which is(are) "
			  "already provided by the usage of at least on MISP "
			  "attribute type in the header.",
			  header_text(query, header, read), type ? "type" : "",
			  type && value ? "and" : "", value ? "value" : "");
	return !misp_failure(query);
}

bool csv_header_is_export(const struct csv_header *header)
{
	bool same =
	    header->count == EXPORT_COUNT || header->count == CONTEXT_COUNT;
	for (size_t i = 0; same && i < header->count; i++)
		same =
		    strcmp(header->columns[i].name, known_columns[i].name) == 0;
	return same;
}

const struct csv_header *csv_header_of(struct misp_query *query,
				       struct csv_reader *reader,
				       const char *text, bool in_file)
{
	struct csv_header *header = misp_alloc(query, sizeof(*header));
	bool is_typed = text && text[strspn(text, BLANK)];
	if (!header)
		return NULL;
	if (!is_typed && !in_file)
		return misp_fail(query,
				 "Configuration error. Provide a header or use "
				 "the one within the csv file and tick the "
				 "checkbox 'Has_header'.");
	if (is_typed ? !header_typed(query, header, text)
		     : !header_read(query, header, reader))
		return NULL;
	if (!header_check(query, header, !is_typed))
		return NULL;
	header->typed = is_typed;
	if (is_typed && in_file)
		csv_next(query, reader);
	return misp_failure(query) ? NULL : header;
}
