/*
 * reply.h: an HTTP reply, written to the web server as FastCGI records.
 */
#ifndef FCGI_REPLY_H
#define FCGI_REPLY_H

#include "request.h"

#include <stdbool.h>
#include <stddef.h>

struct reply {
	int status;
	const char *type; /* Content-Type; NULL: application/json */
	const char *body; /* borrowed; may be NULL */
	size_t size;
	/* Further headers, each only when set. */
	const char *etag;
	const char *allow;
	const char *policy; /* Content-Security-Policy */
	bool cacheable;     /* else Cache-Control: no-store */
	bool without_head;  /* it has been sent already */
	bool without_body;  /* to a HEAD; Content-Length is still told */
};

/*
 * Writes reply in as few system calls as its size allows. Returns 0, or -1
 * when the web server has gone away or did not read until the deadline that
 * the guard keeps.
 */
int reply_send(const struct request *request, const struct reply *reply);

#endif
