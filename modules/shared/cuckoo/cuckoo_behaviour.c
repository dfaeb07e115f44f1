/*
 * cuckoo_behaviour.c: the sandbox, the processes that an analysed file or URL
 * started, and the signatures that matched them.
 */
#include "cuckoo.h"

#include "last_object.h"
#include "mitre_tag.h"

#include <string.h>

bool cuckoo_is_full(struct cuckoo *cuckoo)
{
	cuckoo->cut |= cuckoo->left == 0;
	return cuckoo->left == 0;
}

bool cuckoo_is_enough(struct cuckoo *cuckoo, size_t index)
{
	cuckoo->cut |= index >= MISP_LIST_MAX;
	return index >= MISP_LIST_MAX;
}

json_t *cuckoo_object(struct cuckoo *cuckoo, const char *name)
{
	if (cuckoo_is_full(cuckoo))
		return NULL;
	cuckoo->left--;
	return misp_add_object(cuckoo->results, name);
}

bool cuckoo_is_empty(struct cuckoo *cuckoo, const json_t *object)
{
	if (json_array_size(misp_at(object, "Attribute")) > 0)
		return false;
	last_object_drop(cuckoo->results, object);
	return true;
}

void cuckoo_add_info(struct cuckoo *cuckoo)
{
	const json_t *info = misp_at(cuckoo->report, "info");
	static const struct {
		const char *before;
		const char *path;
	} parts[] = {
	    {"started on:", "machine.started_on"},
	    {" duration:", "duration"},
	    {"s vm:", "machine.name"},
	    {"/", "machine.label"},
	};
	if (json_object_size(info) == 0)
		return;
	json_t *object = cuckoo_object(cuckoo, "sandbox-report");
	misp_object_add_json(object, "score",
			     json_incref(misp_at(info, "score")));
	misp_object_add(object, "sandbox-type", "on-premise");
	misp_object_add(object, "on-premise-sandbox", "cuckoo");
	if (!json_is_object(misp_at(info, "machine")))
		return;
	const char *text = NULL;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		const char *part =
		    misp_text_at(cuckoo->query, info, parts[i].path);
		misp_append(cuckoo->query, &text, "", parts[i].before);
		misp_append(cuckoo->query, &text, "", part);
	}
	misp_object_add(object, "raw-report", text);
}

/* ---- Processes ---- */

static void process_note(struct cuckoo *cuckoo, const char *pid, json_t *object)
{
	if (pid && object && !json_object_get(cuckoo->processes, pid))
		json_object_set(cuckoo->processes, pid, object);
}

/* A process and those that it started: as deep as JSON may be. */
static void process_add(struct cuckoo *cuckoo, const json_t *process,
			const json_t *parent)
{
	static const struct misp_mapping fields[] = {
	    {"pid", "pid", MISP_TO_TEXT},
	    {"command_line", "command-line"},
	    {"process_name", "name"},
	    {"ppid", "parent-pid", MISP_TO_TEXT},
	    {0},
	};
	json_t *object = cuckoo_object(cuckoo, "process");
	misp_map(cuckoo->query, object, process, fields);
	if (cuckoo_is_empty(cuckoo, object))
		return;
	process_note(cuckoo, misp_text_at(cuckoo->query, process, "pid"),
		     object);
	if (parent)
		misp_reference(object, misp_uuid(parent), "child-of");
	size_t i;
	json_t *child;
	json_array_foreach (misp_at(process, "children"), i, child) {
		if (cuckoo_is_full(cuckoo))
			break;
		misp_object_add(object, "child-pid",
				misp_text_at(cuckoo->query, child, "pid"));
		process_add(cuckoo, child, object);
	}
}

void cuckoo_add_processes(struct cuckoo *cuckoo)
{
	size_t i;
	json_t *process;
	json_array_foreach (misp_at(cuckoo->report, "behavior.processtree"), i,
			    process) {
		process_add(cuckoo, process, NULL);
	}
}

/* ---- Signatures ---- */

