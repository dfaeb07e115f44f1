/*
 * http.h: the inside of a misp_http, and what the files http_*.c share:
 * http_request.c makes a request, http_hosts.c judges where it goes,
 * http_session.c hands it to libcurl, http_send.c sends it until there is a
 * reply, http_reply.c reads that, http_failure.c puts into words why not.
 */
#ifndef MISP_SDK_HTTP_H
#define MISP_SDK_HTTP_H

#include "query.h"

#include <curl/curl.h>
#include <sys/socket.h>

/* Milliseconds of the query's time left for saying that it ran out. */
#define HTTP_RESERVE 150

struct http_file {
	struct http_file *next;
	const char *name;
	const char *filename;
	const char *bytes;
	size_t size;
};

/* Bytes that come in, with room for a NUL behind them. */
struct http_bytes {
	char *bytes;
	size_t size;
	size_t capacity;
};

struct http_reply {
	struct misp_reply reply; /* first: a misp_reply is one of these */
	struct http_bytes body;
	struct http_bytes headers; /* lines, as they came */
	const char *redirect;      /* an absolute URL, or NULL */
	long retry_after;          /* seconds; 0: it does not say */
};

struct misp_http {
	struct misp_query *query;
	const struct misp_service *service;
	CURLU *url;
	struct curl_slist *headers;
	json_t *fields; /* of a form: a list of [name, value] */
	struct http_file *files;
	const char *body; /* NULL: a GET, unless there are fields or files */
	size_t body_size;
	const char *user;
	const char *password;
	const char *proxy; /* NULL: none of its own */
	const char *proxy_user;
	const char *proxy_password;
	long limit;           /* milliseconds; 0: the query's alone */
	const char *problem;  /* why it cannot be sent; NULL: it can */
	const char *own_host; /* that of the service's URL, which is allowed */

	const char *host; /* that of the URL; NULL: it has none */

	/* While it is sent. */
	bool filtered; /* only to addresses on the public Internet */
	bool proxied;
	bool too_large;
	char refused[64]; /* the address that was none of those; "" */
	struct http_reply *incoming;

	bool unreached; /* the last try cannot have reached anybody */
};

/* ---- http_request.c ---- */

/* A part of the URL, living as long as the query; NULL without memory. */
const char *http_url_part(struct misp_http *http, CURLUPart part);

bool http_is_post(const struct misp_http *http);

/*
 * Puts another URL, absolute or relative, in the place of the present one.
 * *moved says whether it has another origin (scheme, host, port): what was said
 * in confidence is not for that. False when it is no valid http or https URL.
 */
bool http_url_change(struct misp_http *http, const char *url, bool *moved);

/* ---- http_hosts.c ---- */

/* Whether the module may ask that host at all; *filtered: only at addresses on
 * the public Internet. own_host is allowed as well; it may be NULL. */
bool http_host_allowed(struct misp_query *query, const char *own_host,
		       const char *host, bool *filtered);

/* Whether an address is on the public Internet. */
bool http_address_public(const struct sockaddr *address);

/* The same of a host written as an address, in whatever way; a name is
 * public, but for localhost. */
bool http_literal_public(const char *host);

/* Whether the list (names, with commas or spaces between them; a name stands
 * for all below it as well; "*" is all) has the host. */
bool http_host_listed(const char *list, const char *host);

/* ---- http_session.c ---- */

/* The administrator's settings that hold for a query. */
const struct misp_net *http_net(const struct misp_query *query);

/* This process's handle, with no options set; NULL without memory. */
CURL *http_session(void);

/* Sets what every request has in common: where it goes, deadline
 * (milliseconds), TLS, proxy, address filter. False without memory. */
bool http_setup(struct misp_http *http, CURL *curl, long milliseconds);

/* ---- http_send.c ---- */

/* Whether the URL's host may be asked; sets http->host and filtered. False
 * after a failure. */
bool http_may_ask(struct misp_http *http);

/* Whether there was a connection: a new one, or one that is used again. */
bool http_connected(CURL *curl);

/* Milliseconds that this may still take, at least 1. end, of misp_now, counts
 * when the request has a limit. */
long http_time_left(const struct misp_http *http, int64_t end);

/* ---- http_reply.c ---- */

/* A new reply that lives as long as the query; NULL without memory. */
struct http_reply *http_reply_new(struct misp_query *query);

/* libcurl's callbacks for the body and for each line of the headers; context
 * is a misp_http. */
size_t http_reply_write(char *bytes, size_t size, size_t count, void *context);
size_t http_reply_header(char *line, size_t size, size_t count, void *context);

/* Takes from the handle what it knows of the reply. False without memory. */
bool http_reply_finish(struct misp_http *http, CURL *curl);

/* ---- http_failure.c ---- */

/* Fails in words for what libcurl says; returns NULL. */
void *http_failure(struct misp_http *http, CURL *curl, CURLcode code);

/* Fails, with the prefix of the service's failures if it has one. */
void *http_fail(struct misp_http *http, const char *format, ...)
    MISP_PRINTF(2, 3);

#endif
