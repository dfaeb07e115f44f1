/*
 * http_send.c: sending a request until there is a reply to keep: through
 * redirects, and again when the service asks for patience.
 */
#include "http.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define REDIRECTS 5
#define TRIES 3
/* Milliseconds to wait for a service that does not say how long, once. */
#define PATIENCE 500
/* Milliseconds left, after waiting, for the request itself. */
#define AFTER_WAITING 500

struct exchange {
	struct misp_http *http;
	CURL *curl;
	char *form;
	curl_mime *mime;
	struct curl_slist *headers;
};

static void exchange_end(struct exchange *exchange)
{
	free(exchange->form);
	curl_mime_free(exchange->mime);
	curl_slist_free_all(exchange->headers);
}

/* ---- What is sent ---- */

/* Adds "name=value" to a text that grows. */
static bool append_field(char **form, const char *name, const char *value)
{
	char *safe_name = curl_easy_escape(NULL, name, (int)strlen(name));
	char *safe = curl_easy_escape(NULL, value, (int)strlen(value));
	char *longer = NULL;
	bool done = safe_name && safe &&
		    asprintf(&longer, "%s%s%s=%s", *form ? *form : "",
			     *form ? "&" : "", safe_name, safe) >= 0;
	curl_free(safe_name);
	curl_free(safe);
	if (!done)
		return false;
	free(*form);
	*form = longer;
	return true;
}

static const char *field_part(const json_t *field, size_t index)
{
	return json_string_value(json_array_get(field, index));
}

static bool set_form(struct exchange *exchange)
{
	const struct misp_http *http = exchange->http;
	size_t i;
	json_t *field;
	json_array_foreach (http->fields, i, field)
		if (!append_field(&exchange->form, field_part(field, 0),
				  field_part(field, 1)))
			return false;
	curl_easy_setopt(exchange->curl, CURLOPT_POSTFIELDS, exchange->form);
	return true;
}

static bool add_part(curl_mime *mime, const char *name, const char *filename,
		     const char *bytes, size_t size)
{
	curl_mimepart *part = curl_mime_addpart(mime);
	return part && curl_mime_name(part, name) == CURLE_OK &&
	       curl_mime_data(part, bytes, size) == CURLE_OK &&
	       (!filename || curl_mime_filename(part, filename) == CURLE_OK);
}

static bool set_multipart(struct exchange *exchange)
{
	const struct misp_http *http = exchange->http;
	size_t i;
	json_t *field;
	exchange->mime = curl_mime_init(exchange->curl);
	if (!exchange->mime)
		return false;
	json_array_foreach (http->fields, i, field)
		if (!add_part(exchange->mime, field_part(field, 0), NULL,
			      field_part(field, 1), CURL_ZERO_TERMINATED))
			return false;
	for (const struct http_file *file = http->files; file;
	     file = file->next)
		if (!add_part(exchange->mime, file->name, file->filename,
			      file->bytes, file->size))
			return false;
	curl_easy_setopt(exchange->curl, CURLOPT_MIMEPOST, exchange->mime);
	return true;
}

static bool set_body(struct exchange *exchange)
{
	const struct misp_http *http = exchange->http;
	CURL *curl = exchange->curl;
	if (http->files)
		return set_multipart(exchange);
	if (http->fields)
		return set_form(exchange);
	if (http->body) {
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
				 (curl_off_t)http->body_size);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, http->body);
	}
	return true;
}

/* The module's headers. Without the last, libcurl would wait a second for a
 * server's leave to send a large body. */
static bool set_headers(struct exchange *exchange)
{
	const struct curl_slist *header = exchange->http->headers;
	bool last = false;
	while (header || !last) {
		const char *line = header ? header->data : "Expect:";
		struct curl_slist *longer =
		    curl_slist_append(exchange->headers, line);
		if (!longer)
			return false;
		exchange->headers = longer;
		last = !header;
		header = header ? header->next : NULL;
	}
	curl_easy_setopt(exchange->curl, CURLOPT_HTTPHEADER, exchange->headers);
	return true;
}

static bool set_request(struct exchange *exchange)
{
	struct misp_http *http = exchange->http;
	CURL *curl = exchange->curl;
	if (http->user) {
		curl_easy_setopt(curl, CURLOPT_USERNAME, http->user);
		curl_easy_setopt(curl, CURLOPT_PASSWORD, http->password);
	}
	curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, http_reply_write);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, http);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, http_reply_header);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, http);
	return set_headers(exchange) && set_body(exchange);
}

/* ---- One request, one reply ---- */

long http_time_left(const struct misp_http *http, int64_t end)
{
	long left = misp_remaining(http->query) - HTTP_RESERVE;
	int64_t own = end - misp_now();
	if (http->limit > 0 && own < left)
		left = (long)own;
	return left > 0 ? left : 1;
}

