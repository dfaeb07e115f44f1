/*
 * listener.h: the socket that the web server connects to.
 */
#ifndef FCGI_LISTENER_H
#define FCGI_LISTENER_H

#include <stdbool.h>

/* Whether fd is a listening socket. */
bool listener_is(int fd);

/*
 * A listening unix socket at path, for its owner and group (0660). A socket
 * that nobody listens on any more is replaced; one that somebody does is
 * left alone. Returns the descriptor (close-on-exec, non-blocking), or -1
 * after a line in the log.
 */
int listener_open(const char *path);

/* Removes the socket's file, wherever it is. */
void listener_remove(int fd);

/* Whether it listens at path. */
bool listener_is_at(int fd, const char *path);

/* The inherited listener, made close-on-exec and non-blocking. */
int listener_inherit(int fd);

#endif
