/*
 * template_filter.c: the filters of templates by their names, and the arguments
 * that are given to them. Those that fit no other file are here as well.
 */
#include "template_parts.h"

#include <string.h>

json_t *template_argument(const struct template_arguments *arguments,
			  size_t position, const char *name)
{
	for (size_t i = 0; i < arguments->count; i++)
		if (arguments->names[i] &&
		    strcmp(arguments->names[i], name) == 0)
			return arguments->values[i];
	return position < arguments->count && !arguments->names[position]
		   ? arguments->values[position]
		   : NULL;
}

const char *template_text_argument(struct template_run *run,
				   const struct template_arguments *arguments,
				   size_t position, const char *name,
				   const char *otherwise)
{
	const json_t *value = template_argument(arguments, position, name);
	return value ? template_text(run, value) : otherwise;
}

json_int_t template_number_argument(const struct template_arguments *arguments,
				    size_t position, const char *name,
				    json_int_t otherwise)
{
	const json_t *value = template_argument(arguments, position, name);
	return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

static json_t *filter_default(struct template_run *run, json_t *value,
			      const struct template_arguments *arguments)
{
	json_t *otherwise = template_argument(arguments, 0, "default_value");
	bool false_as_well =
	    template_true(template_argument(arguments, 1, "boolean"));
	if (value && (!false_as_well || template_true(value)))
		return value;
	return otherwise ? otherwise : template_string(run, "");
}

static json_t *filter_length(struct template_run *run, json_t *value,
			     const struct template_arguments *arguments)
{
	(void)arguments;
	return template_keep(
	    run, json_integer((json_int_t)template_length(run, value)));
}

static json_t *filter_safe(struct template_run *run, json_t *value,
			   const struct template_arguments *arguments)
{
	(void)run;
	(void)arguments;
	return value;
}

static json_t *filter_string(struct template_run *run, json_t *value,
			     const struct template_arguments *arguments)
{
	(void)arguments;
	return json_is_string(value)
		   ? value
		   : template_string(run, template_text(run, value));
}

static const struct template_filter_entry other_filters[] = {
    {"count", filter_length},
    {"d", filter_default},
    {"default", filter_default},
    {"length", filter_length},
    {"safe", filter_safe},
    {"string", filter_string},
    {0},
};

static const struct template_filter_entry *const tables[] = {
    template_list_filters, template_order_filters,
    template_each_filters, template_number_filters,
    template_text_filters, template_escape_filters,
    other_filters,         NULL,
};

static template_filter_function *filter_of(const char *name)
{
	for (size_t i = 0; tables[i]; i++)
		for (const struct template_filter_entry *entry = tables[i];
		     entry->name; entry++)
			if (strcmp(entry->name, name) == 0)
				return entry->filter;
	return NULL;
}

json_t *template_filter(struct template_run *run, const char *name,
			json_t *value,
			const struct template_arguments *arguments)
{
	template_filter_function *filter = filter_of(name);
	return filter ? filter(run, value, arguments)
		      : template_fail(run, "the filter %s is not known here",
				      name);
}
