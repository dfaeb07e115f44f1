/*
 * run.c: the way of a query; see run.h.
 */
#include "run.h"

#include "handler.h"
#include "json.h"
#include "log.h"
#include "redact.h"
#include "types.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* How long before its deadline a query that waits for its turn gives up, so
 * that it can say so itself. In milliseconds. */
#define WAIT_MARGIN 100

struct run {
	struct server *server;
	struct slot *slot;
	struct module *module; /* NULL until it is found */
	struct row *row;
	json_t *request;
	bool violated;    /* its results were not all MISP's */
	char error[1024]; /* "" while all is well */
	/* The same for the log: without indicators and settings. */
	char cause[1024];
	enum run_status status;
};

__attribute__((format(printf, 3, 4))) static void
run_stop(struct run *run, enum run_status status, const char *format, ...)
{
	va_list arguments;

	run->status = status;
	va_start(arguments, format);
	vsnprintf(run->error, sizeof(run->error), format, arguments);
	va_end(arguments);
	memcpy(run->cause, run->error, sizeof(run->cause));
}

char *run_error_text(const char *message)
{
	json_t *text = misp_string(message, strlen(message));
	json_t *error = json_pack("{s:o, s:[]}", "error", text, "results");
	char *dumped = error ? json_dumps(error, JSON_COMPACT) : NULL;

	json_decref(error);
	return dumped;
}

static int64_t microseconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* ---- Log ---- */

void run_log(struct board *board, const struct slot_query *query,
	     const char *status, const char *cause, size_t bytes_out,
	     int64_t microseconds)
{
	const struct row *row = board_row(board, query->module);
	struct log_line line = {0};
	char milliseconds[32];

	snprintf(milliseconds, sizeof(milliseconds), "%lld.%03d",
		 (long long)(microseconds / 1000), (int)(microseconds % 1000));
	log_pair(&line, "event", "query");
	log_pair(&line, "id", query->id);
	log_pair(&line, "module", row ? row->name : "-");
	log_pair(&line, "input", query->input);
	log_pair(&line, "value", query->value);
	log_pair(&line, "user", query->user);
	log_pair(&line, "address", query->address);
	log_pair(&line, "status", status);
	log_pair(&line, "ms", milliseconds);
	log_pair_number(&line, "bytes_in", (long long)query->bytes);
	log_pair_number(&line, "bytes_out", (long long)bytes_out);
	log_pair(&line, "cause", cause);
	log_write(strcmp(status, "ok") ? LOG_LEVEL_WARNING : LOG_LEVEL_INFO,
		  &line);
}

/* What a client calls a type may as well be an indicator. */
static bool input_is_known(const struct misp_module *descriptor,
			   const char *type)
{
	const char *const kinds[] = {"object", "data", NULL};
	const char *const *known[] = {kinds, descriptor->input};

	if (!type || misp_type_find(type))
		return type != NULL;
	for (size_t i = 0; i < 2; i++) {
		for (size_t j = 0; known[i] && known[i][j]; j++) {
			if (!strcmp(known[i][j], type))
				return true;
		}
	}
	return false;
}

/* What the query is about, in a word and, where that may be logged, its
 * value. */
static void run_note_input(struct run *run)
{
	const struct misp_module *descriptor = run->module->descriptor;
	json_t *attribute = json_object_get(run->request, "attribute");
	struct slot_query *query = &run->slot->query;
	const char *type =
	    json_string_value(json_object_get(attribute, "type"));
	const char *value =
	    json_string_value(json_object_get(attribute, "value"));

	if (json_object_get(run->request, "object"))
		type = "object";
	for (size_t i = 0; !type && descriptor->input && descriptor->input[i];
	     i++) {
		value = json_string_value(
		    json_object_get(run->request, descriptor->input[i]));
		if (value)
			type = descriptor->input[i];
	}
	if (!type && json_object_get(run->request, "data"))
		type = "data";
	snprintf(query->input, sizeof(query->input), "%s",
		 input_is_known(descriptor, type) ? type : "other");
	if (value && run->server->config.log_values)
		snprintf(query->value, sizeof(query->value), "%s", value);
}

