/*
 * handler.c: runs the handler of a module; see handler.h.
 */
#include "handler.h"

#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a caged handler's answer consists of. */
enum kind {
	KIND_TEXT = 1,
	KIND_FAILURE,
	KIND_NO_MEMORY,
	KIND_NOTHING,
	KIND_VIOLATION,
};

/* Further ones are not told: nobody reads them. */
#define MOST_VIOLATIONS 1000

static void handler_work(struct handler *handler)
{
	struct misp_query *query = handler->query;
	const struct misp_module *descriptor = query->module;
	json_t *returned;

	memory_failed(); /* whatever was before is another query's */
	returned = descriptor->query(query);
	if (returned)
		returned = result_check(descriptor, returned, &handler->report);
	handler->no_memory = memory_failed() || query->out_of_memory;
	if (returned && !handler->no_memory)
		handler->text = json_dumps(returned, JSON_COMPACT);
	/* jansson may have left out what it found no memory for. */
	if (memory_failed()) {
		handler->no_memory = true;
		free(handler->text);
		handler->text = NULL;
	}
	json_decref(returned);
}

/* ---- In the cage ---- */

static void cage_forget(void *context)
{
	const struct handler *handler = context;
	struct server *server = handler->server;

	config_forget(&server->config, &server->registry, handler->module);
	board_release(server->board, -1);
}

static void say_violation(void *context, const char *words)
{
	size_t *said = context;

	if (++*said <= MOST_VIOLATIONS)
		cage_say(KIND_VIOLATION, words, strlen(words));
}

static void cage_work(void *context)
{
	struct handler *handler = context;
	const char *failure = handler->query->failure;
	size_t said = 0;

	handler->report.violation = say_violation;
	handler->report.context = &said;
	handler_work(handler);
	if (handler->text)
		cage_say(KIND_TEXT, handler->text, strlen(handler->text));
	else if (failure[0])
		cage_say(KIND_FAILURE, failure, strlen(failure));
	else
		cage_say(handler->no_memory ? KIND_NO_MEMORY : KIND_NOTHING, "",
			 0);
	/* What it holds goes with the process. */
}

/* ---- Outside ---- */

static void cage_hear(void *context, char kind, char *bytes, size_t size)
{
	struct handler *handler = context;

	(void)size;
	switch ((enum kind)kind) {
	case KIND_TEXT:
		free(handler->text);
		handler->text = bytes;
		return;
	case KIND_FAILURE:
		misp_fail(handler->query, "%s", bytes);
		break;
	case KIND_NO_MEMORY:
		handler->no_memory = true;
		break;
	case KIND_VIOLATION:
		handler->report.violation(handler->report.context, bytes);
		break;
	case KIND_NOTHING:
		break;
	}
	free(bytes);
}

static enum cage_end handler_run_caged(struct handler *handler)
{
	const struct config *config = &handler->server->config;
	struct cage *cage = &handler->cage;
	enum cage_end end;

	*cage = (struct cage){
	    .reads = handler->query->module->reads,
	    .memory =
		config->max_memory ? config->max_memory : CONFIG_MAX_MEMORY,
	    .seconds = misp_remaining(handler->query) / 1000 + 1,
	    .most = config->max_request,
	    .forget = cage_forget,
	    .work = cage_work,
	    .hear = cage_hear,
	    .context = handler,
	};
	end = cage_run(cage);
	if (end != CAGE_DONE) {
		free(handler->text);
		handler->text = NULL;
	}
	return end;
}

enum cage_end handler_run(struct handler *handler)
{
	struct misp_query *query = handler->query;
	const struct misp_module *descriptor = query->module;

	handler->text = NULL;
	handler->no_memory = false;
	if (descriptor->prepare && !descriptor->prepare(query))
		return CAGE_DONE;
	if (descriptor->caged)
		return handler_run_caged(handler);
	handler_work(handler);
	return CAGE_DONE;
}
