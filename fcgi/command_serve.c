/*
 * command_serve.c: serve, and what mod_fcgid starts; see command.h.
 */
#include "command.h"

#include "cage_lock.h"
#include "listener.h"
#include "log.h"
#include "manager.h"
#include "memory.h"
#include "server.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/* --socket, else the one in the file; NULL: fd 0. */
static const char *socket_wanted(const struct command_options *options,
				 const struct server *server)
{
	if (options->socket)
		return options->socket;
	return server->config.socket;
}

/* Sees to it that there is a listener: that of before a reload, else an own,
 * else fd 0. -1 after a line in the log. */
static int listener_find(const char *path, struct handover *handover)
{
	int listener = handover->listener;

	if (listener >= 0) {
		if (path && !listener_is_at(listener, path))
			log_message(LOG_LEVEL_WARNING,
				    "the socket stays where it was: only a "
				    "restart moves it to %s",
				    path);
	} else if (path) {
		listener = listener_open(path);
		handover->own_socket = true;
	} else if (listener_is(STDIN_FILENO)) {
		listener = STDIN_FILENO;
	} else {
		log_message(LOG_LEVEL_ERROR,
			    "no socket: name one with --socket, or start this "
			    "from something that passes a listening socket on "
			    "fd 0 (systemd, spawn-fcgi)");
	}
	handover->listener = listener < 0 ? -1 : listener_inherit(listener);
	return handover->listener < 0 ? -1 : 0;
}

static void log_failures(const struct server *server)
{
	for (size_t i = 0; i < server->config.error_count; i++)
		log_message(LOG_LEVEL_ERROR, "%s", server->config.errors[i]);
	for (size_t i = 0; i < server->registry.failure_count; i++)
		log_message(LOG_LEVEL_WARNING, "module not loaded: %s: %s",
			    server->registry.failures[i].path,
			    server->registry.failures[i].reason);
}

/* A reload that is asked for before there is a manager waits for it. */
static void signals_hold(void)
{
	sigset_t held;

	sigemptyset(&held);
	sigaddset(&held, SIGHUP);
	sigaddset(&held, SIGUSR1);
	sigaddset(&held, SIGUSR2);
	sigprocmask(SIG_BLOCK, &held, NULL);
}

static int serve_with(const struct command_options *options, bool fcgid)
{
	struct server server;
	struct handover handover;
	struct manager_options manager = {.files = options->files,
					  .arguments = options->arguments,
					  .before = &handover,
					  .with_porter = !fcgid};
	const char *path = NULL;
	int status = EXIT_FAILURE;

	signals_hold();
	memory_tune();
	handover_take(&handover);
	manager.in_need = server_load(&server, options->files) != 0;
	log_failures(&server);
	log_open(server.config.log);
	/* A first start that fails, fails; after a reload there are others to
	 * think of. */
	if (manager.in_need && handover.listener < 0)
		goto done;
	if (options->workers > 0)
		server.config.workers = options->workers;
	if (fcgid) {
		server.config.workers = 1;
		server.config.python.workers = 1;
	} else if (!manager.in_need)
		path = socket_wanted(options, &server);
	cage_lock_prepare(); /* the workers inherit it */
	memory_trim();
	if (listener_find(path, &handover) == 0)
		status = manager_run(&server, &manager);
	if (handover.own_socket && handover.listener >= 0)
		listener_remove(handover.listener);
	if (handover.python.listener >= 0)
		listener_remove(handover.python.listener);
done:
	handover_free(&handover);
	server_free(&server);
	return status;
}

int command_serve(const struct command_options *options)
{
	return serve_with(options, false);
}

int command_fcgid(const struct command_options *options)
{
	return serve_with(options, true);
}
