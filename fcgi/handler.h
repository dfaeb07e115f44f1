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

struct handler {
	struct server *server;
	const struct module *module;
	struct misp_query *query; /* its failure is set as if there were no
				     cage */
	struct result_report report;
	char *text;     /* the answer's JSON, to be freed; NULL: none */
	bool no_memory; /* for it */
	struct cage cage;
};

/* Fills in text, or says why there is none: query->failure, no_memory, or an
 * end that is not CAGE_DONE. */
enum cage_end handler_run(struct handler *handler);

#endif
