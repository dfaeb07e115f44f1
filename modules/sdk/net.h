/*
 * net.h: what the administrator has set for talking to the world.
 */
#ifndef MISP_SDK_NET_H
#define MISP_SDK_NET_H

#include <stdbool.h>
#include <stddef.h>

/* http { … } and dns { … }. Strings are borrowed; NULL: not set. */
struct misp_net {
	const char *proxy;    /* URL of a proxy for all modules */
	const char *no_proxy; /* hosts that are asked without it */
	const char *ca_file; /* certificates to trust instead of the system's */
	const char *user_agent;
	/* "HOST:PORT:INSTEAD:PORT", several with spaces between them, as in
	 * curl's --connect-to; an empty HOST or PORT is any. */
	const char *connect_to;
	const char *nameserver; /* to ask where a module's settings name none */
	long connect_timeout;   /* seconds */
	size_t max_response;    /* bytes, decoded */
	bool allow_private; /* any_host modules may reach private addresses */
};

/* What holds where nothing is set. */
#define NET_USER_AGENT "misp-modules/" VERSION
enum {
	NET_CONNECT_TIMEOUT = 5,
	NET_MAX_RESPONSE = 64 << 20,
};

#endif
