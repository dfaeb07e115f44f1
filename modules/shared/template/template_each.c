/*
 * template_each.c: the filters of templates that look at each item of a list:
 * what they make of it, or whether they keep it.
 */
#include "template_parts.h"

/* The arguments behind the first ones. */
static struct template_arguments
rest_of(const struct template_arguments *arguments, size_t first)
{
	struct template_arguments rest = {0};
	for (size_t i = first; i < arguments->count; i++) {
		rest.names[rest.count] = arguments->names[i];
		rest.values[rest.count++] = arguments->values[i];
	}
	return rest;
}

static json_t *filter_map(struct template_run *run, json_t *value,
			  const struct template_arguments *arguments)
{
	const json_t *path = template_argument(arguments, 9, "attribute");
	json_t *otherwise = template_argument(arguments, 9, "default");
	const char *name =
	    json_string_value(template_argument(arguments, 0, "filter"));
	const struct template_arguments rest = rest_of(arguments, 1);
	const json_t *items = template_items(run, value);
	json_t *list = template_keep(run, json_array());
	size_t i;
	json_t *item;
	if (!path && !name)
		return template_fail(run, "map wants a filter or attribute");
	json_array_foreach (items, i, item) {
		json_t *made = path ? template_at_path(item, path)
				    : template_filter(run, name, item, &rest);
		made = made ? made : otherwise;
		if (!template_work(run, 1))
			return NULL;
		json_array_append_new(list, made ? json_incref(made)
						 : json_string(""));
	}
	return list;
}

/* Those items of which a test holds, or does not; by_path: of what is at a path
 * in them. */
static json_t *chosen(struct template_run *run, json_t *value,
		      const struct template_arguments *arguments, bool by_path,
		      bool wanted)
{
	const json_t *path =
	    by_path ? template_argument(arguments, 0, "attribute") : NULL;
	const char *name = json_string_value(
	    template_argument(arguments, by_path ? 1 : 0, "test"));
	const struct template_arguments rest =
	    rest_of(arguments, by_path ? 2 : 1);
	const json_t *items = template_items(run, value);
	json_t *list = template_keep(run, json_array());
	size_t i;
	json_t *item;
	json_array_foreach (items, i, item) {
		const json_t *tested = template_at_path(item, path);
		bool holds = name ? template_test(run, name, tested, &rest)
				  : template_true(tested);
		if (!template_work(run, 1))
			return NULL;
		if (holds == wanted)
			json_array_append(list, item);
	}
	return list;
}

static json_t *filter_select(struct template_run *run, json_t *value,
			     const struct template_arguments *arguments)
{
	return chosen(run, value, arguments, false, true);
}

static json_t *filter_reject(struct template_run *run, json_t *value,
			     const struct template_arguments *arguments)
{
	return chosen(run, value, arguments, false, false);
}

static json_t *filter_selectattr(struct template_run *run, json_t *value,
				 const struct template_arguments *arguments)
{
	return chosen(run, value, arguments, true, true);
}

static json_t *filter_rejectattr(struct template_run *run, json_t *value,
				 const struct template_arguments *arguments)
{
	return chosen(run, value, arguments, true, false);
}

static json_t *filter_unique(struct template_run *run, json_t *value,
			     const struct template_arguments *arguments)
{
	bool with_case =
	    template_true(template_argument(arguments, 0, "case_sensitive"));
	const json_t *path = template_argument(arguments, 1, "attribute");
	const json_t *items = template_items(run, value);
	json_t *list = template_keep(run, json_array());
	json_t *seen = template_keep(run, json_object());
	const struct template_arguments none = {0};
	size_t i;
	json_t *item;
	json_array_foreach (items, i, item) {
		json_t *key = template_at_path(item, path);
		if (json_is_string(key) && !with_case)
			key = template_filter(run, "lower", key, &none);
		const char *name = template_text(run, key);
		if (!name || !template_work(run, 1))
			return NULL;
		if (json_object_get(seen, name))
			continue;
		json_object_set_new(seen, name, json_true());
		json_array_append(list, item);
	}
	return list;
}

const struct template_filter_entry template_each_filters[] = {
    {"map", filter_map},
    {"reject", filter_reject},
    {"rejectattr", filter_rejectattr},
    {"select", filter_select},
    {"selectattr", filter_selectattr},
    {"unique", filter_unique},
    {0},
};
