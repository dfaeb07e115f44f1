/*
 * yara_names.c: see yara_names.h.
 */
#include "yara_names.h"

#include "yara_rename.h"

#include <string.h>

/* Each name is compared with each of them. */
#define WILDCARDS_MAX 100

/* Whether a rule may have this name. */
static bool yara_is_free(const struct yara_names *names, const char *name)
{
	size_t i;
	json_t *wildcard;
	if (json_object_get(names->used, name))
		return false;
	json_array_foreach (names->wildcards, i, wildcard) {
		if (strncmp(name, json_string_value(wildcard),
			    json_string_length(wildcard)) == 0)
			return false;
	}
	return true;
}

bool yara_names_open(struct yara_names *names, struct misp_query *query)
{
	names->query = query;
	names->used = misp_keep(query, json_object());
	names->wildcards = misp_keep(query, json_array());
	names->number = 1;
	return names->used && names->wildcards;
}

static const char *yara_prefix(struct yara_names *names, const char *event_id,
			       bool another)
{
	/* Names of rules do not begin with a digit, so this is another one. */
	return another ? misp_text(names->query, "MISP_e%s_%zu_", event_id,
				   ++names->number)
		       : misp_text(names->query, "MISP_e%s_", event_id);
}

static const char *yara_prefixed(struct yara_names *names, const char *prefix,
				 const char *name)
{
	char *whole =
	    prefix ? misp_text(names->query, "%s%s", prefix, name) : NULL;
	if (whole && strlen(whole) > YARA_NAME_MAX)
		whole[YARA_NAME_MAX] = '\0';
	return whole;
}

const char *yara_names_new(struct yara_names *names, const char *event_id,
			   const char *name)
{
	const char *whole =
	    yara_prefixed(names, yara_prefix(names, event_id, false), name);
	while (whole && !yara_is_free(names, whole))
		whole = yara_prefixed(names, yara_prefix(names, event_id, true),
				      name);
	if (whole)
		json_object_set_new(names->used, whole, json_true());
	return whole;
}

void yara_names_add(struct yara_names *names,
		    const struct yara_renamed *renamed)
{
	const char *name;
	json_t *value;
	json_object_foreach (renamed->names, name, value) {
		json_object_set_new(names->used, json_string_value(value),
				    json_true());
	}
	json_array_extend(names->wildcards, renamed->wildcards);
}

/* Gives the rules of a source their new names. Returns the prefix; NULL
 * without memory. */
static const char *yara_name_rules(struct yara_names *names,
				   const char *event_id, json_t *rules)
{
	bool all_free = true;
	const char *prefix = yara_prefix(names, event_id, false), *name;
	json_t *value;
	json_object_foreach (rules, name, value) {
		const char *whole = yara_prefixed(names, prefix, name);
		all_free = all_free && whole && yara_is_free(names, whole);
	}
	/* The same one for all of them, for a wildcard may mean several. */
	if (!all_free)
		prefix = yara_prefix(names, event_id, true);
	json_object_foreach (rules, name, value) {
		const char *whole = yara_prefixed(names, prefix, name);
		if (!whole ||
		    json_object_set_new(rules, name, json_string(whole)) != 0)
			return NULL;
	}
	return prefix;
}

bool yara_names_rename(struct yara_names *names, const char *event_id,
		       const char *source, struct yara_renamed *renamed,
		       const char **reason)
{
	renamed->names = misp_keep(names->query, json_object());
	renamed->wildcards = misp_keep(names->query, json_array());
	*reason = "it has a comment without an end";
	if (!yara_find_rules(names->query, source, renamed->names))
		return false;
	*reason = "not enough memory";
	const char *prefix = yara_name_rules(names, event_id, renamed->names);
	renamed->text = prefix ? yara_rename(names->query, source, prefix,
					     renamed->names, renamed->wildcards)
			       : NULL;
	if (!renamed->text)
		return false;
	*reason = "too many others name rules by wildcards";
	return json_array_size(names->wildcards) +
		   json_array_size(renamed->wildcards) <=
	       WILDCARDS_MAX;
}
