/* good_echo: a module that answers with the value it was asked about, and
 * with its settings if they are set. */
#include "misp-module.h"

static json_t *good_echo_query(struct misp_query *query)
{
	const char *type;
	const char *value = misp_input(query, &type);
	const char *greeting = misp_setting(query, "greeting");
	json_t *rows = misp_rows();

	if (!value) {
		json_decref(rows);
		return misp_fail(query, "Nothing to echo");
	}
	misp_row(rows, MISP_TYPES("text"), value);
	if (greeting)
		misp_row(rows, MISP_TYPES("comment"), greeting);
	return rows;
}

MISP_MODULE(good_echo, .types = MISP_EXPANSION | MISP_HOVER,
	    .description = "Says what it hears",
	    .input = MISP_LIST("text", "ip-src", "attachment"),
	    .output = MISP_LIST("text", "comment"),
	    .settings = MISP_SETTINGS(
		{.name = "greeting",
		 .description = "what else to say",
		 .value = "hello"},
		{.name = "apikey", .description = "a secret that is not used"}),
	    .query = good_echo_query);
