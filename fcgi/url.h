/*
 * url.h: what a URL that an administrator or a module's author has written
 * points at.
 */
#ifndef FCGI_URL_H
#define FCGI_URL_H

#include <stdbool.h>
#include <stddef.h>

/* Beginnings of URLs, for url_host; they end with NULL. */
extern const char *const url_http[];  /* http, https */
extern const char *const url_proxy[]; /* and SOCKS */

/*
 * The host of a URL, to be freed. NULL when it is no URL, has no host, begins
 * with none of these, or memory ran out.
 */
char *url_host(const char *url, const char *const *beginnings);

/* The user of a URL, with the password ("user:password"), and how long that is
 * (unless length is NULL). NULL when there is none, or it is no URL. */
const char *url_user(const char *url, size_t *length);

/* Whether text is a host name: letters, digits, "-", "_" and dots, each of
 * them between others. */
bool url_is_host_name(const char *text);

#endif
