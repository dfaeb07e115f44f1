/*
 * virustotal_api.h: asking the API of VirusTotal (version 3), perhaps through
 * a proxy that the module's own settings name.
 */
#ifndef MODULES_VIRUSTOTAL_API_H
#define MODULES_VIRUSTOTAL_API_H

#include "misp-module.h"

#define VIRUSTOTAL_NAME "VirusTotal"
#define VIRUSTOTAL_URL "https://www.virustotal.com/api/v3"
#define VIRUSTOTAL_PAGES "https://www.virustotal.com/gui" /* for people */

#define VIRUSTOTAL_PROXY_SETTINGS                                              \
	{"proxy_host", "A proxy for this module: http://proxy.example", NULL}, \
	    {"proxy_port", "Its port", NULL},                                  \
	    {"proxy_username", "User at the proxy, if it asks for one", NULL}, \
	{                                                                      \
		"proxy_password", "Password of that user", NULL                \
	}

/* What makes the modules different to VirusTotal. */
struct virustotal_client {
	const struct misp_service *service;
	const char *tool; /* under which VirusTotal counts the requests */
	/* Asks for relationships too that only paying customers get. */
	bool deep;
};

/* The account and the proxy; false after misp_fail. */
bool virustotal_check_key(struct misp_query *query);
bool virustotal_check_proxy(struct misp_query *query);

/* Has a request go through that proxy. */
void virustotal_use_proxy(struct misp_query *query, struct misp_http *http);

/* Fails for a reply that is none, in VirusTotal's own words where it has
 * some. */
void *virustotal_fail(struct misp_query *query,
		      const struct misp_service *service,
		      struct misp_http *http, const struct misp_reply *reply);

/* How VirusTotal calls a URL in its paths; NULL without memory. */
const char *virustotal_url_id(struct misp_query *query, const char *url);

/* The report on one thing of a collection ("domains"), borrowed; NULL after
 * misp_fail, in VirusTotal's own words where it has some. */
json_t *virustotal_report(struct misp_query *query,
			  const struct virustotal_client *client,
			  const char *collection, const char *id);

/* What is related to it, as an array; borrowed. NULL after misp_fail. */
json_t *virustotal_related(struct misp_query *query,
			   const struct virustotal_client *client,
			   const char *collection, const char *id,
			   const char *relationship);

#endif
