/*
 * http_reply.c: what came back: its bytes, headers, JSON, lines and pages.
 */
#include "http.h"

#include "json.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define FIRST_SIZE 4096
#define HEADERS_MAX (256 << 10)

static void reply_release(void *pointer)
{
	struct http_reply *reply = pointer;
	free(reply->body.bytes);
	free(reply->headers.bytes);
}

struct http_reply *http_reply_new(struct misp_query *query)
{
	struct http_reply *reply = misp_alloc(query, sizeof(*reply));
	return misp_defer(query, reply, reply_release);
}

/* Adds bytes, with a NUL behind them. */
static bool append(struct http_bytes *all, const char *bytes, size_t size)
{
	size_t wanted;
	if (__builtin_add_overflow(all->size, size + 1, &wanted))
		return false;
	size_t capacity = all->capacity ? all->capacity : FIRST_SIZE;
	while (capacity < wanted)
		if (__builtin_mul_overflow(capacity, 2, &capacity))
			return false;
	if (capacity != all->capacity) {
		char *larger = realloc(all->bytes, capacity);
		if (!larger)
			return false;
		all->bytes = larger;
		all->capacity = capacity;
	}
	memcpy(all->bytes + all->size, bytes, size);
	all->size += size;
	all->bytes[all->size] = '\0';
	return true;
}

/* size is always 1, as it is for the next one. */
size_t http_reply_write(char *bytes, size_t size, size_t count, void *context)
{
	struct misp_http *http = context;
	struct http_bytes *body = &http->incoming->body;
	size_t all = size * count;
	if (all > http_net(http->query)->max_response - body->size) {
		http->too_large = true;
		return 0;
	}
	return append(body, bytes, all) ? all : 0;
}

size_t http_reply_header(char *line, size_t size, size_t count, void *context)
{
	struct misp_http *http = context;
	struct http_bytes *headers = &http->incoming->headers;
	size_t all = size * count;
	/* Of a reply that was announced by another, the last counts. */
	if (all > 5 && strncmp(line, "HTTP/", 5) == 0)
		headers->size = 0;
	if (all > HEADERS_MAX - headers->size)
		return 0;
	return append(headers, line, all) ? all : 0;
}

/* Text that libcurl owns, kept as long as the query; NULL for none. */
static const char *kept(struct misp_query *query, CURL *curl, CURLINFO info)
{
	char *text = NULL;
	curl_easy_getinfo(curl, info, &text);
	size_t size = text ? strlen(text) + 1 : 0;
	char *copy = text ? misp_alloc(query, size) : NULL;
	return copy ? memcpy(copy, text, size) : NULL;
}

/* Where the reply came from. A user and password are nobody's business. */
static const char *reply_url(struct misp_http *http)
{
	char *text = NULL;
	CURLU *url = curl_url_dup(http->url);
	if (url && curl_url_set(url, CURLUPART_USER, NULL, 0) == CURLUE_OK &&
	    curl_url_set(url, CURLUPART_PASSWORD, NULL, 0) == CURLUE_OK)
		curl_url_get(url, CURLUPART_URL, &text, 0);
	curl_url_cleanup(url);
	return misp_defer(http->query, text, curl_free);
}

bool http_reply_finish(struct misp_http *http, CURL *curl)
{
	struct http_reply *reply = http->incoming;
	long status = 0;
	curl_off_t retry_after = 0;
	/* There are bytes, though there may be none of them. */
	if (!append(&reply->body, "", 0))
		return false;
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &retry_after);
	reply->retry_after = (long)retry_after;
	reply->redirect = kept(http->query, curl, CURLINFO_REDIRECT_URL);
	const char *type = kept(http->query, curl, CURLINFO_CONTENT_TYPE);
	reply->reply = (struct misp_reply){
	    .status = (int)status,
	    .bytes = (const unsigned char *)reply->body.bytes,
	    .size = reply->body.size,
	    .type = type ? type : "",
	    .url = reply_url(http),
	};
	return reply->reply.url != NULL;
}

const char *misp_reply_header(struct misp_query *query,
			      const struct misp_reply *reply, const char *name)
{
	const struct http_reply *whole = (const void *)reply;
	const char *line = whole->headers.bytes;
	size_t length = strlen(name);
	while (line && (line = strchr(line, '\n'))) {
		line++;
		if (strncasecmp(line, name, length) != 0 || line[length] != ':')
			continue;
		line += length + 1;
		line += strspn(line, " \t");
		size_t size = strcspn(line, "\r\n");
		while (size > 0 && strchr(" \t", line[size - 1]))
			size--;
		return misp_text(query, "%.*s", (int)size, line);
	}
	return NULL;
}

