/*
 * fetch_service.c: for the tests: asks a service of its own for a path.
 */
#include "misp-module.h"

static const struct misp_service service = {
    .name = "The Service",
    .url = "https://service.example.test/api",
    .url_setting = "url",
    .failures = MISP_FAILURES({404, "Nothing there"}),
};

static json_t *fetch_service_query(struct misp_query *query)
{
	struct misp_http *http = misp_http(query, &service);
	misp_http_path(http, misp_value(query, "text"));
	misp_http_header(http, "X-Key", misp_setting(query, "apikey"));
	if (misp_setting(query, "form"))
		misp_http_field(http, "form", misp_setting(query, "form"));
	json_t *json = misp_http_fetch_json(http);
	if (!json)
		return NULL;
	json_t *rows = misp_rows();
	misp_row(rows, MISP_TYPES("text"), misp_text_at(query, json, "word"));
	return rows;
}

MISP_MODULE(fetch_service, .types = MISP_EXPANSION | MISP_HOVER,
	    .query = fetch_service_query, .description = "Asks a service.",
	    .input = MISP_LIST("text"), .output = MISP_LIST("text"),
	    .settings = MISP_SETTINGS({"apikey", "sent along", NULL},
				      {"url", "another service", NULL},
				      {"form", "a field to post", NULL}),
	    .services = MISP_SERVICES(&service),
	    .hosts = MISP_LIST("second.example.test", ".below.example.test"));
