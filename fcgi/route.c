/*
 * route.c: the endpoints; see route.h.
 */
#include "route.h"

#include "build.h"
#include "guard.h"
#include "metrics.h"
#include "reply.h"
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a request without a file or event in it may carry. */
#define SMALL_BODY ((size_t)1 << 16)

/* The page needs its own inline script and style, and asks this server. */
#define PAGE_POLICY                                                        \
	"default-src 'none'; script-src 'unsafe-inline'; "                 \
	"style-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; " \
	"form-action 'none'; frame-ancestors 'none'"

extern const char _binary_openapi_html_start[], _binary_openapi_html_end[];

struct exchange {
	struct server *server;
	struct slot *slot;
	struct request *request;
};

static void answer(const struct exchange *exchange, struct reply reply)
{
	static const char no_memory[] =
	    "{\"error\": \"The server ran out of memory.\", \"results\": []}";

	if (!reply.body) {
		reply.body = no_memory;
		reply.size = sizeof(no_memory) - 1;
	}
	exchange->slot->state = SLOT_REPLYING;
	guard_replying(misp_now() + exchange->server->config.timeout * 1000);
	reply.without_body = !strcmp(exchange->request->method, "HEAD");
	reply_send(exchange->request, &reply);
}

static void answer_error(const struct exchange *exchange, int status,
			 const char *message, const char *allow)
{
	char *text = run_error_text(message);

	answer(exchange, (struct reply){.status = status,
					.body = text,
					.size = text ? strlen(text) : 0,
					.allow = allow});
	free(text);
}

/* ---- One function an endpoint ---- */

static void serve_document(const struct exchange *exchange,
			   const struct document *document)
{
	const char *etag = document->etag[0] ? document->etag : NULL;
	/* The web server may have marked it weak: W/"…". */
	bool known = etag && strstr(exchange->request->if_none_match, etag);

	answer(exchange, (struct reply){.status = known ? 304 : 200,
					.body = document->text,
					.size = document->size,
					.etag = etag,
					.cacheable = true});
}

static void serve_modules(const struct exchange *exchange)
{
	serve_document(exchange, &exchange->server->modules);
}

static void serve_openapi(const struct exchange *exchange)
{
	serve_document(exchange, &exchange->server->openapi);
}

static void serve_page(const struct exchange *exchange)
{
	size_t size = (uintptr_t)_binary_openapi_html_end -
		      (uintptr_t)_binary_openapi_html_start;

	answer(exchange, (struct reply){.status = 200,
					.type = "text/html; charset=utf-8",
					.body = _binary_openapi_html_start,
					.size = size,
					.policy = PAGE_POLICY});
}

static void serve_version(const struct exchange *exchange)
{
	static const char text[] = "{\"version\": \"" VERSION "\"}";

	answer(exchange, (struct reply){.status = 200,
					.body = text,
					.size = sizeof(text) - 1});
}

/* Each remote, and whether it is up; NULL without memory. */
static json_t *health_of_remotes(const struct server *server)
{
	json_t *remotes = json_object();

	for (int i = 0; i < REMOTES; i++)
		if (remote_is_served(server, i))
			remotes = build_with(
			    remotes, server->config.remotes[i].name,
			    json_boolean(!server->board->remotes[i].down));
	if (json_object_size(remotes))
		return remotes;
	json_decref(remotes);
	return NULL;
}

static void serve_health(const struct exchange *exchange)
{
	struct board *board = exchange->server->board;
	struct board_load load = board_load(board, exchange->slot);
	json_t *health =
	    json_pack("{s:b, s:{s:I, s:I, s:I}, s:o*}", "status", load.idle > 0,
		      "workers", "total", (json_int_t)board->workers, "idle",
		      (json_int_t)load.idle, "busy", (json_int_t)load.busy,
		      "remotes", health_of_remotes(exchange->server));
	char *text = health ? json_dumps(health, 0) : NULL;

	answer(exchange, (struct reply){.status = load.idle > 0 ? 200 : 503,
					.body = text,
					.size = text ? strlen(text) : 0});
	free(text);
	json_decref(health);
}

static void serve_metrics(const struct exchange *exchange)
{
	size_t size = 0;
	char *text = metrics_render(exchange->server, exchange->slot, &size);

	if (!text) {
		answer_error(exchange, 503, "The server ran out of memory.",
			     NULL);
		return;
	}
	answer(exchange, (struct reply){.status = 200,
					.type = METRICS_TYPE,
					.body = text,
					.size = size});
	free(text);
}

static struct run_origin origin_of(const struct request *request)
{
	return (struct run_origin){
	    .request = {.fd = request->fd,
			.request_id = (unsigned)request->fcgi.requestId,
			.id = request->id,
			.signs_of_life = request->signs_of_life},
	    .user = request->user,
	    .address = request->address};
}

