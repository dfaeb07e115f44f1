/*
 * api_reply.h: the JSON of a service whose clients match on sentences that
 * name the service and its HTTP status.
 */
#ifndef MODULES_API_REPLY_H
#define MODULES_API_REPLY_H

#include "misp-module.h"

static inline void *api_reply_invalid(struct misp_query *query,
				      const char *service)
{
	return misp_fail(query, "%s API returned an invalid JSON response.",
			 service);
}

/* Borrowed; NULL after misp_fail when the status is not 2xx or there is no
 * JSON object or array. Which statuses the service's failures list is for the
 * caller to look at before. */
static inline json_t *api_reply_json(struct misp_query *query,
				     const struct misp_reply *reply,
				     const char *service)
{
	if (!reply)
		return NULL;
	if (reply->status < 200 || reply->status >= 300)
		return misp_fail(query, "%s API returned HTTP status %d.",
				 service, reply->status);
	json_t *json = misp_reply_json(query, reply);
	if (!json_is_object(json) && !json_is_array(json))
		return api_reply_invalid(query, service);
	return json;
}

#endif
