/*
 * template_lists.c: the filters of templates that work on a list as it is.
 */
#include "template_parts.h"

#include <string.h>

json_t *template_at_path(json_t *item, const json_t *path)
{
	if (json_is_integer(path))
		return json_array_get(item, (size_t)json_integer_value(path));
	return path ? misp_at(item, json_string_value(path)) : item;
}

static json_t *filter_list(struct template_run *run, json_t *value,
			   const struct template_arguments *arguments)
{
	(void)arguments;
	json_t *items = template_items(run, value);
	if (!items || !template_work(run, json_array_size(items)))
		return NULL;
	return template_keep(run, json_copy(items));
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
	FILE *out = items ? misp_text_file(run->query, &made, &size) : NULL;
	if (!out)
		return NULL;
	json_array_foreach (items, i, item) {
		if (i > 0)
			template_write(run, out, between);
		template_write(run, out, template_at_path(item, path));
		if (template_failed(run))
			break;
	}
	return template_written(run, out, &made);
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
		total = template_binary(run, "+", total,
					template_at_path(item, path));
		if (template_failed(run))
			return NULL;
	}
	return total;
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

const struct template_filter_entry template_list_filters[] = {
    {"first", filter_first}, {"items", filter_items},
    {"join", filter_join},   {"last", filter_last},
    {"list", filter_list},   {"reverse", filter_reverse},
    {"sum", filter_sum},     {0},
};
