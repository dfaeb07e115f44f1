/*
 * command_serve.c: serve, and what mod_fcgid starts; see command.h.
 */
#include "command.h"

#include "listener.h"
#include "log.h"
#include "manager.h"
#include "memory.h"
#include "server.h"

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

/* A listener from before a reload, else an own, else fd 0; -1 after a line
 * in the log. */
static int listener_find(const char *path, const struct handover *before)
{
	if (before->listener >= 0)
		return listener_inherit(before->listener);
	if (path)
		return listener_open(path);
	if (listener_is(STDIN_FILENO))
		return listener_inherit(STDIN_FILENO);
	log_message(
	    LOG_LEVEL_ERROR,
	    "no socket: name one with --socket, or start this from "
	    "something that passes a listening socket on fd 0 (systemd, "
	    "spawn-fcgi)");
	return -1;
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

static int serve(const struct command_options *options, const char *path,
		 struct server *server, bool with_porter)
{
	struct handover before;
	struct manager_options manager = {.files = options->files,
					  .arguments = options->arguments,
					  .before = &before,
					  .with_porter = with_porter};
	int status = EXIT_FAILURE;

	handover_take(&before);
	manager.socket_path = path;
	manager.listener = listener_find(path, &before);
	if (manager.listener >= 0)
		status = manager_run(server, &manager);
	handover_free(&before);
	return status;
}

static int serve_with(const struct command_options *options, bool fcgid)
{
	struct server server;
	int status = EXIT_FAILURE;
	int loaded;

	memory_tune();
	loaded = server_load(&server, options->files);
	log_failures(&server);
	log_open(server.config.log);
	if (loaded == 0) {
		if (options->workers > 0)
			server.config.workers = options->workers;
		if (fcgid)
			server.config.workers = 1;
		memory_trim();
		status = serve(options,
			       fcgid ? NULL : socket_wanted(options, &server),
			       &server, !fcgid);
	}
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
