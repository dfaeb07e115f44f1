/*
 * handler.c: runs the handler of a module; see handler.h.
 */
#include "handler.h"

#include "dump.h"
#include "json.h"
#include "memory.h"
#include "remote_ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a caged handler's answer consists of; the texts of its pieces together
 * are its JSON. */
enum kind {
	KIND_TEXT = 1,
	KIND_DONE, /* it is whole */
	KIND_FAILURE,
	KIND_NO_MEMORY,
	KIND_NOTHING,
	KIND_VIOLATION,
};

/* Further ones are not told: nobody reads them. */
#define MOST_VIOLATIONS 1000
/* Of a text that leaves the cage, in bytes. */
#define PIECE ((size_t)64 << 10)

static void text_free(struct text *text)
{
	free(text->bytes);
	*text = (struct text){0};
}

/* Makes it longer, and ends it with a NUL. False without memory. */
static bool text_add(struct text *text, const char *bytes, size_t size)
{
	size_t needed = text->size + size + 1;

	if (needed > text->capacity) {
		size_t capacity = needed + needed / 2;
		char *longer = realloc(text->bytes, capacity);

		if (!longer)
			return false;
		text->bytes = longer;
		text->capacity = capacity;
	}
	memcpy(text->bytes + text->size, bytes, size);
	text->size += size;
	text->bytes[text->size] = '\0';
	return true;
}

/* ---- The answer's text ---- */

/* In the cage the text goes out whenever there is a piece of it. */
static void answer_flush(struct handler *handler)
{
	struct text *text = &handler->text;

	if (text->size > 0)
		cage_say(KIND_TEXT, text->bytes, text->size);
	text->size = 0;
}

/* Takes a part of the answer. False without memory. */
static bool answer_add(void *context, const char *bytes, size_t size)
{
	struct handler *handler = context;

	if (!text_add(&handler->text, bytes, size)) {
		handler->no_memory = true;
		return false;
	}
	if (handler->caged && handler->text.size >= PIECE)
		answer_flush(handler);
	return true;
}

static void answer_add_json(struct handler *handler, const json_t *json)
{
	if (!dump_json(json, answer_add, handler))
		handler->no_memory = true;
}

/* Takes rows that are complete: with them the answer begins. */
static void take_rows(void *context, json_t *rows)
{
	static const char head[] = "{\"results\":[";
	struct handler *handler = context;
	size_t index;
	json_t *row;

	handler->handed_over += json_array_size(rows);
	result_check_rows(rows, &handler->report);
	json_array_foreach (rows, index, row) {
		if (handler->rows++ == 0)
			answer_add(handler, head, sizeof(head) - 1);
		else
			answer_add(handler, ",", 1);
		answer_add_json(handler, row);
	}
	json_array_clear(rows);
}

/* The results, as far as they have not been handed over. Steals them. */
static void take_results(struct handler *handler, json_t *returned)
{
	if (handler->handed_over > 0) {
		take_rows(handler, returned);
		handler->done = handler->rows > 0;
		if (handler->done)
			answer_add(handler, "]}", 2);
	} else {
		returned = result_check(handler->query->module, returned,
					&handler->report);
		handler->done = returned != NULL;
		if (returned)
			answer_add_json(handler, returned);
	}
	json_decref(returned);
}

static void handler_work(struct handler *handler)
{
	struct misp_query *query = handler->query;
	json_t *returned;

	query->hand_over = take_rows;
	query->hand_over_context = handler;
	memory_failed(); /* whatever was before is another query's */
	returned = query->module->query(query);
	/* jansson may have left out what it found no memory for. */
	if (memory_failed() || query->out_of_memory)
		handler->no_memory = true;
	if (returned && !handler->no_memory)
		take_results(handler, returned);
	else
		json_decref(returned);
	if (memory_failed())
		handler->no_memory = true;
	if (handler->no_memory)
		handler->done = false;
}

/* ---- In the cage ---- */

static void cage_forget(void *context)
{
	const struct handler *handler = context;
	struct server *server = handler->server;

	config_forget(&server->config, &server->registry, handler->module);
	board_release(server->board, -1);
	memory_is_last();
}

static void say_violation(void *context, const char *words)
{
	struct handler *handler = context;

	if (++handler->violations <= MOST_VIOLATIONS)
		cage_say(KIND_VIOLATION, words, strlen(words));
}

static void cage_work(void *context)
{
	struct handler *handler = context;
	const char *failure = handler->query->failure;

	handler->report.violation = say_violation;
	handler->report.context = handler;
	handler->caged = true;
	handler_work(handler);
	if (handler->done) {
		answer_flush(handler);
		cage_say(KIND_DONE, "", 0);
	} else if (failure[0]) {
		cage_say(KIND_FAILURE, failure, strlen(failure));
	} else {
		cage_say(handler->no_memory ? KIND_NO_MEMORY : KIND_NOTHING, "",
			 0);
	}
	/* What it holds goes with the process. */
}

/* ---- Outside ---- */

static void cage_parted(void *context)
{
	const struct handler *handler = context;

	misp_drop_encoded(handler->query);
}

static bool cage_hear(void *context, char kind, char *bytes, size_t size)
{
	struct handler *handler = context;
	bool goes_on = false;

	switch ((enum kind)kind) {
	case KIND_TEXT:
		goes_on = text_add(&handler->text, bytes, size);
		handler->no_memory = !goes_on;
		break;
	case KIND_VIOLATION:
		goes_on = true;
		if (++handler->violations <= MOST_VIOLATIONS)
			handler->report.violation(handler->report.context,
						  bytes);
		break;
	case KIND_DONE:
		handler->done = true;
		break;
	case KIND_FAILURE:
		misp_fail(handler->query, "%s", bytes);
		break;
	case KIND_NO_MEMORY:
		handler->no_memory = true;
		break;
	case KIND_NOTHING:
		break;
	default:
		handler->rubbish = true;
	}
	free(bytes);
	return goes_on;
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
	    .parted = cage_parted,
	    .hear = cage_hear,
	    .context = handler,
	};
	end = cage_run(cage);
	/* Whoever has taken over a parser may call anything an answer. */
	if (handler->done && handler->text.bytes &&
	    !misp_json_is_object(handler->text.bytes, handler->text.size))
		handler->rubbish = true;
	return end == CAGE_DONE && handler->rubbish ? CAGE_ANSWER : end;
}

/* ---- Elsewhere ---- */

/* What a remote answers is handed on as it is. */
static void handler_run_remote(struct handler *handler)
{
	const struct misp_reply *reply =
	    remote_ask(handler->server, handler->module, handler->query);

	handler->no_memory = handler->query->out_of_memory;
	handler->done = reply && answer_add(handler, (const char *)reply->bytes,
					    reply->size);
}

enum cage_end handler_run(struct handler *handler)
{
	struct misp_query *query = handler->query;
	const struct misp_module *descriptor = query->module;
	enum cage_end end = CAGE_DONE;

	if (descriptor->prepare && !descriptor->prepare(query)) {
		handler->no_memory = query->out_of_memory;
		return CAGE_DONE;
	}
	if (handler->module->remote != REMOTE_NONE)
		handler_run_remote(handler);
	else if (descriptor->caged)
		end = handler_run_caged(handler);
	else
		handler_work(handler);
	/* A part of an answer is none. */
	if (end != CAGE_DONE || !handler->done || handler->no_memory)
		text_free(&handler->text);
	return end;
}