bool http_connected(CURL *curl)
{
	curl_off_t connected = 0;
	curl_off_t sending = 0;
	curl_easy_getinfo(curl, CURLINFO_CONNECT_TIME_T, &connected);
	curl_easy_getinfo(curl, CURLINFO_PRETRANSFER_TIME_T, &sending);
	return connected > 0 || sending > 0;
}

/* Whether a try that failed in this way can have reached nobody. */
static bool is_unreached(CURL *curl, CURLcode code)
{
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_CONNECT:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
		return true;
	case CURLE_OPERATION_TIMEDOUT:
		return !http_connected(curl);
	default:
		return false;
	}
}

static struct http_reply *send_once(struct misp_http *http, int64_t end)
{
	struct exchange exchange = {.http = http};
	http->incoming = http_reply_new(http->query);
	exchange.curl = http_session();
	CURLcode code = CURLE_OUT_OF_MEMORY;
	if (exchange.curl && http->incoming &&
	    http_setup(http, exchange.curl, http_time_left(http, end)) &&
	    set_request(&exchange))
		code = curl_easy_perform(exchange.curl);
	if (code == CURLE_OK && !http_reply_finish(http, exchange.curl))
		code = CURLE_OUT_OF_MEMORY;
	http->unreached = is_unreached(exchange.curl, code);
	if (code != CURLE_OK)
		http_failure(http, exchange.curl, code);
	exchange_end(&exchange);
	return code == CURLE_OK ? http->incoming : NULL;
}

/* ---- Redirects ---- */

bool http_may_ask(struct misp_http *http)
{
	if (!http->host)
		return http_fail(http, "its URL has no host");
	if (!http_host_allowed(http->query, http->own_host, http->host,
			       &http->filtered))
		return http_fail(http, "the module may not ask %s", http->host);
	if (http->filtered && !http_literal_public(http->host))
		return http_fail(http,
				 "%s is not on the public Internet; the "
				 "administrator may allow it (http { "
				 "allow_private })",
				 http->host);
	return true;
}

static void drop_body(struct misp_http *http)
{
	http->body = NULL;
	http->files = NULL;
	json_decref(http->fields);
	http->fields = NULL;
}

/* Another host learns no keys, and is sent nothing. */
static void drop_secrets(struct misp_http *http)
{
	curl_slist_free_all(http->headers);
	http->headers = NULL;
	http->user = NULL;
	drop_body(http);
}

/* Makes the request that a redirect asks for; false after a failure. */
static bool follow(struct misp_http *http, int status, const char *target)
{
	const char *from = http->host;
	bool moved = false;
	if (!http_url_change(http, target, &moved))
		return http_fail(http, "%s redirects to no valid URL", from);
	if (http_is_post(http) && status >= 307 && moved)
		return http_fail(http, "%s sends us to another host", from);
	if (moved)
		drop_secrets(http);
	else if (status < 307)
		drop_body(http);
	return true;
}

static bool is_redirect(int status)
{
	return status == 301 || status == 302 || status == 303 ||
	       status == 307 || status == 308;
}

static struct http_reply *send_through(struct misp_http *http, int64_t end)
{
	for (int i = 0; i <= REDIRECTS; i++) {
		if (!http_may_ask(http))
			return NULL;
		struct http_reply *reply = send_once(http, end);
		const char *target = reply ? reply->redirect : NULL;
		if (!target || !is_redirect(reply->reply.status))
			return reply;
		if (!follow(http, reply->reply.status, target))
			return NULL;
	}
	return http_fail(http, "%s redirects too often", http->host);
}

/* ---- Patience ---- */

/* Milliseconds to wait before the request is sent once more; -1: it is not. */
static long patience(const struct http_reply *reply, int tries, long left)
{
	int status = reply->reply.status;
	if ((status != 429 && status != 503) || tries >= TRIES)
		return -1;
	left -= AFTER_WAITING;
	if (reply->retry_after == 0)
		return tries == 1 && PATIENCE < left ? PATIENCE : -1;
	return reply->retry_after < (left + 999) / 1000
		   ? reply->retry_after * 1000
		   : -1;
}

static void wait_for(long milliseconds)
{
	struct timespec time = {milliseconds / 1000,
				milliseconds % 1000 * 1000000};
	nanosleep(&time, NULL);
}

const struct misp_reply *misp_http_send(struct misp_http *http)
{
	if (!http)
		return NULL;
	if (http->problem)
		return http_fail(http, "%s", http->problem);
	int64_t end = misp_now() + http->limit;
	for (int tries = 1;; tries++) {
		struct http_reply *reply = send_through(http, end);
		long wait =
		    reply ? patience(reply, tries, http_time_left(http, end))
			  : -1;
		if (wait < 0)
			return reply ? &reply->reply : NULL;
		wait_for(wait);
	}
}
