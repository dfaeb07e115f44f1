/*
 * remote_ask.c: hands a query on to a remote; see remote_ask.h.
 */
#include "remote_ask.h"

#include "http.h"
#include "json.h"
#include "python_ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How long a URL that could not be reached is left alone while there are
 * others; in milliseconds. */
#define LEFT_ALONE 10000
/* An answer that is longer than this is no error. */
#define MOST_ERROR ((size_t)64 << 10)

struct asking {
	const struct remote *remote;
	struct board_remote *state;
	struct misp_query *query;
	const char *name;   /* of the server, in messages */
	const char *prefix; /* of messages that say why it did not answer */
	const char *body;
};

/* ---- What is sent ---- */

static bool is_empty(const json_t *value)
{
	return !value || json_is_null(value) ||
	       (json_is_string(value) && !*json_string_value(value));
}

/* Puts what the file has for a setting where MISP has sent none, or may send
 * none; null where that leaves none and one is needed. False without memory. */
static bool fill_setting(json_t *config, const char *name,
			 const struct misp_setting_value *value, bool needed)
{
	if (!value->locked && !is_empty(json_object_get(config, name)))
		return true;
	if (value->value)
		return json_object_set_new(config, name,
					   json_string(value->value)) == 0;
	return !(needed || value->locked) ||
	       json_object_set_new(config, name, json_null()) == 0;
}

/* Whether the file says something of any of the settings. */
static bool has_file_settings(const struct misp_query *query)
{
	const struct misp_setting *setting = query->module->settings;

	for (size_t i = 0; setting[i].name; i++)
		if (query->file_settings[i].value ||
		    query->file_settings[i].locked)
			return true;
	return false;
}

/* Modules take "config" to be whole, as MISP sends it: where it is missing (or
 * is a list, as PHP writes an empty one), it stays so unless the file has
 * something for it, and then has all of the names. */
static bool fill_settings(struct misp_query *query)
{
	const struct misp_setting *setting = query->module->settings;
	json_t *config = json_object_get(query->request, "config");
	bool whole = !json_is_object(config);

	if (!setting || (whole && !has_file_settings(query)))
		return true;
	if (whole) {
		config = json_object();
		if (json_object_set_new(query->request, "config", config) != 0)
			return false;
	}
	for (size_t i = 0; setting[i].name; i++)
		if (!fill_setting(config, setting[i].name,
				  &query->file_settings[i], whole))
			return false;
	return true;
}

/* ---- What comes back ---- */

/* An object with "error" and no results is a failure in its words; all
 * else is handed on as it is, what is no object as well. */
static const struct misp_reply *judge(struct asking *asking,
				      const struct misp_reply *reply)
{
	struct misp_json_error error;
	json_t *json;
	const json_t *words, *results;
	char *text;

	if (reply->size > MOST_ERROR &&
	    misp_json_is_object((const char *)reply->bytes, reply->size))
		return reply;
	json = misp_keep(asking->query,
			 misp_json_parse(reply->bytes, reply->size, &error));
	/* There are texts that we do not take (\u0000), but MISP does. */
	if (!json)
		json = misp_keep(
		    asking->query,
		    json_loadb((const char *)reply->bytes, reply->size,
			       JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL));
	if (!json)
		return misp_fail(asking->query,
				 "%s answered something that is not JSON.",
				 asking->name);
	words = json_object_get(json, "error");
	results = json_object_get(json, "results");
	if (!words || (results && !json_is_array(results)) ||
	    json_array_size(results))
		return reply;
	if (json_is_string(words))
		return misp_fail(asking->query, "%s", json_string_value(words));
	text =
	    misp_defer(asking->query, json_dumps(words, JSON_ENCODE_ANY), free);
	return misp_fail(asking->query, "%s", text ? text : "");
}

/* ---- Asking ---- */

/* Whether the reply, or the want of it, means that the query did not get
 * through, and can be asked elsewhere. */
