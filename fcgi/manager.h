/*
 * manager.h: the process that keeps the workers.
 */
#ifndef FCGI_MANAGER_H
#define FCGI_MANAGER_H

#include "reload.h"
#include "server.h"

struct manager_options {
	const char *const *files; /* of configuration, NULL-terminated */
	char **arguments;         /* of this process, for a reload */
	struct handover *before;  /* from a reload; with the listener */
	bool with_porter;
	/*
	 * After a reload, the configuration that had been checked could not be
	 * read any more. The workers of before go on; no new ones are started
	 * until a reload succeeds, which is tried again and again.
	 */
	bool in_need;
};

/*
 * Runs until SIGTERM, SIGINT or SIGUSR1; running queries are finished first.
 * SIGHUP re-executes the program in this very process when the configuration
 * holds. Returns the status to exit with.
 */
int manager_run(struct server *server, const struct manager_options *options);

#endif
