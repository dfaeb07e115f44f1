/*
 * server.h: what a process serves: read and rendered once by the manager
 * before it forks, and not changed afterwards.
 */
#ifndef FCGI_SERVER_H
#define FCGI_SERVER_H

#include "board.h"
#include "config.h"
#include "registry.h"

#include <sys/un.h>

/* A document that is rendered once. */
struct document {
	char *text;
	size_t size;
	char etag[40]; /* quoted; "" when none */
};

struct server {
	struct config config;
	struct registry registry;
	struct document modules; /* /modules */
	struct document openapi; /* /openapi.json */
	/* When a remote's list had changed last, as the lists were read. */
	struct timespec lists_time;
	/* Where the Python modules are served; "" when they are not. */
	char python_socket[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
	struct board *board;
	int board_fd;
};

/* The configuration files to read: those named (NULL-terminated), else the
 * default one where it exists. */
const char *const *server_files(const char *const *files);

/*
 * Reads the configuration files (NULL-terminated; none: the default file if
 * there is one), loads the modules, renders the documents. Returns 0; -1 when
 * the configuration does not hold, with server->config.errors saying why, or
 * when memory ran out. server can be freed in either case.
 */
int server_load(struct server *server, const char *const *files);

/* Whether there is a remote at this place that queries can be for. */
bool remote_is_served(const struct server *server, int index);

void server_free(struct server *server);

#endif