/* What a mark says; NULL for kinds that say nothing by themselves. */
static const char *mark_text(struct misp_query *query, const json_t *mark)
{
	const char *type = misp_text_at(query, mark, "type");
	if (!type)
		return NULL;
	if (strcmp(type, "generic") == 0)
		return cuckoo_pretty(query, mark, "type");
	if (strcmp(type, "ioc") == 0)
		return misp_text_at(query, mark, "ioc");
	const json_t *call = misp_at(mark, "call");
	const char *name = misp_text_at(query, call, "api");
	if (strcmp(type, "call") != 0 || !name)
		return NULL;
	const char *arguments =
	    cuckoo_pretty(query, misp_at(call, "arguments"), NULL);
	const char *flags = cuckoo_pretty(query, misp_at(call, "flags"), NULL);
	return misp_text(query, "Call API '%s' %s %s", name,
			 arguments ? arguments : "", flags ? flags : "");
}

/* The description and, each once, what the marks say. */
static const char *signature_text(struct cuckoo *cuckoo,
				  const json_t *signature)
{
	struct misp_query *query = cuckoo->query;
	const char *text = misp_text_at(query, signature, "description");
	const char *between = "\n---\n";
	size_t length = text ? strlen(text) : 0;
	json_t *seen = json_object();
	size_t i;
	json_t *mark;
	json_array_foreach (misp_at(signature, "marks"), i, mark) {
		if (cuckoo_is_enough(cuckoo, i))
			break;
		const char *part = mark_text(query, mark);
		if (!part || json_object_get(seen, part))
			continue;
		json_object_set_new(seen, part, json_true());
		length += strlen(between) + strlen(part);
		if (length > CUCKOO_TEXT_MAX) {
			cuckoo->cut = true;
			break;
		}
		misp_append(query, &text, between, part);
		between = "\n";
	}
	json_decref(seen);
	return text;
}

/* The processes whose deeds are marked refer to the signature, each once. */
static void signature_refer(struct cuckoo *cuckoo, const json_t *signature,
			    const json_t *attribute)
{
	json_t *seen = json_object();
	size_t i;
	json_t *mark;
	json_array_foreach (misp_at(signature, "marks"), i, mark) {
		if (cuckoo_is_enough(cuckoo, i))
			break;
		const char *pid = misp_text_at(cuckoo->query, mark, "pid");
		json_t *process =
		    pid ? json_object_get(cuckoo->processes, pid) : NULL;
		if (!process || json_object_get(seen, pid))
			continue;
		json_object_set_new(seen, pid, json_true());
		misp_reference(process, misp_uuid(attribute), "triggers");
	}
	json_decref(seen);
}

static void signature_tag(struct cuckoo *cuckoo, const json_t *signature,
			  json_t *attribute)
{
	const char *number;
	json_t *pattern;
	json_object_foreach (misp_at(signature, "ttp"), number, pattern) {
		const char *tag = mitre_tag(
		    cuckoo->query,
		    misp_text_at(cuckoo->query, pattern, "short"), number);
		if (tag)
			misp_tag(attribute, tag, NULL);
	}
}

void cuckoo_add_signatures(struct cuckoo *cuckoo)
{
	const json_t *signatures = misp_at(cuckoo->report, "signatures");
	if (json_array_size(signatures) == 0)
		return;
	json_t *object = cuckoo_object(cuckoo, "sb-signature");
	misp_object_add(object, "software", "Cuckoo");
	size_t i;
	json_t *signature;
	json_array_foreach (signatures, i, signature) {
		if (cuckoo_is_enough(cuckoo, i))
			break;
		json_t *attribute = misp_object_add(
		    object, "signature", signature_text(cuckoo, signature));
		if (!attribute)
			continue;
		/* What it is for the Python module, a text of its own. */
		misp_set(attribute, "category", json_string("Other"));
		signature_tag(cuckoo, signature, attribute);
		signature_refer(cuckoo, signature, attribute);
	}
}
