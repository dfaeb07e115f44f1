/*
 * abuse_ch.h: what the services of abuse.ch have in common: one key for all,
 * and a word on how the query went.
 */
#ifndef MODULES_ABUSE_CH_H
#define MODULES_ABUSE_CH_H

#include "misp-module.h"

#define ABUSE_CH_SETTINGS \
	MISP_SETTINGS({"auth_key", "Key of https://auth.abuse.ch/", NULL})

/* The key; NULL after misp_fail. */
static inline const char *abuse_ch_key(struct misp_query *query)
{
	return misp_setting_or(query, "auth_key",
			       "A auth key is required to access all abuse.ch "
			       "API services.");
}

/* Sends the request with the key; the reply, borrowed, if it says how the
 * query went (*status: "ok", "no_results", …). NULL after misp_fail. */
static inline json_t *abuse_ch_ask(struct misp_query *query,
				   struct misp_http *http, const char *key,
				   const char **status)
{
	misp_http_slash(http);
	misp_http_header(http, "Auth-Key", key);
	json_t *reply = misp_http_fetch_json(http);
	*status = misp_text_at(query, reply, "query_status");
	if (!reply || *status)
		return reply;
	return misp_fail(query, "abuse.ch did not say how the query went");
}

#endif
