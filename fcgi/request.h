/*
 * request.h: one FastCGI request: accepted, read, bounded.
 */
#ifndef FCGI_REQUEST_H
#define FCGI_REQUEST_H

#include <fcgiapp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REQUEST_ID_SIZE 65

struct request {
	FCGX_Request fcgi;
	int fd;
	/* From the web server, borrowed from fcgi; never NULL. */
	const char *method;
	const char *path;
	const char *user;    /* "" without authentication */
	const char *address; /* of the client; "" when not told */
	const char *if_none_match;
	bool signs_of_life;       /* see guard.h */
	char id[REQUEST_ID_SIZE]; /* the web server's, or made here */
	unsigned char *body;      /* NUL behind it; NULL before it is read */
	size_t size;
};

enum request_body {
	REQUEST_BODY_OK,
	REQUEST_BODY_SHORT, /* the web server stopped in the middle */
	REQUEST_BODY_SLOW,  /* it was not there when the time was over */
	REQUEST_BODY_LARGE,
	REQUEST_BODY_MEMORY,
};

/* Once in a process, before all others. -1 when libfcgi cannot start. */
int request_library_start(void);

/*
 * Takes a connection from the listener and reads a request's parameters, until
 * milliseconds from now. Returns 0; -1 when there was no connection to take
 * or it held no request, and nothing is left to be closed.
 */
int request_accept(struct request *request, int listener, int64_t milliseconds);

/*
 * Reads the body to its end, at most max bytes of it (what is beyond is read
 * and thrown away: libfcgi and the web server need that).
 */
enum request_body request_read(struct request *request, size_t max);

/* Frees the body early. */
void request_forget_body(struct request *request);

/* Closes the connection. */
void request_close(struct request *request);

#endif
