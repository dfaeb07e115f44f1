/*
 * misp-net.h: how a module talks to the world: HTTP, DNS, a TCP service, the
 * certificate of a host. Included by misp-module.h, whose rules hold here.
 *
 * All of it keeps to the query's deadline, to the administrator's settings
 * (http { … }, dns { … }) and to the hosts that the descriptor declares.
 */
#ifndef MISP_NET_H
#define MISP_NET_H

#include "misp-module.h"

/* ---- HTTP ---- */

/* A request that is being made. All functions accept NULL, which misp_http
 * returns after misp_fail when there is no memory. */
struct misp_http;

/* What came back. */
struct misp_reply {
	int status;
	const unsigned char *bytes; /* a NUL is behind them */
	size_t size;
	const char *url;  /* where it came from, after redirects */
	const char *type; /* Content-Type, or "" */
};

/* A request to a service: a GET, until it is given a body. */
MISP_API struct misp_http *misp_http(struct misp_query *query,
				     const struct misp_service *service);

/* Appends segments to the path: misp_http_path(http, "lookup", type, value).
 * What is no plain character in them is percent-encoded. NULL ends them. With
 * an empty one, "." or ".." the request fails: it would be another question. */
#define misp_http_path(http, ...) \
	misp_http_path_of(http, MISP_LIST(__VA_ARGS__))
MISP_API void misp_http_path_of(struct misp_http *http,
				const char *const *segments);

/* Ends the path with a slash. */
MISP_API void misp_http_slash(struct misp_http *http);

/* Adds ?name=value, encoded. A NULL value adds nothing. */
MISP_API void misp_http_parameter(struct misp_http *http, const char *name,
				  const char *value);

/* The host of a URL of any scheme, borrowed; NULL if it has none. */
MISP_API const char *misp_url_host(struct misp_query *query, const char *url);

/* Replaces the whole URL, for modules that fetch what they are given. */
MISP_API void misp_http_url(struct misp_http *http, const char *url);

/* The same, by one that whoever made a workflow has chosen, in a parameter of
 * an action: as with a setting, its host is one that the module may ask,
 * wherever it is. */
MISP_API void misp_http_own_url(struct misp_http *http, const char *url);

/* Adds a header; a NULL value adds nothing. */
MISP_API void misp_http_header(struct misp_http *http, const char *name,
			       const char *value);

MISP_API void misp_http_basic(struct misp_http *http, const char *user,
			      const char *password);

/* The body: JSON. Steals. */
MISP_API void misp_http_json(struct misp_http *http, json_t *body);

/* A field of a form; a NULL value adds nothing. */
MISP_API void misp_http_field(struct misp_http *http, const char *name,
			      const char *value);

/* A file in a form, which becomes multipart. The bytes are borrowed until the
 * query ends. */
MISP_API void misp_http_file(struct misp_http *http, const char *name,
			     const char *filename, const void *bytes,
			     size_t size);

/* Goes through a proxy that the module's own settings name: a host with its
 * port. user and password may be NULL. */
MISP_API void misp_http_proxy(struct misp_http *http, const char *host,
			      const char *port, const char *user,
			      const char *password);

/* How long it may take, when that is less than what the query has left. */
MISP_API void misp_http_limit(struct misp_http *http, long milliseconds);

/*
 * Sends it, and again when the service says 429 or 503 and there is time. The
 * reply lives as long as the query, whatever its status; NULL after misp_fail
 * when there is none.
 */
MISP_API const struct misp_reply *misp_http_send(struct misp_http *http);

/* As misp_http_send, of a reply whose status is 2xx; NULL after misp_fail in
 * the words of the service's failures, or else our own. */
MISP_API const struct misp_reply *misp_http_fetch(struct misp_http *http);

/* The JSON of such a reply, as misp_reply_json gives it; with lines, of each of
 * its lines in an array. Borrowed; NULL after misp_fail when it is none. */
MISP_API json_t *misp_http_fetch_json(struct misp_http *http);
MISP_API json_t *misp_http_fetch_lines(struct misp_http *http);

/*
 * Fetches page after page, at most limit items: items is the path of the list
 * in each reply, next that of the URL of the next page. All items in one
 * array, borrowed.
 */
MISP_API json_t *misp_http_fetch_pages(struct misp_http *http,
				       const char *items, const char *next,
				       size_t limit);

/* A header of the reply by its name, in letters of either case; NULL if there
 * is none. */
MISP_API const char *misp_reply_header(struct misp_query *query,
				       const struct misp_reply *reply,
				       const char *name);

/* The reply's JSON, whatever its status; borrowed. Of a list or an object in it
 * are the first MISP_LIST_MAX values: a service could send any number. NULL,
 * and no failure, when it is none. */
MISP_API json_t *misp_reply_json(struct misp_query *query,
				 const struct misp_reply *reply);

/* The same with all there is, for a module that has bounds of its own. */
MISP_API json_t *misp_reply_json_whole(struct misp_query *query,
				       const struct misp_reply *reply);

/* Fails as misp_http_fetch would for a reply with this status. */
MISP_API void *misp_http_fail(struct misp_http *http,
			      const struct misp_reply *reply);

/* ---- Other protocols ---- */

/*
 * Connects to a host's TCP port, sends text and reads all that comes until
 * the other side closes. name is for messages. The reply's bytes and size are
 * set, as long as the query lives; NULL after misp_fail. milliseconds is a
 * limit beside the query's deadline; 0: none.
 */
MISP_API const struct misp_reply *
misp_exchange(struct misp_query *query, const char *name, const char *host,
	      const char *port, const char *text, long milliseconds);

/*
 * The certificate that a host shows on a TLS port after it was verified, in
 * PEM; borrowed. NULL after misp_fail.
 */
MISP_API const char *misp_certificate(struct misp_query *query,
				      const char *host, long port,
				      long milliseconds);

/* ---- DNS ---- */

enum misp_dns_type { MISP_DNS_A, MISP_DNS_AAAA, MISP_DNS_PTR, MISP_DNS_TXT };

enum misp_dns_status {
	MISP_DNS_OK,
	MISP_DNS_NXDOMAIN,  /* the name does not exist */
	MISP_DNS_NO_ANSWER, /* it does, but has no such record */
	MISP_DNS_TIMEOUT,
	MISP_DNS_ERROR, /* see misp_dns_message */
};

/*
 * Asks for the records of one type at name. For MISP_DNS_PTR name is an IP
 * address. nameserver is an address, or address:port ([v6]:port); NULL asks
 * the resolver of the configuration, else the system's. *answers, set on
 * MISP_DNS_OK only, is a JSON array of strings that lives as long as the query.
 * Never waits past the deadline, and never longer than two seconds.
 */
MISP_API enum misp_dns_status
misp_dns(struct misp_query *query, const char *name, enum misp_dns_type type,
	 const char *nameserver, json_t **answers);

/* One of several questions that are asked at once. */
struct misp_dns_question {
	const char *name;
	enum misp_dns_type type;
	/* What became of it, as for misp_dns; answers is NULL without any. */
	enum misp_dns_status status;
	json_t *answers;
};

/* Asks them all at once, and waits for at most milliseconds (and never past
 * the deadline); what has no answer by then is MISP_DNS_TIMEOUT. */
MISP_API void misp_dns_all(struct misp_query *query,
			   struct misp_dns_question *questions, size_t count,
			   const char *nameserver, long milliseconds);

/* What went wrong in the last misp_dns of this query, in words; of questions
 * asked at once, with the last that failed. */
MISP_API const char *misp_dns_message(const struct misp_query *query);

#endif
