/*
 * dnsdb.c: asking DNSDB; see dnsdb.h.
 */
#include "dnsdb.h"

#include <string.h>
#include <time.h>

#define LIMIT_DEFAULT 10

/* When the attribute was first seen, in seconds; NULL when nobody says. */
static const char *first_seen(struct misp_query *query, const json_t *attribute)
{
	struct tm when = {0};
	const char *text =
	    misp_time_of(query, misp_text_at(query, attribute, "first_seen"));
	const char *zone =
	    text ? strptime(text, "%Y-%m-%dT%H:%M:%S", &when) : NULL;
	if (!zone)
		return NULL;
	strptime(zone + strspn(zone, ".0123456789"), "%z", &when);
	long east = when.tm_gmtoff;
	return misp_text(query, "%lld", (long long)timegm(&when) - east);
}

static void set_up(struct misp_query *query, struct misp_http *http,
		   const json_t *attribute)
{
	long limit = misp_setting_number(query, "limit", LIMIT_DEFAULT);
	if (limit < 1 || limit > MISP_LIST_MAX)
		limit = MISP_LIST_MAX;
	misp_http_parameter(http, "swclient", "misp-modules");
	misp_http_parameter(http, "limit", misp_text(query, "%ld", limit));
	misp_http_parameter(http, "humantime", "true");
	misp_http_parameter(http, "time_first_after",
			    first_seen(query, attribute));
	misp_http_header(http, "Accept", "application/x-ndjson");
	misp_http_header(http, "X-API-Key", misp_setting(query, "apikey"));
}

/* Adds the records among an answer's lines, which are wrapped (DNSDB calls it
 * Streaming API Framing), to a list. False after misp_fail. */
static bool unwrap(struct misp_query *query, const json_t *lines,
		   json_t *records)
{
	size_t i;
	json_t *line;
	json_array_foreach (lines, i, line) {
		const char *state = json_string_value(misp_at(line, "cond"));
		const char *words = json_string_value(misp_at(line, "msg"));
		json_t *record = misp_at(line, "obj");
		if (json_is_object(record) &&
		    json_array_size(records) < MISP_LIST_MAX)
			json_array_append(records, record);
		if (state && strcmp(state, "failed") == 0)
			return misp_fail(query, "%s",
					 words ? words : "The query failed");
		if (state && (strcmp(state, "succeeded") == 0 ||
			      strcmp(state, "limited") == 0))
			return true;
	}
	return misp_fail(query, "DNSDB broke its answer off, so that it is not "
				"complete");
}

json_t *dnsdb_records(struct misp_query *query,
		      const struct misp_service *service,
		      const json_t *attribute, const char *const *segments)
{
	json_t *records = misp_keep(query, json_array());
	struct misp_http *http = misp_http(query, service);
	misp_http_path(http, "dnsdb", "v2");
	misp_http_path_of(http, segments);
	set_up(query, http, attribute);
	const json_t *lines = misp_http_fetch_lines(http);
	if (!lines || !records || !unwrap(query, lines, records))
		return NULL;
	return records;
}
