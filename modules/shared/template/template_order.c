/*
 * template_order.c: the filters of templates that put a list in an order.
 */
#include "template_parts.h"

#include <stdlib.h>
#include <strings.h>

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
		entries[i] = (struct sorted){run,
					     item,
					     template_at_path(item, path),
					     i,
					     reverse ? -1 : 1,
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
		json_t *key = template_at_path(item, path);
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

static json_t *filter_dictsort(struct template_run *run, json_t *value,
			       const struct template_arguments *arguments)
{
	json_t *by_name = template_keep(run, json_integer(0));
	return sorted(
	    run, template_filter(run, "items", value, arguments), by_name,
	    template_true(template_argument(arguments, 2, "reverse")),
	    template_true(template_argument(arguments, 0, "case_sensitive")));
}

const struct template_filter_entry template_order_filters[] = {
    {"dictsort", filter_dictsort}, {"groupby", filter_groupby},
    {"max", filter_max},           {"min", filter_min},
    {"sort", filter_sort},         {0},
};