/* A list, or an object, of any length is cut, and so is all that is in it. */
static void cut(json_t *json)
{
	while (json_array_size(json) > MISP_LIST_MAX)
		json_array_remove(json, json_array_size(json) - 1);
	size_t index;
	json_t *item;
	json_array_foreach (json, index, item) {
		cut(item);
	}
	size_t count = 0;
	const char *name;
	void *next;
	json_object_foreach_safe (json, next, name, item) {
		if (count++ < MISP_LIST_MAX)
			cut(item);
		else
			json_object_del(json, name);
	}
}

json_t *misp_reply_json_whole(struct misp_query *query,
			      const struct misp_reply *reply)
{
	struct misp_json_error error;
	json_t *json = misp_json_parse(reply->bytes, reply->size, &error);
	/* Nobody is to think that the service is to blame. */
	if (!json && error.no_memory)
		misp_fail(query,
			  "There is not enough memory to read an answer "
			  "of %zu bytes.",
			  reply->size);
	return misp_keep(query, json);
}

json_t *misp_reply_json(struct misp_query *query,
			const struct misp_reply *reply)
{
	json_t *json = misp_reply_json_whole(query, reply);
	cut(json);
	return json;
}

const struct misp_reply *misp_http_fetch(struct misp_http *http)
{
	const struct misp_reply *reply = misp_http_send(http);
	if (!reply || (reply->status >= 200 && reply->status < 300))
		return reply;
	return misp_http_fail(http, reply);
}

static void *no_json(struct misp_http *http, const struct misp_reply *reply)
{
	if (reply->size == 0)
		return http_fail(http, "%s answered %d with nothing",
				 http->service->name, reply->status);
	return http_fail(http, "%s answered %d with no valid JSON (%s)",
			 http->service->name, reply->status,
			 *reply->type ? reply->type : "of no stated type");
}

json_t *misp_http_fetch_json(struct misp_http *http)
{
	const struct misp_reply *reply = misp_http_fetch(http);
	json_t *json = reply ? misp_reply_json(http->query, reply) : NULL;
	return reply && !json ? no_json(http, reply) : json;
}

json_t *misp_http_fetch_lines(struct misp_http *http)
{
	const struct misp_reply *reply = misp_http_fetch(http);
	json_t *lines = reply ? misp_keep(http->query, json_array()) : NULL;
	if (!lines)
		return NULL;
	const char *rest = (const char *)reply->bytes;
	const char *end = rest + reply->size;
	while (rest < end) {
		struct misp_json_error error;
		const char *stop = memchr(rest, '\n', (size_t)(end - rest));
		size_t length = (size_t)((stop ? stop : end) - rest);
		size_t blank = strspn(rest, " \t\r");
		if (blank < length &&
		    json_array_append_new(
			lines, misp_json_parse(rest, length, &error)) != 0)
			return no_json(http, reply);
		rest += length + 1;
	}
	return lines;
}

/* Goes on with the next page, which gets the key as well; false after a
 * failure. */
static bool turn_page(struct misp_http *http, const char *url)
{
	const char *from = http->host;
	bool moved = false;
	if (http_url_change(http, url, &moved) && !moved)
		return true;
	return http_fail(http, "%s sends us elsewhere for the next page", from);
}

json_t *misp_http_fetch_pages(struct misp_http *http, const char *items,
			      const char *next, size_t limit)
{
	json_t *all = http ? misp_keep(http->query, json_array()) : NULL;
	while (all) {
		size_t i;
		json_t *item;
		json_t *page = misp_http_fetch_json(http);
		if (!page)
			return NULL;
		json_array_foreach (misp_at(page, items), i, item)
			if (json_array_size(all) < limit &&
			    json_array_append(all, item) != 0)
				return NULL;
		const char *url = json_string_value(misp_at(page, next));
		/* A page with nothing on it would have others follow forever.
		 */
		if (!url || i == 0 || json_array_size(all) >= limit)
			return all;
		if (!turn_page(http, url))
			return NULL;
	}
	return NULL;
}