/* A query that is answered without having been read, or run. */
static void refuse_query(const struct exchange *exchange, int status,
			 const char *message)
{
	const struct run_origin origin = origin_of(exchange->request);

	run_begin(exchange->slot, &origin, exchange->request->size);
	run_log(exchange->server->board, &exchange->slot->query,
		status == 200 ? "refused" : "invalid", message, 0, 0);
	answer_error(exchange, status, message, NULL);
}

static void forget_body(void *request)
{
	request_forget_body(request);
}

static void serve_query(const struct exchange *exchange)
{
	struct request *request = exchange->request;
	const struct run_origin origin = origin_of(request);
	struct run_answer result = {0};

	run_query(exchange->server, exchange->slot, &origin, request->body,
		  request->size, forget_body, request, &result);
	answer(exchange, (struct reply){
			     .status = result.status == RUN_INVALID ? 400 : 200,
			     .body = result.text,
			     .size = result.size,
			     .without_head = result.head_sent});
	free(result.text);
}

/* ---- The table ---- */

static const struct endpoint {
	const char *path;
	bool query; /* POST, and runs a module; else GET and HEAD */
	void (*serve)(const struct exchange *exchange);
} endpoints[] = {
    {"/query", true, serve_query},
    {"/modules", false, serve_modules},
    {"/healthcheck", false, serve_health},
    {"/metrics", false, serve_metrics},
    {"/version", false, serve_version},
    {"/openapi.json", false, serve_openapi},
    {"/openapi", false, serve_page},
};

static const struct endpoint *endpoint_find(const char *path)
{
	for (size_t i = 0; i < sizeof(endpoints) / sizeof(endpoints[0]); i++) {
		if (!strcmp(endpoints[i].path, path))
			return &endpoints[i];
	}
	return NULL;
}

bool route_runs_module(const char *path)
{
	const struct endpoint *endpoint = endpoint_find(path);

	return endpoint && endpoint->query;
}

static bool method_fits(const struct endpoint *endpoint, const char *method)
{
	if (endpoint->query)
		return !strcmp(method, "POST");
	return !strcmp(method, "GET") || !strcmp(method, "HEAD");
}

/* Why a body was not taken. MISP shows its user no error but with a 200. */
static const struct {
	int status;
	const char *message;
} body_errors[] = {
    [REQUEST_BODY_SHORT] = {400, "The body ended before it was complete"},
    [REQUEST_BODY_SLOW] = {408, "The body did not arrive within the time "
				"limit of this server"},
    [REQUEST_BODY_LARGE] = {413, "The body is larger than this server takes"},
    [REQUEST_BODY_MEMORY] = {200, "The server has no memory for a body of "
				  "this size"},
};

/* Reads the body whatever comes of it; false when it has been answered. */
static bool body_taken(const struct exchange *exchange, bool query)
{
	size_t max = query ? exchange->server->config.max_request : SMALL_BODY;
	enum request_body body;
	char message[192];

	exchange->slot->state = SLOT_READING;
	body = request_read(exchange->request, max);
	if (body == REQUEST_BODY_OK)
		return true;
	/* Only the limit that was passed says something. */
	if (body == REQUEST_BODY_LARGE)
		snprintf(message, sizeof(message), "%s (%zu bytes).",
			 body_errors[body].message, max);
	else
		snprintf(message, sizeof(message), "%s.",
			 body_errors[body].message);
	if (query)
		refuse_query(exchange, body_errors[body].status, message);
	else
		answer_error(exchange, body_errors[body].status, message, NULL);
	return false;
}

void route_serve(struct server *server, struct slot *slot,
		 struct request *request)
{
	const struct exchange exchange = {server, slot, request};
	const struct endpoint *endpoint = endpoint_find(request->path);
	bool query = endpoint && endpoint->query;

	if (!body_taken(&exchange, query))
		return;
	if (!endpoint)
		answer_error(&exchange, 404,
			     "There is nothing at this path. See /openapi for "
			     "what there is.",
			     NULL);
	else if (!method_fits(endpoint, request->method))
		answer_error(&exchange, 405,
			     query ? "Queries are sent with POST."
				   : "This path is read with GET.",
			     query ? "POST" : "GET, HEAD");
	else
		endpoint->serve(&exchange);
}

void route_refuse(struct server *server, struct slot *slot,
		  struct request *request)
{
	const struct exchange exchange = {server, slot, request};

	if (body_taken(&exchange, true))
		refuse_query(&exchange, 200,
			     "All workers of this server are busy, and many "
			     "queries wait already. Try again later.");
}
