/*
 * eql.c: a query in Endgame's Event Query Language for an attribute.
 */
#include "eql.h"

static json_t *eql_query(struct misp_query *query)
{
	const char *type = NULL;
	const char *value = misp_input(query, &type);
	const struct eql_field *field = value ? eql_field_of(type) : NULL;
	if (!field)
		return misp_fail(query, "Unsupported attributes type");
	const char *condition = eql_condition(query, field, value);
	if (!condition)
		return NULL;
	json_t *rows = misp_rows();
	json_t *row =
	    misp_row(rows, MISP_TYPES("comment"),
		     misp_text(query, "%s where %s", field->event, condition));
	misp_row_category(row, "External analysis");
	misp_comment(row, "Event EQL queries");
	return rows;
}

MISP_MODULE(eql, .types = MISP_EXPANSION, .query = eql_query,
	    .title = "EQL Query Generator", .version = "1.0",
	    .author = "MISP modules FastCGI server",
	    .description = "Writes the query in Endgame's Event Query Language "
			   "that finds a file name or an IP address.",
	    .logo = "eql.png",
	    .features = "The query is added as a comment. Characters of the "
			"value that mean something to EQL are escaped.",
	    .input_text = "A file name or an IP address.",
	    .output_text = "An EQL query for events of files or of the "
			   "network, as a comment.",
	    .references = MISP_LIST("https://eql.readthedocs.io/en/latest/"),
	    /* Of several, the first of these is taken. */
	    .input = MISP_LIST("filename", "ip-dst", "ip-src"),
	    .output = MISP_LIST("comment"));
