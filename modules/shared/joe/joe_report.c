/*
 * joe_report.c: reads a report of Joe Sandbox part by part, and keeps what
 * the parts have in common.
 */
#include "joe_parts.h"
#include "mitre_tag.h"

#include <string.h>

/* A report may list every file that a system has. */
#define ELEMENTS_MAX 20000

const char *joe_relation(const struct joe_word *words, const char *word)
{
	for (; word && words->word; words++)
		if (strcmp(words->word, word) == 0)
			return words->relation;
	return NULL;
}

/* Whether one more element may be added; counts it. */
static bool joe_room(struct joe *joe)
{
	if (joe->left == 0)
		return false;
	if (--joe->left == 0)
		misp_comment(joe->object,
			     "Only the first %d elements of the report are "
			     "here.",
			     ELEMENTS_MAX);
	return true;
}

void joe_each(struct joe *joe, json_t *object, const json_t *list,
	      void (*take)(struct joe *joe, json_t *object,
			   const json_t *entry))
{
	size_t i;
	json_t *entry;
	json_array_foreach (list, i, entry)
		if (json_is_object(entry))
			take(joe, object, entry);
}

static bool joe_has_any(struct joe *joe, const json_t *json,
			const struct misp_mapping *mappings)
{
	for (; mappings->path; mappings++)
		if (misp_text_at(joe->query, json, mappings->path))
			return true;
	return false;
}

json_t *joe_object(struct joe *joe, const char *name, const json_t *json,
		   const struct misp_mapping *mappings)
{
	if (mappings && !joe_has_any(joe, json, mappings))
		return NULL;
	if (!joe_room(joe))
		return NULL;
	json_t *object = misp_add_object(joe->results, name);
	misp_map(joe->query, object, json, mappings);
	return object;
}

void joe_add(struct joe *joe, json_t *object, const char *relation,
	     const char *value)
{
	if (relation && value && joe_room(joe))
		misp_object_add(object, relation, value);
}

json_t *joe_attribute(struct joe *joe, const char *type, const char *value)
{
	const char *key =
	    value ? misp_text(joe->query, "%s\n%s", type, value) : NULL;
	json_t *attribute = key ? json_object_get(joe->attributes, key) : NULL;
	if (!key || attribute || !joe_room(joe))
		return attribute;
	attribute = misp_add_attribute(joe->results, type, value);
	json_object_set(joe->attributes, key, attribute);
	return attribute;
}

void joe_refer(struct joe *joe, json_t *object, const json_t *element,
	       const char *relationship)
{
	const char *from = misp_uuid(object);
	const char *to = misp_uuid(element);
	const char *key = from && to ? misp_text(joe->query, "%s %s %s", from,
						 to, relationship)
				     : NULL;
	if (!key || json_object_get(joe->references, key))
		return;
	json_object_set_new(joe->references, key, json_true());
	misp_reference(object, to, relationship);
}

json_t *joe_process(const struct joe *joe, const char *target, const char *path)
{
	const char *key = target && path
			      ? misp_text(joe->query, "%s\n%s", target, path)
			      : NULL;
	return key ? json_object_get(joe->processes, key) : NULL;
}

static void joe_tag(struct joe *joe, json_t *object, const json_t *technique)
{
	const char *tag =
	    mitre_tag(joe->query, misp_text_at(joe->query, technique, "name"),
		      misp_text_at(joe->query, technique, "id"));
	(void)object;
	if (!tag || json_object_get(joe->references, tag) || !joe_room(joe))
		return;
	json_object_set_new(joe->references, tag, json_true());
	misp_add_tag(joe->results, tag, NULL);
}

static void joe_tactic(struct joe *joe, json_t *object, const json_t *tactic)
{
	joe_each(joe, object, misp_at(tactic, "technique"), joe_tag);
}

/* What a sandbox has seen is a hint, and for no detection as it is. */
static void joe_unset_ids(const json_t *element)
{
	const json_t *attributes = json_object_get(element, "Attribute");
	const json_t *objects = json_object_get(element, "Object");
	size_t i;
	json_t *member;
	json_array_foreach (attributes, i, member) {
		misp_to_ids(member, false);
	}
	json_array_foreach (objects, i, member) {
		joe_unset_ids(member);
	}
}

/* False after misp_fail. */
static bool report_read(struct misp_query *query, json_t *results,
			const json_t *analysis,
			const struct joe_options *options)
{
	static void (*const parts[])(struct joe * joe) = {
	    joe_processes, joe_connections, joe_screenshot,
	    joe_contacts,  joe_dropped,     joe_touched};
	struct joe joe = {
	    .query = query,
	    .results = results,
	    .analysis = analysis,
	    .processes = misp_keep(query, json_object()),
	    .started = misp_keep(query, json_array()),
	    .attributes = misp_keep(query, json_object()),
	    .references = misp_keep(query, json_object()),
	    .left = ELEMENTS_MAX,
	};
	if (!joe_sample(&joe, options))
		return false;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		parts[i](&joe);
	if (options->mitre_attack)
		joe_each(&joe, NULL, misp_at(analysis, "mitreattack.tactic"),
			 joe_tactic);
	joe_unset_ids(results);
	if (misp_at(results, "Attribute") || misp_at(results, "Object"))
		return true;
	misp_fail(query, "The report tells nothing that MISP could keep");
	return false;
}

json_t *joe_report(struct misp_query *query, const json_t *analysis,
		   const struct joe_options *options)
{
	json_t *results = misp_standard();
	if (report_read(query, results, analysis, options))
		return results;
	json_decref(results);
	return NULL;
}
