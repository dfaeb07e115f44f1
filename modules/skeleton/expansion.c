/*
 * skeleton.c: what the module does, in one sentence.
 *
 * A module that needs a library says so here, as yara_query.c does: make then
 * links it, and leaves the module out where the library is missing.
 */
#include "misp-module.h"

#include <string.h>

static json_t *skeleton_query(struct misp_query *query)
{
	const char *domain = misp_value(query, "domain", "hostname");
	if (!domain)
		return misp_fail(query, "Wrong input type, please choose in "
					"the following: domain, hostname");
	const char *prefix = misp_setting(query, "prefix");

	/* Here the module finds out about the domain. When it cannot, it says
	 * why: return misp_fail(query, "No data about this domain"); */
	json_t *rows = misp_rows();
	json_t *row = misp_row(
	    rows, MISP_TYPES("text"),
	    misp_text(query, "%s has %zu characters", domain, strlen(domain)));
	if (prefix)
		misp_comment(row, "%s skeleton", prefix);
	return rows;
}

MISP_MODULE(skeleton, .types = MISP_EXPANSION | MISP_HOVER,
	    .query = skeleton_query, .title = "skeleton", .version = "1.0",
	    .author = "Your name",
	    .description = "Counts the characters of a domain.",
	    .input_text = "A domain or host name.",
	    .output_text = "A text about it.",
	    .input = MISP_LIST("domain", "hostname"),
	    .output = MISP_LIST("text"),
	    .settings = MISP_SETTINGS({"prefix",
				       "Begins the comment of each "
				       "result",
				       NULL}));
