/*
 * http_reply.c: what came back: its bytes, headers, JSON, lines and pages.
 */
#include "http.h"

#include "json.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_SIZE 4096

static void reply_release(void *pointer)
{
	struct http_reply *reply = pointer;
	json_decref(reply->headers);
	free(reply->buffer);
}

struct http_reply *http_reply_new(struct misp_query *query)
{
	struct http_reply *reply = misp_alloc(query, sizeof(*reply));
	return misp_defer(query, reply, reply_release);
}

/* Room for size more bytes and a NUL. */
static bool reserve(struct http_reply *reply, size_t size)
{
	size_t wanted;
	if (__builtin_add_overflow(reply->reply.size, size + 1, &wanted))
		return false;
	if (wanted <= reply->capacity)
		return true;
	size_t capacity = reply->capacity ? reply->capacity : FIRST_SIZE;
	while (capacity < wanted)
		if (__builtin_mul_overflow(capacity, 2, &capacity))
			return false;
	char *larger = realloc(reply->buffer, capacity);
	if (!larger)
		return false;
	reply->buffer = larger;
	reply->capacity = capacity;
	return true;
}

size_t http_reply_write(char *bytes, size_t size, size_t count, void *context)
{
	struct misp_http *http = context;
	struct http_reply *reply = http->incoming;
	size_t all = size * count; /* size is always 1 */
	if (all > http_net(http->query)->max_response - reply->reply.size) {
		http->too_large = true;
		return 0;
	}
	if (!reserve(reply, all))
		return 0;
	memcpy(reply->buffer + reply->reply.size, bytes, all);
	reply->reply.size += all;
	return all;
}

static bool keep_headers(struct http_reply *reply, CURL *curl)
{
	struct curl_header *header = NULL;
	reply->headers = json_object();
	while (
	    (header = curl_easy_nextheader(curl, CURLH_HEADER, -1, header))) {
		char name[64];
		size_t length = 0;
		for (; header->name[length] && length < sizeof(name) - 1;
		     length++)
			name[length] =
			    (char)tolower((unsigned char)header->name[length]);
		name[length] = '\0';
		misp_set(reply->headers, name,
			 misp_string(header->value, strlen(header->value)));
	}
	return reply->headers != NULL;
}

bool http_reply_finish(struct misp_http *http, CURL *curl)
{
	struct http_reply *reply = http->incoming;
	long status = 0;
	curl_off_t retry_after = 0;
	char *redirect = NULL;
	if (!reserve(reply, 0) || !keep_headers(reply, curl))
		return false;
	reply->buffer[reply->reply.size] = '\0';
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &retry_after);
	reply->retry_after = (long)retry_after;
	/* Made absolute. */
	curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &redirect);
	if (redirect)
		misp_set(reply->headers, "location",
			 misp_string(redirect, strlen(redirect)));
	const char *type = misp_reply_header(&reply->reply, "content-type");
	reply->reply.status = (int)status;
	reply->reply.bytes = (const unsigned char *)reply->buffer;
	reply->reply.type = type ? type : "";
	reply->reply.url = http_url_part(http, CURLUPART_URL);
	return reply->reply.url != NULL;
}

const char *misp_reply_header(const struct misp_reply *reply, const char *name)
{
	const struct http_reply *whole = (const void *)reply;
	return json_string_value(json_object_get(whole->headers, name));
}

json_t *misp_reply_json(struct misp_query *query,
			const struct misp_reply *reply)
{
	struct misp_json_error error;
	return query_keep(query,
			  misp_json_parse(reply->bytes, reply->size, &error));
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
	json_t *lines = reply ? query_keep(http->query, json_array()) : NULL;
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

json_t *misp_http_fetch_pages(struct misp_http *http, const char *items,
			      const char *next, size_t limit)
{
	json_t *all = http ? query_keep(http->query, json_array()) : NULL;
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
		misp_http_url(http, url);
	}
	return NULL;
}
