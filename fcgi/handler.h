/*
 * handler.h: runs the handler of a module and makes its answer: in this
 * process, or in a cage if the module wants one.
 */
#ifndef FCGI_HANDLER_H
#define FCGI_HANDLER_H

#include "cage.h"
#include "result.h"
#include "server.h"

#include <stdbool.h>

/* A text that grows. */
struct text {
	char *bytes;
	size_t size;
	size_t capacity;
};

struct handler {
	struct server *server;
	const struct module *module;
	struct misp_query *query; /* its failure is set as if there were no
				     cage */
	struct result_report report;
	struct text text;   /* the answer's JSON, to be freed; NULL: none */
	bool no_memory;     /* for it */
	bool caged;         /* this is the process in the cage */
	bool done;          /* the text is the whole of the answer */
	size_t handed_over; /* rows, before the end */
	size_t rows;        /* of them those that are in the text */
	size_t violations;  /* that were said in the cage */
	bool rubbish;       /* the cage says what is no answer */
	struct cage cage;
};

/* Fills in text, or says why there is none: query->failure, no_memory, or an
 * end that is not CAGE_DONE. */
enum cage_end handler_run(struct handler *handler);

#endif
