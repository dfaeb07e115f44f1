/*
 * metrics.h: /metrics, in the Prometheus text format 0.0.4.
 */
#ifndef FCGI_METRICS_H
#define FCGI_METRICS_H

#include "server.h"

#define METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* The text, to be freed, and its size; NULL without memory. asker: see
 * board_load. */
char *metrics_render(struct server *server, const struct slot *asker,
		     size_t *size);

#endif
