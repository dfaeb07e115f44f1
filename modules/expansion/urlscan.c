/*
 * urlscan.c: has urlscan.io visit a page, and tells what it saw there.
 */
#include "urlscan_result.h"

#include <time.h>

/* Between two questions, which urlscan.io wants no closer together; and what
 * the last answer may take. Milliseconds. */
#define PAUSE 2000
#define ANSWER 500

#define STATUS_NOT_YET 404

static const struct misp_service urlscan_service = {
    .name = "urlscan.io",
    .url = "https://urlscan.io/api/v1",
};

/* The work for one query. */
struct urlscan {
	struct misp_query *query;
	const char *key;
	const char *value;
};

static struct misp_http *request(const struct urlscan *scan)
{
	struct misp_http *http = misp_http(scan->query, &urlscan_service);
	misp_http_header(http, "API-Key", scan->key);
	return http;
}

/* What urlscan.io says of the scan it has begun; NULL after misp_fail. */
static json_t *start(const struct urlscan *scan)
{
	struct misp_http *http = request(scan);
	misp_http_path(http, "scan");
	misp_http_slash(http);
	misp_http_json(http, json_pack("{s:s}", "url", scan->value));
	return misp_http_fetch_json(http);
}

/* Never more than half of what is left, so that a short deadline also leaves
 * time to look. */
static void pause_before(long left)
{
	long milliseconds = left / 2 < PAUSE ? left / 2 : PAUSE;
	struct timespec time = {milliseconds / 1000,
				milliseconds % 1000 * 1000000};
	nanosleep(&time, NULL);
}

/* The result, once it is there; NULL after misp_fail. */
static json_t *wait_for(const struct urlscan *scan, const char *id,
			const char *page)
{
	long left = 0;
	while ((left = misp_remaining(scan->query)) > ANSWER) {
		pause_before(left);
		struct misp_http *http = request(scan);
		misp_http_path(http, "result", id);
		const struct misp_reply *reply = misp_http_send(http);
		if (!reply)
			return NULL;
		if (reply->status == STATUS_NOT_YET)
			continue;
		if (reply->status < 200 || reply->status > 299)
			return misp_http_fail(http, reply);
		json_t *result = misp_reply_json(scan->query, reply);
		return json_is_object(result)
			   ? result
			   : misp_fail(scan->query, "urlscan.io sent something "
						    "else than a result");
	}
	return misp_fail(scan->query,
			 "urlscan.io has not finished the scan in time; look "
			 "at %s later",
			 page);
}

static json_t *urlscan_query(struct misp_query *query)
{
	struct urlscan scan = {query};
	scan.key =
	    misp_setting_or(query, "apikey", "Urlscan apikey is missing");
	if (!scan.key)
		return NULL;
	scan.value = misp_input(query, NULL);
	if (!scan.value)
		return misp_fail(query, "Unsupported attributes type");
	const json_t *started = start(&scan);
	const char *id = misp_text_at(query, started, "uuid");
	if (!id || !*id)
		return misp_fail(query, "urlscan.io has not begun a scan");
	const char *page = misp_text_at(query, started, "result");
	if (!page)
		page = misp_text(query, "https://urlscan.io/result/%s/", id);
	const json_t *result = wait_for(&scan, id, page);
	return result ? urlscan_rows(query, scan.value, result) : NULL;
}

MISP_MODULE(
    urlscan, .types = MISP_EXPANSION, .query = urlscan_query,
    .title = "URLScan Lookup", .version = "0.1",
    .author = "MISP modules FastCGI server",
    .description = "Has urlscan.io visit a page and tells what it saw there.",
    .logo = "urlscan.jpg",
    .features = "A scan takes ten seconds and more: set this module's timeout "
		"in MISP to 60. When it has not finished by then, the answer "
		"says where its result will be.",
    .input_text = "A host name, domain, IP address or URL.",
    .output_text = "The page's domain, address and AS, its title and server, "
		   "threats, and links to the result and its screenshot.",
    .references = MISP_LIST("https://urlscan.io/",
			    "https://urlscan.io/docs/api/"),
    .input = MISP_LIST("hostname", "domain", "ip-src", "ip-dst", "url"),
    .output = MISP_LIST("hostname", "domain", "ip-src", "ip-dst", "url", "text",
			"link", "hash"),
    .settings = MISP_SETTINGS({"apikey", "API key of urlscan.io", NULL}),
    .services = MISP_SERVICES(&urlscan_service));