static bool is_unreached(const struct misp_http *http,
			 const struct misp_reply *reply)
{
	if (!reply)
		return http->unreached;
	return reply->status == 502 || reply->status == 503 ||
	       reply->status == 504;
}

static struct misp_http *request_make(struct asking *asking,
				      const struct misp_service *service)
{
	const struct remote *remote = asking->remote;
	struct misp_http *http = misp_http(asking->query, service);

	if (!http)
		return NULL;
	misp_http_path(http, "query");
	misp_http_header(http, "Content-Type", "application/json");
	if (remote->user)
		misp_http_basic(http, remote->user, remote->password);
	http->body = asking->body;
	http->body_size = strlen(asking->body);
	return http;
}

static const struct misp_reply *ask_url(struct asking *asking, size_t index,
					bool *unreached)
{
	const struct misp_service service = {
	    .name = asking->name,
	    .url = asking->remote->urls.items[index],
	    .failures = MISP_FAILURES({MISP_OTHERWISE, asking->prefix})};
	struct misp_http *http = request_make(asking, &service);
	const struct misp_reply *reply;

	if (!http)
		return NULL;
	reply = misp_http_send(http);
	*unreached = is_unreached(http, reply);
	asking->state->left_until[index] =
	    *unreached ? misp_now() + LEFT_ALONE : 0;
	return reply && reply->status != 200 ? misp_http_fail(http, reply)
					     : reply;
}

/* Each URL once at most: one after the other is the first, and those that
 * could not be reached lately are the last. */
static const struct misp_reply *ask_urls(struct asking *asking)
{
	const size_t count = asking->remote->urls.count;
	size_t first = atomic_fetch_add(&asking->state->turn, 1);
	const struct misp_reply *reply = NULL;
	bool left[REMOTE_URLS];
	bool unreached = true;

	for (size_t i = 0; i < count; i++)
		left[i] = asking->state->left_until[i] > misp_now();
	for (size_t i = 0; unreached && i < 2 * count; i++) {
		size_t index = (first + i) % count;

		if (left[index] != (i >= count))
			continue;
		unreached = false;
		misp_forget(asking->query);
		reply = ask_url(asking, index, &unreached);
	}
	return reply;
}

/* The body as it is sent; NULL without memory. */
static const char *body_make(struct misp_query *query)
{
	if (!fill_settings(query))
		return NULL;
	return misp_defer(query, json_dumps(query->request, JSON_COMPACT),
			  free);
}

static const struct misp_reply *ask_python(const struct server *server,
					   struct asking *asking)
{
	const struct misp_reply *reply = NULL;

	asking->name = "The program of the Python modules";
	if (!server->python_socket[0])
		misp_fail(asking->query, "Python modules are served by a "
					 "running server only.");
	else if (asking->state->down)
		misp_fail(asking->query,
			  "The program of the Python modules does not run on "
			  "this server. Its log says why.");
	else
		reply = python_ask(server, asking->query, asking->body,
				   strlen(asking->body));
	return reply;
}

static const struct misp_reply *ask_server(struct asking *asking)
{
	struct misp_query *query = asking->query;
	const struct misp_net *before = query->net;
	const struct misp_reply *reply;

	asking->name =
	    misp_text(query, "The module server %s", asking->remote->name);
	asking->prefix = misp_text(query, "%s cannot answer", asking->name);
	if (!asking->name || !asking->prefix)
		return NULL;
	query->net = &asking->remote->net;
	reply = ask_urls(asking);
	query->net = before;
	return reply;
}

const struct misp_reply *remote_ask(struct server *server,
				    const struct module *module,
				    struct misp_query *query)
{
	struct asking asking = {
	    .remote = &server->config.remotes[module->remote],
	    .state = &server->board->remotes[module->remote],
	    .query = query,
	    .body = body_make(query)};
	const struct misp_reply *reply;

	query->out_of_memory = !asking.body;
	if (!asking.body)
		return NULL;
	reply = module->remote == REMOTE_PYTHON ? ask_python(server, &asking)
						: ask_server(&asking);
	return reply ? judge(&asking, reply) : NULL;
}
