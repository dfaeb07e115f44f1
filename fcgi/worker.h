/*
 * worker.h: a process that answers one request at a time.
 */
#ifndef FCGI_WORKER_H
#define FCGI_WORKER_H

#include "server.h"

/*
 * Runs in a process just forked by the manager, with SIGTERM and SIGUSR1
 * blocked. Serves until one of them arrives (between requests) or the manager
 * is gone. Returns the status to exit with.
 */
int worker_run(struct server *server, struct slot *slot, int listener,
	       pid_t manager);

#endif
