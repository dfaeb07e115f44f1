/*
 * joe_behaviour.c: what the processes of an analysis did: files and registry
 * keys that they touched; and the screenshot.
 */
#include "joe_parts.h"

#include <ctype.h>
#include <string.h>

static const struct misp_mapping process_fields[] = {
    {"cmdline", "command-line"},
    {"name", "name"},
    {"parentpid", "parent-pid", MISP_TO_TEXT},
    {"pid", "pid", MISP_TO_TEXT},
    {"path", "current-directory"},
    {0},
};

static const struct misp_mapping value_fields[] = {
    {"name", "name"},
    {"newdata", "data"},
    {"path", "key"},
    {0},
};

static const struct joe_word value_acts[] = {
    {"keyValueCreated", "creates"},
    {"keyValueModified", "modifies"},
    {0},
};

static const struct joe_word key_acts[] = {{"keyCreated", "creates"}, {0}};

static const struct joe_word file_acts[] = {
    {"fileCreated", "creates"}, {"fileDeleted", "deletes"},
    {"fileMoved", "moves"},     {"fileRead", "reads"},
    {"fileWritten", "writes"},  {0},
};

/* From "31/01/2024" and "23:59:59". */
static const char *start_time(struct misp_query *query, const json_t *general)
{
	const char *day = misp_text_at(query, general, "date");
	const char *time = misp_text_at(query, general, "time");
	const char *month = day ? strchr(day, '/') : NULL;
	const char *year = month ? strchr(month + 1, '/') : NULL;
	if (!time || !year)
		return NULL;
	return misp_time_of(query, misp_text(query, "%s-%.*s-%.*s %s", year + 1,
					     (int)(year - month - 1), month + 1,
					     (int)(month - day), day, time));
}

/* A value that was set in the registry. */
static json_t *add_value(struct joe *joe, const json_t *call)
{
	json_t *object = joe_object(joe, "registry-key", call, value_fields);
	const char *type = misp_text_at(joe->query, call, "type");
	char *name = type ? misp_text(joe->query, "REG_%s", type) : NULL;
	for (char *at = name; at && *at; at++)
		*at = (char)toupper((unsigned char)*at);
	misp_object_add(object, "data-type", name);
	return object;
}

static void add_values(struct joe *joe, json_t *process, const json_t *acts)
{
	for (const struct joe_word *act = value_acts; act->word; act++) {
		const json_t *calls = misp_at(misp_at(acts, act->word), "call");
		size_t i;
		json_t *call;
		json_array_foreach (calls, i, call)
			if (json_is_object(call))
				joe_refer(joe, process, add_value(joe, call),
					  act->relation);
	}
}

static void add_process(struct joe *joe, json_t *sample, const json_t *process)
{
	const json_t *general = misp_at(process, "general");
	const char *target = misp_text_at(joe->query, general, "targetid");
	const char *path = misp_text_at(joe->query, general, "path");
	json_t *object = joe_object(joe, "process", general, process_fields);
	misp_object_add(object, "start-time", start_time(joe->query, general));
	add_values(joe, object, misp_at(process, "registryactivities"));
	joe_refer(joe, sample, object, "calls");
	const char *key = target && path
			      ? misp_text(joe->query, "%s\n%s", target, path)
			      : NULL;
	if (object && key)
		json_object_set(joe->processes, key, object);
	if (object)
		json_array_append_new(
		    joe->started,
		    json_pack("[O,O]", object, (json_t *)process));
}

void joe_processes(struct joe *joe)
{
	joe_each(joe, joe->object,
		 misp_at(joe->analysis, "behavior.system.processes.process"),
		 add_process);
}

static void add_touched(struct joe *joe, json_t *process, const json_t *acts,
			const struct joe_word *words, const char *type)
{
	const char *act;
	json_t *what, *call;
	size_t i;
	json_object_foreach ((json_t *)acts, act, what) {
		const char *relationship = joe_relation(words, act);
		const json_t *calls =
		    relationship ? misp_at(what, "call") : NULL;
		json_array_foreach (calls, i, call) {
			const char *path =
			    misp_text_at(joe->query, call, "path");
			joe_refer(joe, process, joe_attribute(joe, type, path),
				  relationship);
		}
	}
}

void joe_touched(struct joe *joe)
{
	static const struct {
		const char *acts;
		const struct joe_word *words;
		const char *type;
	} kinds[] = {{"1.fileactivities", file_acts, "filename"},
		     {"1.registryactivities", key_acts, "regkey"}};
	for (size_t kind = 0; kind < sizeof(kinds) / sizeof(*kinds); kind++) {
		size_t i;
		json_t *pair;
		json_array_foreach (joe->started, i, pair) {
			add_touched(joe, json_array_get(pair, 0),
				    misp_at(pair, kinds[kind].acts),
				    kinds[kind].words, kinds[kind].type);
		}
	}
}

void joe_screenshot(struct joe *joe)
{
	static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz"
				     "0123456789+/=\r\n";
	const char *data = json_string_value(
	    misp_at(joe->analysis, "behavior.screenshotdata.interesting.$"));
	if (!data || !*data || data[strspn(data, base64)])
		return;
	json_t *attribute = joe_attribute(joe, "attachment", "screenshot.jpg");
	misp_set(attribute, "data", json_string(data));
	misp_set(attribute, "disable_correlation", json_true());
}
