/* bad_rubbish: a module that misbehaves: what it returns is no result. The
 * value of the query says which kind of rubbish. */
#include "misp-module.h"

#include <string.h>

static json_t *text(void)
{
	return json_string("Error: of my own making");
}

static json_t *number(void)
{
	return json_integer(42);
}

static json_t *list_of_numbers(void)
{
	return json_pack("[i,i]", 1, 2);
}

static json_t *unknown_type(void)
{
	json_t *rows = misp_rows();

	misp_row(rows, MISP_TYPES("no-such-type"), "x");
	misp_row(rows, MISP_TYPES("text"), "kept");
	return rows;
}

static json_t *nested_value(void)
{
	json_t *rows = misp_rows();
	json_t *row = misp_row(rows, MISP_TYPES("text"), "kept");

	misp_set(row, "comment", json_pack("{s:[i]}", "not", 1));
	misp_set(misp_row(rows, MISP_TYPES("text"), "x"), "values",
		 json_pack("[{s:s}]", "an", "object"));
	return rows;
}

static json_t *invalid_utf8(void)
{
	json_t *rows = misp_rows();
	json_t *row = misp_row(rows, MISP_TYPES("text"), "x");

	misp_set(row, "values", json_stringn_nocheck("\xff\xfe\xc0", 3));
	misp_row(rows, MISP_TYPES("text"), "kept");
	return rows;
}

static json_t *nothing(void)
{
	return json_object();
}

static const struct {
	const char *name;
	json_t *(*make)(void);
} kinds[] = {
    {"text", text},
    {"number", number},
    {"list_of_numbers", list_of_numbers},
    {"unknown_type", unknown_type},
    {"nested_value", nested_value},
    {"invalid_utf8", invalid_utf8},
    {"nothing", nothing},
};

static json_t *bad_rubbish_query(struct misp_query *query)
{
	const char *value = misp_value(query, "text");

	for (size_t i = 0; value && i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(kinds[i].name, value) == 0)
			return kinds[i].make();
	return misp_fail(query, "No such rubbish");
}

MISP_MODULE(bad_rubbish, .types = MISP_EXPANSION, .description = "Misbehaves",
	    .input = MISP_LIST("text"), .output = MISP_LIST("text"),
	    .query = bad_rubbish_query);
