/*
 * joe_api.c: asking the web API of Joe Sandbox.
 */
#include "joe_api.h"

const struct misp_service joe_service = {
    .name = "Joe Sandbox",
    .url = "https://jbxcloud.joesecurity.org/api",
    .url_setting = "apiurl",
};

struct misp_http *joe_request(struct misp_query *query, const char *apikey,
			      const char *group, const char *act)
{
	struct misp_http *http = misp_http(query, &joe_service);
	misp_http_path(http, "v2", group, act);
	misp_http_field(http, "apikey", apikey);
	return http;
}

json_t *joe_fetch(struct misp_query *query, struct misp_http *http,
		  const char *member, const struct misp_reply **reply)
{
	const struct misp_reply *got = misp_http_send(http);
	if (!got)
		return NULL;
	const json_t *json = misp_reply_json_whole(query, got);
	if (got->status < 200 || got->status > 299) {
		const char *message =
		    misp_text_at(query, json, "errors.0.message");
		return message ? misp_fail(query, "%s", message)
			       : misp_http_fail(http, got);
	}
	/* Sentences of Joe Security's own client, which people know. */
	if (!json)
		return misp_fail(query,
				 "The server responded with an unexpected "
				 "format (%d). Is the API url correct?",
				 got->status);
	json_t *found = misp_at(json, member);
	if (!found)
		return misp_fail(query,
				 "Unexpected data (%d). Is the API url "
				 "correct?",
				 got->status);
	if (reply)
		*reply = got;
	return found;
}
