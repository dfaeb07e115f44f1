/*
 * http_request.c: making a request; nothing is sent before misp_http_send.
 */
#include "http.h"

#include <stdio.h>
#include <string.h>

#define NO_MEMORY "there is not enough memory"
#define BAD_URL "this is no valid http or https URL"

static void http_release(void *pointer)
{
	struct misp_http *http = pointer;
	curl_url_cleanup(http->url);
	curl_slist_free_all(http->headers);
	json_decref(http->fields);
}

/* The first problem stays. */
static void problem(struct misp_http *http, const char *text)
{
	if (!http->problem)
		http->problem = text ? text : NO_MEMORY;
}

/* The service's URL: a setting's, the administrator's, or its own. */
static const char *base_url(struct misp_query *query,
			    const struct misp_service *service)
{
	const struct misp_service *const *services = query->module->services;
	const char *url = NULL;
	if (service->url_setting)
		url = misp_setting(query, service->url_setting);
	/* What only the descriptor says is no reason against the endpoint. */
	bool is_set = url && !setting_is_default(query, service->url_setting);
	if (!is_set && query->endpoint && services && services[0] == service)
		url = query->endpoint;
	return url ? url : service->url;
}

const char *http_url_part(struct misp_http *http, CURLUPart part)
{
	char *text = NULL;
	if (curl_url_get(http->url, part, &text, 0) != CURLUE_OK)
		return NULL;
	return misp_defer(http->query, text, curl_free);
}

