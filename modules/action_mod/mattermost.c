/*
 * mattermost.c: posts a message to a channel of Mattermost.
 */
#include "action_message.h"

/* Where it is, a parameter says. */
static const struct misp_service mattermost_service = {.name = "Mattermost"};

static json_t *mattermost_query(struct misp_query *query)
{
	const char *url = action_parameter(query, "mattermost_hostname");
	const char *token =
	    url ? action_parameter(query, "bot_access_token") : NULL;
	const char *channel =
	    token ? action_parameter(query, "channel_id") : NULL;
	const char *message = channel ? action_message(query) : NULL;
	if (!message)
		return NULL;
	struct misp_http *http = misp_http(query, &mattermost_service);
	misp_http_own_url(http, url);
	misp_http_path(http, "api", "v4", "posts");
	misp_http_header(http, "Authorization",
			 misp_text(query, "Bearer %s", token));
	misp_http_json(http, json_pack("{s:s, s:s}", "channel_id", channel,
				       "message", message));
	return misp_http_fetch(http) ? misp_done(true) : NULL;
}

MISP_MODULE(
    mattermost, .types = MISP_ACTION, .query = mattermost_query,
    .title = "Mattermost", .version = "0.1",
    .author = "MISP modules FastCGI server",
    .description = "Posts a message to a channel of Mattermost.",
    .features = "The message is made of a template, or is the data that the "
		"workflow hands over. What Mattermost says against it is the "
		"action's error.",
    .input_text = "What the workflow hands over.", .output_text = "Success.",
    .references =
	MISP_LIST("https://developers.mattermost.com/api-documentation/"),
    .support_filters = true,
    .parameters = MISP_PARAMETERS(
	{.name = "mattermost_hostname",
	 .type = "string",
	 .description = "The Mattermost domain or URL",
	 .value = "example.mattermost.com"},
	{.name = "bot_access_token",
	 .type = "string",
	 .description = "Access token generated when you created the bot "
			"account"},
	{.name = "channel_id",
	 .type = "string",
	 .description = "The channel you added the bot to"},
	ACTION_MESSAGE_PARAMETER));
