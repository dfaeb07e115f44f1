/*
 * slack.c: posts a message to a channel of Slack.
 */
#include "action_message.h"

static const struct misp_service slack_service = {
    .name = "Slack",
    .url = "https://slack.com/api",
};

static json_t *slack_query(struct misp_query *query)
{
	const char *token = action_parameter(query, "slack_bot_token");
	const char *channel =
	    token ? action_parameter(query, "channel_id") : NULL;
	const char *message = channel ? action_message(query) : NULL;
	if (!message)
		return NULL;
	struct misp_http *http = misp_http(query, &slack_service);
	misp_http_path(http, "chat.postMessage");
	misp_http_header(http, "Authorization",
			 misp_text(query, "Bearer %s", token));
	misp_http_json(
	    http, json_pack("{s:s, s:s}", "channel", channel, "text", message));
	const json_t *reply = misp_http_fetch_json(http);
	if (!reply)
		return NULL;
	/* Slack says it in the reply, with status 200. */
	if (json_is_true(json_object_get(reply, "ok")))
		return misp_done(true);
	const char *words = misp_text_at(query, reply, "error");
	return misp_fail(query, "Slack did not post the message: %s",
			 words ? words : "it does not say why");
}

MISP_MODULE(
    slack, .types = MISP_ACTION, .query = slack_query, .title = "Slack",
    .version = "0.1", .author = "MISP modules FastCGI server",
    .description = "Posts a message to a channel of Slack.",
    .features = "The message is made of a template, or is the data that the "
		"workflow hands over. What Slack says against it is the "
		"action's error.",
    .input_text = "What the workflow hands over.", .output_text = "Success.",
    .references = MISP_LIST("https://api.slack.com/methods/chat.postMessage"),
    .services = MISP_SERVICES(&slack_service), .support_filters = true,
    .parameters = MISP_PARAMETERS(
	{.name = "slack_bot_token",
	 .type = "string",
	 .description = "The Slack bot token generated when you created the "
			"bot account"},
	{.name = "channel_id",
	 .type = "string",
	 .description = "The channel ID you want to post messages to"},
	ACTION_MESSAGE_PARAMETER));