const char *misp_url_host(struct misp_query *query, const char *url)
{
	char *host = NULL;
	CURLU *parsed = curl_url();
	if (parsed && curl_url_set(parsed, CURLUPART_URL, url,
				   CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK)
		curl_url_get(parsed, CURLUPART_HOST, &host, 0);
	curl_url_cleanup(parsed);
	return misp_defer(query, host, curl_free);
}

/* Whether it is one that can be asked for. */
static bool set_url(struct misp_http *http, const char *url)
{
	const char *scheme = NULL;
	if (curl_url_set(http->url, CURLUPART_URL, url, CURLU_DEFAULT_SCHEME) ==
	    CURLUE_OK)
		scheme = http_url_part(http, CURLUPART_SCHEME);
	http->host = scheme ? http_url_part(http, CURLUPART_HOST) : NULL;
	return http->host &&
	       (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0);
}

/* Scheme, host and port; NULL without memory. */
static const char *origin(struct misp_http *http)
{
	char *port = NULL;
	curl_url_get(http->url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT);
	const char *scheme = http_url_part(http, CURLUPART_SCHEME);
	const char *text = NULL;
	if (port && scheme && http->host)
		text = misp_text(http->query, "%s %s %s", scheme, http->host,
				 port);
	curl_free(port);
	return text;
}

bool http_url_change(struct misp_http *http, const char *url, bool *moved)
{
	const char *before = origin(http);
	if (!set_url(http, url))
		return false;
	const char *after = origin(http);
	*moved = !before || !after || strcmp(before, after) != 0;
	return true;
}

struct misp_http *misp_http(struct misp_query *query,
			    const struct misp_service *service)
{
	struct misp_http *http = misp_alloc(query, sizeof(*http));
	if (!http || !misp_defer(query, http, http_release))
		return misp_fail(query, "%s: " NO_MEMORY, service->name);
	http->query = query;
	http->service = service;
	http->url = curl_url();
	const char *url = base_url(query, service);
	if (!http->url)
		problem(http, NO_MEMORY);
	else if (url && !set_url(http, url))
		problem(http, BAD_URL);
	/* Without one, misp_http_url follows, and any host is a stranger. */
	http->own_host = http->host;
	return http;
}

/* Percent-encoded, living as long as the query. */
static const char *escaped(struct misp_http *http, const char *text)
{
	char *result = curl_easy_escape(NULL, text, (int)strlen(text));
	return misp_defer(http->query, result, curl_free);
}

static void set_part(struct misp_http *http, CURLUPart part, const char *text,
		     unsigned flags)
{
	if (http->problem)
		return;
	if (!text || curl_url_set(http->url, part, text, flags) != CURLUE_OK)
		problem(http, text ? "its URL cannot be made" : NO_MEMORY);
}

static void add_segment(struct misp_http *http, const char *segment)
{
	/* Every server on the way would take dots for a step up, and nothing
	 * for a question about everything. */
	if (!*segment || strcmp(segment, ".") == 0 ||
	    strcmp(segment, "..") == 0)
		problem(http, "the value cannot be part of a URL");
	if (http->problem)
		return;
	const char *path = http_url_part(http, CURLUPART_PATH);
	const char *safe = escaped(http, segment);
	size_t length = path ? strlen(path) : 0;
	if (length > 0 && path[length - 1] == '/')
		length--;
	set_part(http, CURLUPART_PATH,
		 safe ? misp_text(http->query, "%.*s/%s", (int)length,
				  path ? path : "", safe)
		      : NULL,
		 0);
}

void misp_http_path_of(struct misp_http *http, const char *const *segments)
{
	for (; http && *segments; segments++)
		add_segment(http, *segments);
}

void misp_http_slash(struct misp_http *http)
{
	if (!http || http->problem)
		return;
	const char *path = http_url_part(http, CURLUPART_PATH);
	if (!path || path[strlen(path) - 1] != '/')
		set_part(http, CURLUPART_PATH,
			 misp_text(http->query, "%s/", path ? path : ""), 0);
}

void misp_http_parameter(struct misp_http *http, const char *name,
			 const char *value)
{
	if (!http || !value)
		return;
	const char *safe_name = escaped(http, name);
	const char *safe = escaped(http, value);
	set_part(http, CURLUPART_QUERY,
		 safe_name && safe
		     ? misp_text(http->query, "%s=%s", safe_name, safe)
		     : NULL,
		 CURLU_APPENDQUERY);
}

void misp_http_url(struct misp_http *http, const char *url)
{
	if (!http || http->problem)
		return;
	if (!set_url(http, url))
		problem(http, BAD_URL);
}

void misp_http_own_url(struct misp_http *http, const char *url)
{
	misp_http_url(http, url);
	if (http)
		http->own_host = http->host;
}

void misp_http_header(struct misp_http *http, const char *name,
		      const char *value)
{
	if (!http || !value)
		return;
	for (const char *c = value; *c; c++)
		if ((unsigned char)*c < ' ' && *c != '\t')
			problem(http, "a setting of it has a line break");
	/* Without a value libcurl takes "Name:" for one to be left out. */
	const char *line = *value
			       ? misp_text(http->query, "%s: %s", name, value)
			       : misp_text(http->query, "%s;", name);
	struct curl_slist *list =
	    line ? curl_slist_append(http->headers, line) : NULL;
	if (list)
		http->headers = list;
	else
		problem(http, NO_MEMORY);
}

void misp_http_basic(struct misp_http *http, const char *user,
		     const char *password)
{
	if (!http)
		return;
	http->user = user ? user : "";
	http->password = password ? password : "";
}

void misp_http_json(struct misp_http *http, json_t *body)
{
	char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
	json_decref(body);
	if (http && !text)
		problem(http, NO_MEMORY);
	if (!http || !misp_defer(http->query, text, free))
		return;
	http->body = text;
	http->body_size = strlen(text);
	misp_http_header(http, "Content-Type", "application/json");
}

void misp_http_field(struct misp_http *http, const char *name,
		     const char *value)
{
	if (!http || !value)
		return;
	if (!http->fields)
		http->fields = json_array();
	json_t *text = misp_string(value, strlen(value));
	json_t *field = text ? json_pack("[so]", name, text) : NULL;
	if (json_array_append_new(http->fields, field) != 0)
		problem(http, NO_MEMORY);
}

void misp_http_file(struct misp_http *http, const char *name,
		    const char *filename, const void *bytes, size_t size)
{
	struct http_file *file =
	    http ? misp_alloc(http->query, sizeof(*file)) : NULL;
	if (!file) {
		if (http)
			problem(http, NO_MEMORY);
		return;
	}
	*file = (struct http_file){http->files, name, filename, bytes, size};
	http->files = file;
}

void misp_http_proxy(struct misp_http *http, const char *host, const char *port,
		     const char *user, const char *password)
{
	if (!http || !host)
		return;
	http->proxy = port ? misp_text(http->query, "%s:%s", host, port) : host;
	if (!http->proxy)
		problem(http, NO_MEMORY);
	http->proxy_user = user;
	http->proxy_password = password;
}

void misp_http_limit(struct misp_http *http, long milliseconds)
{
	if (http)
		http->limit = milliseconds;
}

bool http_is_post(const struct misp_http *http)
{
	return http->body || http->fields || http->files;
}
