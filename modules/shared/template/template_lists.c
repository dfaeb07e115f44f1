/*
 * template_lists.c: the filters of templates that work on lists.
 */
#include "template_parts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What is at a path in an item: "Tag.0.name"; NULL path: the item itself. */
static json_t *at_path(json_t *item, const json_t *path)
{
	if (json_is_integer(path))
		return json_array_get(item, (size_t)json_integer_value(path));
	return path ? misp_at(item, json_string_value(path)) : item;
}

/* The items, to be changed; NULL after a failure. */
static json_t *copy_of(struct template_run *run, json_t *value)
{
	json_t *items = template_items(run, value);
	if (!items || !template_work(run, json_array_size(items)))
		return NULL;
	return template_keep(run, json_copy(items));
}

static json_t *filter_list(struct template_run *run, json_t *value,
			   const struct template_arguments *arguments)
{
	(void)arguments;
	return copy_of(run, value);
}

static json_t *filter_first(struct template_run *run, json_t *value,
			    const struct template_arguments *arguments)
{
	(void)arguments;
	return json_array_get(template_items(run, value), 0);
}

static json_t *filter_last(struct template_run *run, json_t *value,
			   const struct template_arguments *arguments)
{
	(void)arguments;
	const json_t *items = template_items(run, value);
	return json_array_get(items, json_array_size(items) - 1);
}

static json_t *filter_join(struct template_run *run, json_t *value,
			   const struct template_arguments *arguments)
{
	const json_t *between = template_argument(arguments, 0, "d");
	const json_t *path = template_argument(arguments, 1, "attribute");
	const json_t *items = template_items(run, value);
	char *made = NULL;
	size_t size = 0, i;
	json_t *item;
	FILE *out = items ? misp_text_file(&made, &size) : NULL;
	if (!out)
		return NULL;
	json_array_foreach (items, i, item) {
		if (i > 0)
			template_write(run, out, between);
		template_write(run, out, at_path(item, path));
		if (template_failed(run))
			break;
	}
	json_t *result = fclose(out) == 0 ? template_string(run, made) : NULL;
	free(made);
	return result;
}

static json_t *filter_reverse(struct template_run *run, json_t *value,
			      const struct template_arguments *arguments)
{
	const json_t *items = template_items(run, value);
	json_t *reversed = template_keep(run, json_array());
	for (size_t i = json_array_size(items); i > 0 && template_work(run, 1);
	     i--)
		json_array_append(reversed, json_array_get(items, i - 1));
	const struct template_arguments none = {0};
	(void)arguments;
	return json_is_string(value) ? filter_join(run, reversed, &none)
				     : reversed;
}

/* ---- In an order ---- */

struct sorted {
	struct template_run *run;
	json_t *item;
	json_t *key;
	size_t index;
	int direction;
	bool with_case;
};

static int compare(const void *left, const void *right)
{
	const struct sorted *a = left;
	const struct sorted *b = right;
	int order = 0;
	/* Long keys that begin alike take long, but less than other work. */
	template_work(a->run, 1 + json_string_length(a->key) / 16);
	if (json_is_string(a->key) && json_is_string(b->key) && !a->with_case)
		order = strcasecmp(json_string_value(a->key),
				   json_string_value(b->key));
	else if (!template_failed(a->run))
		order = template_compare(a->run, a->key, b->key);
	if (order != 0)
		return order * a->direction;
	return (a->index > b->index) - (a->index < b->index);
}

static json_t *sorted(struct template_run *run, json_t *items,
		      const json_t *path, bool reverse, bool with_case)
{
	size_t count = json_array_size(items), i;
	json_t *item;
	struct sorted *entries =
	    template_work(run, count * 100)
		? misp_alloc(run->query, (count + 1) * sizeof(*entries))
		: NULL;
	if (!entries)
		return NULL;
	json_array_foreach (items, i, item)
		entries[i] = (struct sorted){
		    run,      item, at_path(item, path), i, reverse ? -1 : 1,
		    with_case};
	qsort(entries, count, sizeof(*entries), compare);
	json_t *list = template_keep(run, json_array());
	for (i = 0; i < count; i++)
		json_array_append(list, entries[i].item);
	return template_failed(run) ? NULL : list;
}

