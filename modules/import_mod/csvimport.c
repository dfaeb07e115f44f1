/*
 * csvimport.c: a CSV file as attributes and objects. A header says of each
 * column which field of an attribute it is, or of which type its values are.
 */
#include "csv/csv_attributes.h"

#include <string.h>

/* What is between the fields: a comma, or what the user typed; "\\t", as the
 * import page writes it, is a tab. */
static const char *delimiter_of(struct misp_query *query)
{
	const char *typed = misp_option(query, "special_delimiter");
	if (!typed)
		return ",";
	const char *start = typed + strspn(typed, " \r\n");
	size_t length = strlen(start);
	while (length > 0 && strchr(" \r\n", start[length - 1]))
		length--;
	if (length == 0)
		return ",";
	const char *text = misp_text(query, "%.*s", (int)length, start);
	return text && strcmp(text, "\\t") == 0 ? "\t" : text;
}

static bool read_all(struct csv_attributes *import, struct csv_reader *reader)
{
	while (csv_next(import->query, reader))
		if (!csv_attributes_add(import, reader))
			return false;
	/* A row that cannot be imported is told before what its header lacks.
	 */
	return !misp_failure(import->query) && csv_attributes_check(import);
}

static json_t *csvimport_query(struct misp_query *query)
{
	size_t size = 0;
	const json_t *data = json_object_get(misp_request(query), "data");
	if (json_string_length(data) == 0)
		return misp_fail(query, "Unsupported attributes type");
	const unsigned char *bytes = misp_file(query, &size);
	const char *delimiter = bytes ? delimiter_of(query) : NULL;
	struct csv_reader *reader = misp_alloc(query, sizeof(*reader));
	if (!delimiter || !reader ||
	    !csv_open(query, reader, bytes, size, delimiter))
		return NULL;
	const struct csv_header *header =
	    csv_header_of(query, reader, misp_option(query, "header"),
			  misp_option_true(query, "has_header"));
	if (!header)
		return NULL;
	struct csv_attributes import = {
	    .query = query,
	    .header = header,
	    .results = misp_standard(),
	    .objects = misp_keep(query, json_object()),
	    .quoted_twice = header->typed && csv_header_is_export(header),
	};
	if (read_all(&import, reader))
		return misp_finish(query, import.results);
	json_decref(import.results);
	return NULL;
}

MISP_MODULE(
    csvimport, .types = MISP_IMPORT, .format = MISP_STANDARD,
    .query = csvimport_query, .title = "CSV Import", .version = "0.2",
    .author = "MISP modules FastCGI server",
    .description = "Imports attributes and objects from a CSV file.",
    .features =
	"A header says what each column is: a field of an attribute (type, "
	"value, category, comment, to_ids, uuid, attribute_tag, ...), "
	"as in MISP's own CSV files, or an attribute type, whose values the "
	"column has. It is the file's first row, if the box has_header is "
	"ticked, or is typed with commas. A column whose name is a space, "
	"nothing or _ is skipped, and so are empty cells and rows that begin "
	"with #. With object_id or object_uuid, object_name and "
	"object_relation, rows become objects.",
    .input_text = "A CSV file.", .output_text = "Attributes and objects.",
    .references = MISP_LIST("https://www.rfc-editor.org/rfc/rfc4180",
			    "https://www.rfc-editor.org/rfc/rfc7111"),
    .input_source = MISP_LIST("file"), .caged = true,
    .options = MISP_OPTIONS(
	{.name = "header",
	 .type = MISP_STRING,
	 .message = "The header, with commas between its fields: MISP "
		    "attribute types, or fields of attributes. A space or "
		    "nothing skips a column, as in: ip-src,domain, ,comment"},
	{.name = "has_header",
	 .type = MISP_BOOLEAN,
	 .message = "Tick this box only if the file has a header line that "
		    "does not begin with # (and, unless a header is given "
		    "above, consists of such fields)."},
	{.name = "special_delimiter",
	 .type = MISP_STRING,
	 .message = "What is between the fields, if it is no comma: \";\", "
		    "\"|\", \"/\", \"\\t\" for tabs."}));
