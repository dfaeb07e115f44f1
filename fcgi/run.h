/*
 * run.h: the way of a query, from the bytes of its body to the JSON of its
 * answer.
 */
#ifndef FCGI_RUN_H
#define FCGI_RUN_H

#include "guard.h"
#include "server.h"

#include <jansson.h>
#include <stdbool.h>

/* Where a query comes from; outlives it. */
struct run_origin {
	struct guard_request request; /* guarded while the query runs */
	const char *user;
	const char *address;
};

enum run_status {
	RUN_OK,
	RUN_FAILED,  /* the module said why it has no results */
	RUN_REFUSED, /* not run: no such module, off, or all workers busy */
	RUN_INVALID, /* no query: answered with 400 */
};

struct run_answer {
	enum run_status status;
	char *text; /* JSON, to be freed; NULL without memory */
	size_t size;
	bool head_sent; /* the body alone is still to be sent */
};

/*
 * Runs the query in body (freed as soon as it is parsed, with release). The
 * slot says what is going on meanwhile. When it returns, guard_query_end has
 * been called; the answer is logged and counted.
 */
void run_query(struct server *server, struct slot *slot,
	       const struct run_origin *origin, const void *body, size_t size,
	       void (*release)(void *context), void *context,
	       struct run_answer *answer);

/* Notes on the slot what the log is to say of a request to run a query, and
 * that there is one. bytes: of its body. */
void run_begin(struct slot *slot, const struct run_origin *origin,
	       size_t bytes);

/* {"error": message, "results": []}, to be freed; NULL without memory. */
char *run_error_text(const char *message);

/* Writes the log line of a query that has ended. status: "ok", … */
void run_log(struct board *board, const struct slot_query *query,
	     const char *status, const char *cause, size_t bytes_out,
	     int64_t microseconds);

#endif
