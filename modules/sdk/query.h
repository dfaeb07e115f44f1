/*
 * query.h: the inside of a misp_query. The responder fills it in; the SDK's
 * own files read it; a module never sees it.
 */
#ifndef MISP_SDK_QUERY_H
#define MISP_SDK_QUERY_H

#include "misp-module.h"
#include "net.h"

/* Where the value of a setting came from the configuration file. */
struct misp_setting_value {
	const char *value; /* NULL: not set in the file */
	bool locked;       /* the request may not replace it */
};

struct misp_deferred; /* what is released when the query ends */

struct misp_query {
	const struct misp_module *module; /* borrowed */
	json_t *request; /* borrowed: the body, of which misp_file takes the
			    file away */
	/* One entry for each of module->settings, borrowed; NULL: none set. */
	const struct misp_setting_value *file_settings;
	int64_t deadline; /* CLOCK_MONOTONIC, milliseconds */
	/* Borrowed; NULL: the defaults. */
	const struct misp_net *net;
	/* The module's own in the file, or NULL: a proxy's URL ("none": no
	 * proxy), and what replaces the URL of its first service. */
	const char *proxy;
	const char *endpoint;

	/* Takes rows that are complete out of their list, on their way to the
	 * answer; NULL: they stay until the end. */
	void (*hand_over)(void *context, json_t *rows);
	void *hand_over_context;

	/* What follows starts as zero. */
	char failure[1024]; /* misp_fail's message; "" when none */
	bool out_of_memory; /* what the module made may lack something */
	char dns_message[256];
	struct misp_attribute attribute;
	unsigned char *file;
	size_t file_size;
	struct misp_deferred *deferred;
};

/* Milliseconds of CLOCK_MONOTONIC. */
MISP_API int64_t misp_now(void);

/* Whether a setting has the value that the descriptor gives it. */
bool setting_is_default(struct misp_query *query, const char *name);

/* Frees the file as it came in the request: it is large, and not needed where
 * it was decoded, or is decoded elsewhere. */
MISP_API void misp_drop_encoded(struct misp_query *query);

/* Releases all that the query holds (not the borrowed members). */
MISP_API void misp_query_end(struct misp_query *query);

#endif
