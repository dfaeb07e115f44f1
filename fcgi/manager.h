/*
 * manager.h: the process that keeps the workers.
 */
#ifndef FCGI_MANAGER_H
#define FCGI_MANAGER_H

#include "server.h"

#include "reload.h"

struct manager_options {
	const char *const *files; /* of configuration, NULL-terminated */
	char **arguments;         /* of this process, for a reload */
	int listener;
	struct handover *before; /* from a reload; taken over */
	const char *socket_path; /* to remove at the end; NULL: not ours */
	bool with_porter;
};

/*
 * Runs until SIGTERM, SIGINT or SIGUSR1; running queries are finished first.
 * SIGHUP re-executes the program in this very process when the configuration
 * holds. Returns the status to exit with.
 */
int manager_run(struct server *server, const struct manager_options *options);

#endif
