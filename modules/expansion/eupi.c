/*
 * eupi.c: what Phishing Initiative knows of a domain or URL.
 */
#include "title_case.h"

#include <string.h>

#define MISSING "EUPI authentication is missing"

static const struct misp_service eupi_service = {
    .name = "Phishing Initiative",
    .url = "https://phishing-initiative.fr",
    .url_setting = "url",
};

/* The results of a search or a lookup; NULL after misp_fail. */
static json_t *eupi_ask(struct misp_query *query, bool lookup,
			const char *value)
{
	const char *key = misp_setting_or(query, "apikey", MISSING);
	if (!key || !misp_setting_or(query, "url", MISSING))
		return NULL;
	struct misp_http *http = misp_http(query, &eupi_service);
	misp_http_path(http, "api", "v1", "urls");
	if (lookup)
		misp_http_path(http, "lookup");
	misp_http_slash(http);
	misp_http_parameter(http, "url", value);
	misp_http_header(http, "Authorization",
			 misp_text(query, "Token %s", key));
	json_t *reply = misp_http_fetch_json(http);
	json_t *results = misp_at(reply, "results");
	if (reply && !json_is_array(results))
		return misp_fail(query, "Error in EUPI lookup");
	return reply ? results : NULL;
}

/* All phishing pages that were found, one behind the other. */
static const char *eupi_pages(struct misp_query *query, const json_t *results)
{
	const char *text = NULL;
	size_t i;
	const json_t *result;
	json_array_foreach (results, i, result) {
		const char *tag = misp_text_at(query, result, "tag_label");
		if (!tag || strcmp(tag, "phishing") != 0 ||
		    !misp_text_at(query, result, "url"))
			continue;
		const char *parts[] = {
		    misp_text_at(query, result, "url"),
		    misp_text_at(query, result, "domain"),
		    misp_text_at(query, result, "ip_address")};
		misp_append(query, &text, "",
			    misp_text(query, " %s %s %s ", parts[0],
				      parts[1] ? parts[1] : "",
				      parts[2] ? parts[2] : ""));
	}
	return text;
}

static json_t *eupi_query(struct misp_query *query)
{
	const char *value = misp_value(query, "hostname", "domain", "url");
	if (!value)
		return misp_fail(query, "Unsupported attributes type");
	bool hover = !json_object_get(misp_request(query), "event_id");
	json_t *results = eupi_ask(query, hover, value);
	if (!results)
		return NULL;
	const char *text =
	    hover
		? title_case(query, misp_text_at(query, results, "0.tag_label"))
		: eupi_pages(query, results);
	if (!text || !*text)
		return misp_fail(query, "%s",
				 hover ? "Error in EUPI lookup"
				       : "Unknown in the EUPI service");
	json_t *rows = misp_rows();
	misp_row(rows, MISP_TYPES("freetext"), text);
	return rows;
}

MISP_MODULE(eupi, .types = MISP_EXPANSION | MISP_HOVER, .query = eupi_query,
	    .title = "EUPI Lookup", .version = "0.1",
	    .author = "MISP modules FastCGI server",
	    .description = "Asks Phishing Initiative about a domain or URL.",
	    .features =
		"A hover tells what kind of page it is; an expansion gives the "
		"phishing pages that are known there.",
	    .input_text = "A domain, host name or URL.",
	    .output_text = "What the service knows of it, as free text.",
	    .references = MISP_LIST("https://phishing-initiative.eu/"),
	    .input = MISP_LIST("hostname", "domain", "url"),
	    .output = MISP_LIST("freetext"),
	    .settings = MISP_SETTINGS({"apikey", "Key of the API", NULL},
				      {"url", "URL of the service", NULL}),
	    .services = MISP_SERVICES(&eupi_service));
