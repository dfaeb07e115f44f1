/*
 * route.h: the endpoints: which path and method is answered how.
 */
#ifndef FCGI_ROUTE_H
#define FCGI_ROUTE_H

#include "request.h"
#include "server.h"

/* Whether requests for this path run modules, and so take their turn. */
bool route_runs_module(const char *path);

/* Reads the rest of the request and answers it. */
void route_serve(struct server *server, struct slot *slot,
		 struct request *request);

/* The same for a query that cannot even wait for its turn. */
void route_refuse(struct server *server, struct slot *slot,
		  struct request *request);

#endif