/* ---- Before the module ---- */

static void run_parse(struct run *run, const void *body, size_t size)
{
	struct misp_json_error error;

	run->request = misp_json_parse(body, size, &error);
	if (!run->request && error.no_memory)
		run_stop(run, RUN_REFUSED,
			 "The server ran out of memory reading this query.");
	else if (!run->request)
		run_stop(run, RUN_INVALID,
			 "The body is not JSON: %s, at line %u, column %u "
			 "(byte %zu).",
			 error.text, error.line, error.column, error.position);
	else if (!json_is_string(json_object_get(run->request, "module")))
		run_stop(run, RUN_INVALID,
			 "The body has no \"module\" that names the module to "
			 "ask.");
}

/* The administrator wants to know what was asked for; but what is no module's
 * name may be anything. */
static void run_no_module(struct run *run, const char *name)
{
	run_stop(run, RUN_REFUSED, "This server has no module named %s.", name);
	if (strspn(name,
		   "abcdefghijklmnopqrstuvwxyz"
		   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") != strlen(name))
		snprintf(run->cause, sizeof(run->cause), "no such module");
}

/* Whether a module of that name is there but could not be loaded. */
static bool module_failed(const struct registry *registry, const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < registry->failure_count; i++) {
		const char *file = strrchr(registry->failures[i].path, '/');

		if (file && !strncmp(file + 1, name, length) &&
		    (!strcmp(file + 1 + length, ".so") ||
		     !strcmp(file + 1 + length, ".py")))
			return true;
	}
	return false;
}

static void run_find_module(struct run *run)
{
	struct registry *registry = &run->server->registry;
	const char *name =
	    json_string_value(json_object_get(run->request, "module"));
	struct module *module = registry_find(registry, name);

	if (!module && module_failed(registry, name)) {
		run_stop(run, RUN_REFUSED,
			 "The module %s could not be loaded by this server; "
			 "its administrator finds the reason with \"check\".",
			 name);
	} else if (!module) {
		run_no_module(run, name);
	} else if (!module->enabled) {
		run_stop(run, RUN_REFUSED,
			 "The module %s is switched off on this server.", name);
	} else {
		run->module = module;
		run->slot->query.module = (size_t)(module - registry->modules);
		run->row =
		    board_row(run->server->board, run->slot->query.module);
	}
}

/* Seconds that the request itself allows; 0: it does not say. */
static double request_timeout(const json_t *request)
{
	const json_t *timeout = json_object_get(request, "timeout");

	if (json_is_string(timeout))
		return strtod(json_string_value(timeout), NULL);
	return json_number_value(timeout);
}

/* In milliseconds from now. */
static int64_t run_time_allowed(const struct run *run)
{
	const struct config *config = &run->server->config;
	const struct module *module = run->module;
	bool hover = (module->descriptor->types & MISP_HOVER) &&
		     !json_object_get(run->request, "event_id");
	double wanted = request_timeout(run->request);
	int64_t allowed;

	if (module->timeout > 0)
		allowed = module->timeout;
	else if (module->remote != REMOTE_NONE &&
		 config->remotes[module->remote].timeout > 0)
		allowed = config->remotes[module->remote].timeout;
	else if (hover && config->hover_timeout > 0)
		allowed = config->hover_timeout;
	else if (config->families[module->family].timeout > 0)
		allowed = config->families[module->family].timeout;
	else
		allowed = config->timeout;
	allowed *= 1000;
	if (wanted > 0 && wanted * 1000 < (double)allowed)
		allowed = (int64_t)(wanted * 1000);
	return allowed > 0 ? allowed : 1;
}

/* A remote that is slow must not hold every worker there is. */
static bool run_wait_for_place(struct run *run, int64_t until)
{
	int index = run->module->remote;
	const struct remote *remote = &run->server->config.remotes[index];

	if (board_place_take(run->server->board, run->slot, index,
			     remote->max_workers, until - WAIT_MARGIN))
		return true;
	run_stop(run, RUN_REFUSED,
		 "%s%s %s busy with %ld queries of this server already "
		 "(max_workers). Try again in a moment.",
		 index == REMOTE_PYTHON ? "The " : "The module server ",
		 remote->name, index == REMOTE_PYTHON ? "are" : "is",
		 remote->max_workers);
	return false;
}

static void run_wait_for_turn(struct run *run, int64_t until)
{
	guard_module(run->module->descriptor->name, run->row, until);
	if (run->module->remote != REMOTE_NONE &&
	    !run_wait_for_place(run, until))
		return;
	if (!board_permit_take(run->server->board, run->slot,
			       until - WAIT_MARGIN))
		run_stop(run, RUN_REFUSED,
			 "All %zu workers of this server are busy. Try again "
			 "in a moment.",
			 run->server->board->workers);
}

/* ---- The module, and what it returned ---- */

static void on_violation(void *context, const char *words)
{
	struct run *run = context;
	struct log_line line = {0};

	run->violated = true;
	row_count(run->row, COUNT_VIOLATIONS);
	log_pair(&line, "event", "violation");
	log_pair(&line, "id", run->slot->query.id);
	log_pair(&line, "module", run->module->descriptor->name);
	log_pair(&line, "what", words);
	log_write(LOG_LEVEL_WARNING, &line);
}

/* Takes what proves who asks out of the answer. */
static void run_redact(struct run *run, struct misp_query *query)
{
	const struct misp_setting *setting = run->module->descriptor->settings;
	const struct misp_parameter *parameter =
	    run->module->descriptor->parameters;

	for (; setting && setting->name; setting++) {
		const char *value = misp_setting(query, setting->name);

		if (setting_is_credential(setting->name))
			redact(run->error, query->failure, value);
		redact_user(run->error, query->failure, value);
	}
	for (; parameter && parameter->name; parameter++) {
		const char *value = misp_parameter(query, parameter->name);

		if (setting_is_credential(parameter->name))
			redact(run->error, query->failure, value);
		redact_user(run->error, query->failure, value);
	}
	redact_user(run->error, query->failure, query->endpoint);
	redact_user(run->error, query->failure, query->proxy);
	redact_user(run->error, query->failure, query->net->proxy);
}

/* A module's own words, and those of a service, may repeat the indicator, and
 * the settings: secrets are taken out of the answer, all settings out of the
 * log. */
static void run_fail(struct run *run, struct misp_query *query)
{
	const struct misp_setting *setting = run->module->descriptor->settings;

	run_stop(run, RUN_FAILED, "%s", query->failure);
	run_redact(run, query);
	memcpy(run->cause, run->error, sizeof(run->cause));
	for (; setting && setting->name; setting++)
		redact(run->cause, query->failure,
		       misp_setting(query, setting->name));
	if (!run->server->config.log_values)
		run->cause[0] = '\0';
}

static void run_explain_nothing(struct run *run, struct misp_query *query,
				bool no_memory)
{
	const char *name = run->module->descriptor->name;

	if (query->failure[0])
		run_fail(run, query);
	else if (no_memory || guard_out_of_memory())
		run_stop(run, RUN_FAILED,
			 "The module %s ran out of memory on this query.",
			 name);
	else
		run_stop(run, RUN_FAILED,
			 run->violated
			     ? "The module %s returned a result that MISP "
			       "cannot use. The server's log says why."
			     : "The module %s returned no result and no "
			       "reason.",
			 name);
}

/* The parser did not survive what it was given. */
static void run_explain_cage(struct run *run, const struct cage *cage,
			     enum cage_end end)
{
	const char *name = run->module->descriptor->name;

	row_count(run->row, COUNT_CAGE_FAILURES);
	if (end == CAGE_BROKEN) {
		run_stop(run, RUN_FAILED,
			 "The module %s cannot be run: this server cannot "
			 "close in what parses files. Its log says why.",
			 name);
		snprintf(run->cause, sizeof(run->cause), "no cage: %s",
			 cage->broken);
	} else if (end == CAGE_CRASH) {
		run_stop(run, RUN_FAILED,
			 "The file made the parser fail: %s crashed (%s).",
			 name, strsignal(cage->signal));
	} else {
		run_stop(run, RUN_FAILED,
			 "The file made the parser fail: %s %s.", name,
			 cage_end_words(end));
	}
}

static struct text run_module(struct run *run, int64_t allowed)
{
	const struct module *module = run->module;
	struct misp_query query = {.module = module->descriptor,
				   .request = run->request,
				   .file_settings = module->settings,
				   .deadline = misp_now() + allowed,
				   .net = &run->server->config.net,
				   .proxy = module->proxy,
				   .endpoint = module->endpoint};
	struct handler handler = {
	    .server = run->server,
	    .module = module,
	    .query = &query,
	    .report = {on_violation, run, run->server->config.log_values}};
	enum cage_end end;

	run->slot->state = SLOT_RUNNING;
	guard_module(module->descriptor->name, run->row, query.deadline);
	end = handler_run(&handler);
	if (end != CAGE_DONE)
		run_explain_cage(run, &handler.cage, end);
	else if (!handler.text.bytes)
		run_explain_nothing(run, &query, handler.no_memory);
	misp_query_end(&query);
	return handler.text;
}

/* ---- The whole ---- */

static const char *const status_names[] = {[RUN_OK] = "ok",
					   [RUN_FAILED] = "failed",
					   [RUN_REFUSED] = "refused",
					   [RUN_INVALID] = "invalid"};

static void run_count(struct run *run, int64_t microseconds)
{
	if (!run->module)
		return;
	row_count(run->row, COUNT_QUERIES);
	if (run->status != RUN_OK)
		row_count(run->row, COUNT_ERRORS);
	row_observe(run->row, (uint64_t)microseconds);
}

void run_begin(struct slot *slot, const struct run_origin *origin, size_t bytes)
{
	struct slot_query *query = &slot->query;

	*query = (struct slot_query){
	    .module = SLOT_NO_MODULE, .started = misp_now(), .bytes = bytes};
	snprintf(query->id, sizeof(query->id), "%s", origin->request.id);
	snprintf(query->user, sizeof(query->user), "%s", origin->user);
	snprintf(query->address, sizeof(query->address), "%s", origin->address);
}

void run_query(struct server *server, struct slot *slot,
	       const struct run_origin *origin, const void *body, size_t size,
	       void (*release)(void *context), void *context,
	       struct run_answer *answer)
{
	struct run run = {.server = server, .slot = slot};
	int64_t began = microseconds_now(), took;
	int64_t patience = server->config.timeout * 1000, allowed = 0;
	struct text text = {0};

	run_begin(slot, origin, size);
	slot->state = SLOT_WAITING;
	guard_query(&origin->request, misp_now() + patience);
	run_parse(&run, body, size);
	release(context);
	if (run.status == RUN_OK)
		run_find_module(&run);
	if (run.status == RUN_OK) {
		allowed = run_time_allowed(&run);
		run_note_input(&run);
		run_wait_for_turn(&run, misp_now() + allowed);
	}
	if (run.status == RUN_OK)
		text = run_module(&run, allowed);
	board_permit_return(server->board, slot->pid);
	board_place_return(slot);
	answer->head_sent = guard_query_end(misp_now() + patience);
	slot->state = SLOT_REPLYING;
	if (!text.bytes) {
		text.bytes = run_error_text(run.error);
		text.size = text.bytes ? strlen(text.bytes) : 0;
	}
	took = microseconds_now() - began;
	answer->status = run.status;
	answer->text = text.bytes;
	answer->size = text.size;
	run_count(&run, took);
	run_log(server->board, &slot->query, status_names[run.status],
		run.cause, answer->size, took);
	json_decref(run.request);
}
