/*
 * virustotal_api.c: asking the API of VirusTotal (version 3).
 *
 * pkg-config: libcrypto (libssl-dev)
 */
#include "virustotal_api.h"

#include <openssl/evp.h>
#include <string.h>
#include <strings.h>

#define RELATED_DEFAULT 10
#define PAGE_MAX 40 /* VirusTotal gives no longer ones */

#define STATUS_FORBIDDEN 403
#define STATUS_QUOTA 429

#define URL_MAX (1 << 20) /* what is longer is no URL */

bool virustotal_check_key(struct misp_query *query)
{
	return misp_setting_or(query, "apikey",
			       "A VirusTotal api key is required for this "
			       "module.");
}

bool virustotal_check_proxy(struct misp_query *query)
{
	if (!misp_setting(query, "proxy_host"))
		return true;
	if (!misp_setting(query, "proxy_port"))
		misp_fail(query, "The virustotal_proxy_host config is set, "
				 "please also set the virustotal_proxy_port.");
	else if (misp_setting(query, "proxy_username") &&
		 !misp_setting(query, "proxy_password"))
		misp_fail(query, "The virustotal_proxy_username config is set, "
				 "please also set the "
				 "virustotal_proxy_password.");
	return !misp_failure(query);
}

/* Base64 with the letters of URLs, without padding. */
const char *virustotal_url_id(struct misp_query *query, const char *url)
{
	size_t length = strnlen(url, URL_MAX);
	unsigned char *id = misp_alloc(query, (length + 2) / 3 * 4 + 1);
	if (!id)
		return NULL;
	EVP_EncodeBlock(id, (const unsigned char *)url, (int)length);
	char *text = (char *)id;
	for (char *at = text; (at = strchr(at, '+'));)
		*at = '-';
	for (char *at = text; (at = strchr(at, '/'));)
		*at = '_';
	text[strcspn(text, "=")] = '\0';
	return text;
}

/* "proxy.example" of "http://proxy.example/"; another scheme stays. */
static const char *proxy_host(struct misp_query *query)
{
	const char *url = misp_setting(query, "proxy_host");
	const char *host = url ? strstr(url, "://") : NULL;
	if (!host)
		return url;
	host += strlen("://");
	bool plain = strncasecmp(url, "http://", strlen("http://")) == 0;
	return misp_text(query, "%.*s%.*s", plain ? 0 : (int)(host - url), url,
			 (int)strcspn(host, "/"), host);
}

void virustotal_use_proxy(struct misp_query *query, struct misp_http *http)
{
	misp_http_proxy(http, proxy_host(query),
			misp_setting(query, "proxy_port"),
			misp_setting(query, "proxy_username"),
			misp_setting(query, "proxy_password"));
}

static struct misp_http *request(struct misp_query *query,
				 const struct virustotal_client *client,
				 const char *collection, const char *id)
{
	struct misp_http *http = misp_http(query, client->service);
	misp_http_path(http, collection, id);
	misp_http_header(http, "x-apikey", misp_setting(query, "apikey"));
	misp_http_header(http, "x-tool", client->tool);
	virustotal_use_proxy(query, http);
	return http;
}

/* VirusTotal's own words for a failure; NULL where the SDK has better ones: a
 * quota that says when it ends, and what the service's failures list. */
static const char *own_words(struct misp_query *query,
			     const struct misp_service *service,
			     const struct misp_reply *reply)
{
	if (reply->status == STATUS_QUOTA ||
	    (reply->status == STATUS_FORBIDDEN && service->failures))
		return NULL;
	return misp_text_at(query, misp_reply_json(query, reply),
			    "error.message");
}

void *virustotal_fail(struct misp_query *query,
		      const struct misp_service *service,
		      struct misp_http *http, const struct misp_reply *reply)
{
	const char *words = own_words(query, service, reply);
	return words ? misp_fail(query, "%s", words)
		     : misp_http_fail(http, reply);
}

json_t *virustotal_report(struct misp_query *query,
			  const struct virustotal_client *client,
			  const char *collection, const char *id)
{
	struct misp_http *http = request(query, client, collection, id);
	const struct misp_reply *reply = misp_http_send(http);
	if (!reply)
		return NULL;
	if (reply->status < 200 || reply->status > 299)
		return virustotal_fail(query, client->service, http, reply);
	json_t *report = misp_at(misp_reply_json(query, reply), "data");
	if (!json_is_object(report))
		return misp_fail(query, "VirusTotal sent something else than "
					"a report");
	return report;
}

json_t *virustotal_related(struct misp_query *query,
			   const struct virustotal_client *client,
			   const char *collection, const char *id,
			   const char *relationship)
{
	long limit = misp_setting_number(query, "event_limit", RELATED_DEFAULT);
	if (limit <= 0)
		limit = RELATED_DEFAULT;
	else if (limit > MISP_LIST_MAX)
		limit = MISP_LIST_MAX;
	struct misp_http *http = request(query, client, collection, id);
	misp_http_path(http, relationship);
	/* That many are on a page anyway. */
	if (limit != RELATED_DEFAULT)
		misp_http_parameter(
		    http, "limit",
		    misp_text(query, "%ld",
			      limit < PAGE_MAX ? limit : PAGE_MAX));
	return misp_http_fetch_pages(http, "data", "links.next", (size_t)limit);
}
