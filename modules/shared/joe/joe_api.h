/*
 * joe_api.h: the web API of Joe Sandbox: of its cloud, or of the server that
 * the setting apiurl names.
 */
#ifndef MODULES_JOE_API_H
#define MODULES_JOE_API_H

#include "misp-module.h"

/* Settings of every module that asks it. */
#define JOE_SETTINGS                                                     \
	{"apiurl", "Address of your own server's API; else the cloud's", \
	 NULL},                                                          \
	{                                                                \
		"apikey", "API key of Joe Sandbox", NULL                 \
	}

extern const struct misp_service joe_service;

/* A request to /v2/GROUP/ACT, with the key. */
struct misp_http *joe_request(struct misp_query *query, const char *apikey,
			      const char *group, const char *act);

/*
 * Sends it. A member of the reply ("data"), borrowed, and in *reply, unless
 * that is NULL, the reply itself. NULL after misp_fail in the words of the
 * API, where it has some.
 */
json_t *joe_fetch(struct misp_query *query, struct misp_http *http,
		  const char *member, const struct misp_reply **reply);

#endif
