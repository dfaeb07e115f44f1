/*
 * remote_fetch.c: asks the remotes for their modules, in the background; see
 * remote.h.
 */
#include "http.h"
#include "log.h"
#include "python.h"
#include "server.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Milliseconds that a server has for its list, and between two looks at one
 * that is up, and at one that is not. */
#define LIST_LIMIT 10000
#define LOOK_AGAIN 60000
#define LOOK_AGAIN_DOWN 5000

/* ---- One server ---- */

static json_t *fetch_json(struct misp_query *query, const struct remote *remote,
			  const struct misp_service *service)
{
	struct misp_http *http = misp_http(query, service);
	const struct misp_reply *reply;
	json_t *json;

	if (!http)
		return NULL;
	misp_http_path(http, "modules");
	if (remote->user)
		misp_http_basic(http, remote->user, remote->password);
	reply = misp_http_fetch(http);
	if (!reply)
		return NULL;
	json = misp_reply_json_whole(query, reply);
	if (!json_is_array(json))
		return misp_fail(query, "its /modules is no list of modules");
	return json_incref(json);
}

json_t *remote_fetch(const struct remote *remote, const char *url,
		     long milliseconds, char *reason, size_t size)
{
	const struct misp_service service = {.name = remote->name, .url = url};
	const struct misp_service *const services[] = {&service, NULL};
	const struct misp_module module = {.name = remote->name,
					   .services = services};
	struct misp_query query = {.module = &module,
				   .net = &remote->net,
				   .deadline = misp_now() + milliseconds};
	json_t *list = fetch_json(&query, remote, &service);

	if (!list)
		snprintf(reason, size, "%s",
			 query.failure[0] ? query.failure : "out of memory");
	misp_query_end(&query);
	return list;
}

/* ---- One remote ---- */

struct watch {
	int64_t next; /* misp_now() */
	bool down[REMOTE_URLS];
	char reason[256];
};

static void note_state(struct watch *watch, const struct remote *remote,
		       size_t i, bool down)
{
	if (down && !watch->down[i])
		log_message(LOG_LEVEL_WARNING,
			    "the module server %s (its URL number %zu) is "
			    "down: %s",
			    remote->name, i + 1, watch->reason);
	else if (!down && watch->down[i])
		log_message(LOG_LEVEL_INFO,
			    "the module server %s (its URL number %zu) is up "
			    "again",
			    remote->name, i + 1);
	watch->down[i] = down;
}

static void keep(struct server *server, const struct remote *remote,
		 json_t *list)
{
	if (remote_list_keep(&server->config, remote, list) < 0)
		log_message(LOG_LEVEL_ERROR,
			    "cannot keep the list of the module server %s in "
			    "%s: %s (server { cache })",
			    remote->name, server->config.cache,
			    strerror(errno));
}

/* Looks at every server of a remote; the first that answers has the list. */
static void look_at(struct server *server, struct watch *watch, size_t index)
{
	const struct remote *remote = &server->config.remotes[index];
	struct board_remote *state = &server->board->remotes[index];
	bool up = false;

	for (size_t i = 0; i < remote->urls.count; i++) {
		json_t *list =
		    remote_fetch(remote, remote->urls.items[i], LIST_LIMIT,
				 watch->reason, sizeof(watch->reason));

		note_state(watch, remote, i, !list);
		if (list && !up)
			keep(server, remote, list);
		up = up || list;
		/* It is tried again by queries before it is by us. */
		state->left_until[i] =
		    list ? 0 : misp_now() + LOOK_AGAIN_DOWN + LIST_LIMIT;
		json_decref(list);
	}
	state->down = !up;
	watch->next = misp_now() + (up ? LOOK_AGAIN : LOOK_AGAIN_DOWN);
}

/* ---- All of them ---- */

int remote_fetch_loop(struct server *server, bool (*stop_is_asked)(void),
		      const sigset_t *while_waiting)
{
	const struct timespec tick = {0, 500 * 1000000L};
	struct watch *watches = calloc(REMOTES, sizeof(*watches));

	if (!watches)
		return EXIT_FAILURE;
	while (!stop_is_asked()) {
		for (size_t i = REMOTE_PYTHON + 1; i < REMOTES; i++)
			if (remote_is_there(&server->config.remotes[i]) &&
			    misp_now() >= watches[i].next && !stop_is_asked())
				look_at(server, &watches[i], i);
		ppoll(NULL, 0, &tick, while_waiting);
	}
	free(watches);
	return EXIT_SUCCESS;
}
