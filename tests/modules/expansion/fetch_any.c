/*
 * fetch_any.c: for the tests: fetches any URL.
 */
#include "misp-module.h"

static const struct misp_service page = {.name = "the page"};

static json_t *fetch_any_query(struct misp_query *query)
{
	struct misp_http *http = misp_http(query, &page);
	misp_http_url(http, misp_value(query, "text"));
	misp_http_header(http, "X-Key", misp_setting(query, "apikey"));
	const struct misp_reply *reply = misp_http_fetch(http);
	if (!reply)
		return NULL;
	json_t *rows = misp_rows();
	misp_row(rows, MISP_TYPES("text"),
		 misp_text(query, "%d %zu %.40s", reply->status, reply->size,
			   (const char *)reply->bytes));
	return rows;
}

MISP_MODULE(fetch_any, .types = MISP_EXPANSION | MISP_HOVER,
	    .query = fetch_any_query, .description = "Fetches any URL.",
	    .input = MISP_LIST("text"), .output = MISP_LIST("text"),
	    .settings = MISP_SETTINGS({"apikey", "sent along", NULL}),
	    .any_host = true);