static json_t *filter_sort(struct template_run *run, json_t *value,
			   const struct template_arguments *arguments)
{
	return sorted(
	    run, template_items(run, value),
	    template_argument(arguments, 2, "attribute"),
	    template_true(template_argument(arguments, 0, "reverse")),
	    template_true(template_argument(arguments, 1, "case_sensitive")));
}

static json_t *extreme(struct template_run *run, json_t *value,
		       const struct template_arguments *arguments, bool largest)
{
	return json_array_get(
	    sorted(run, template_items(run, value),
		   template_argument(arguments, 1, "attribute"), largest,
		   template_true(
		       template_argument(arguments, 0, "case_sensitive"))),
	    0);
}

static json_t *filter_min(struct template_run *run, json_t *value,
			  const struct template_arguments *arguments)
{
	return extreme(run, value, arguments, false);
}

static json_t *filter_max(struct template_run *run, json_t *value,
			  const struct template_arguments *arguments)
{
	return extreme(run, value, arguments, true);
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
		json_t *key = at_path(item, path);
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

/* Lists of [value, items that have it], by value. */
static json_t *filter_groupby(struct template_run *run, json_t *value,
			      const struct template_arguments *arguments)
{
	const json_t *path = template_argument(arguments, 0, "attribute");
	json_t *otherwise = template_argument(arguments, 1, "default");
	const json_t *items =
	    sorted(run, template_items(run, value), path, false, false);
	json_t *groups = template_keep(run, json_array());
	json_t *members = NULL, *before = NULL;
	size_t i;
	json_t *item;
	json_array_foreach (items, i, item) {
		json_t *key = at_path(item, path);
		key = key ? key : otherwise;
		if (!template_work(run, 1))
			return NULL;
		if (!members || !template_equal(run, key, before)) {
			members = json_array();
			json_array_append_new(
			    groups, json_pack("[O?, o]", key, members));
			before = key;
		}
		json_array_append(members, item);
	}
	return groups;
}

static json_t *filter_sum(struct template_run *run, json_t *value,
			  const struct template_arguments *arguments)
{
	const json_t *path = template_argument(arguments, 0, "attribute");
	json_t *total = template_argument(arguments, 1, "start");
	const json_t *items = template_items(run, value);
	size_t i;
	json_t *item;
	if (!total)
		total = template_keep(run, json_integer(0));
	json_array_foreach (items, i, item) {
		total = template_binary(run, "+", total, at_path(item, path));
		if (template_failed(run))
			return NULL;
	}
	return total;
}

/* ---- Of each item ---- */

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
		json_t *made = path ? at_path(item, path)
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
		const json_t *tested = at_path(item, path);
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

/* Lists of [name, member]. */
static json_t *filter_items(struct template_run *run, json_t *value,
			    const struct template_arguments *arguments)
{
	(void)arguments;
	json_t *list = template_keep(run, json_array());
	const char *name;
	json_t *member;
	json_object_foreach (value, name, member) {
		if (!template_work(run, 1 + strlen(name)))
			return NULL;
		json_array_append_new(list, json_pack("[s, O]", name, member));
	}
	return list;
}

static json_t *filter_dictsort(struct template_run *run, json_t *value,
			       const struct template_arguments *arguments)
{
	json_t *by_name = template_keep(run, json_integer(0));
	return sorted(
	    run, filter_items(run, value, arguments), by_name,
	    template_true(template_argument(arguments, 2, "reverse")),
	    template_true(template_argument(arguments, 0, "case_sensitive")));
}

template_filter_function *template_list_filter(const char *name)
{
	static const struct {
		const char *name;
		template_filter_function *filter;
	} filters[] = {
	    {"dictsort", filter_dictsort},
	    {"first", filter_first},
	    {"groupby", filter_groupby},
	    {"items", filter_items},
	    {"join", filter_join},
	    {"last", filter_last},
	    {"list", filter_list},
	    {"map", filter_map},
	    {"max", filter_max},
	    {"min", filter_min},
	    {"reject", filter_reject},
	    {"rejectattr", filter_rejectattr},
	    {"reverse", filter_reverse},
	    {"select", filter_select},
	    {"selectattr", filter_selectattr},
	    {"sort", filter_sort},
	    {"sum", filter_sum},
	    {"unique", filter_unique},
	};
	for (size_t i = 0; i < sizeof(filters) / sizeof(*filters); i++)
		if (strcmp(filters[i].name, name) == 0)
			return filters[i].filter;
	return NULL;
}
