/*
 * nextcloud_talk.c: sends a message to a conversation of Nextcloud Talk.
 */
#include "action_message.h"

/* Where it is, a parameter says. */
static const struct misp_service nextcloud_service = {.name = "Nextcloud"};

/* Fails in Nextcloud's own words, where it has some. */
static void *refused(struct misp_query *query, struct misp_http *http,
		     const struct misp_reply *reply)
{
	const char *words = misp_text_at(query, misp_reply_json(query, reply),
					 "ocs.meta.message");
	return words ? misp_fail(query, "Nextcloud answered %d: %.200s",
				 reply->status, words)
		     : misp_http_fail(http, reply);
}

static json_t *nextcloud_query(struct misp_query *query)
{
	const char *url = action_parameter(query, "nextcloud_baseurl");
	const char *user =
	    url ? action_parameter(query, "nextcloud_app_uuid_login") : NULL;
	const char *password =
	    user ? action_parameter(query, "app_access_token") : NULL;
	const char *conversation =
	    password ? action_parameter(query, "nextcloud_conversation_token")
		     : NULL;
	const char *message = conversation ? action_message(query) : NULL;
	if (!message)
		return NULL;
	struct misp_http *http = misp_http(query, &nextcloud_service);
	misp_http_own_url(http, url);
	misp_http_path(http, "ocs", "v2.php", "apps", "spreed", "api", "v1",
		       "chat", conversation);
	misp_http_basic(http, user, password);
	misp_http_header(http, "OCS-APIRequest", "true");
	misp_http_header(http, "Accept", "application/json");
	misp_http_json(http, json_pack("{s:s}", "message", message));
	const struct misp_reply *reply = misp_http_send(http);
	if (!reply)
		return NULL;
	if (reply->status < 200 || reply->status > 299)
		return refused(query, http, reply);
	return misp_done(true);
}

MISP_MODULE(
    nextcloud_talk, .types = MISP_ACTION, .query = nextcloud_query,
    .title = "Nextcloud talk", .version = "0.1",
    .author = "MISP modules FastCGI server",
    .description = "Sends a message to a conversation of Nextcloud Talk.",
    .features = "The message is made of a template, or is the data that the "
		"workflow hands over. What Nextcloud says against it is the "
		"action's error.",
    .input_text = "What the workflow hands over.", .output_text = "Success.",
    .references = MISP_LIST("https://nextcloud-talk.readthedocs.io/"),
    .support_filters = true,
    .parameters = MISP_PARAMETERS(
	{.name = "nextcloud_baseurl",
	 .type = "string",
	 .description = "The Nextcloud domain or URL",
	 .value = "https://example.nextcloud.org:443"},
	{.name = "nextcloud_app_uuid_login",
	 .type = "string",
	 .description = "The Nextcloud username"},
	{.name = "app_access_token",
	 .type = "string",
	 .description = "The Nextcloud application token"},
	{.name = "nextcloud_conversation_token",
	 .type = "string",
	 .description = "The token of the conversation the message should be "
			"sent to"},
	ACTION_MESSAGE_PARAMETER));
