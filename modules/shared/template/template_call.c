/*
 * template_call.c: what a template may call: a few methods of texts and
 * objects, range and loop.cycle. Nothing of Python can be reached.
 */
#include "template_parts.h"

#include <string.h>

#define RANGE_MOST 100000 /* as Jinja2's sandbox has it */

static json_t *call_range(struct template_run *run,
			  const struct template_arguments *arguments)
{
	json_int_t numbers[3] = {0, 0, 1};
	for (size_t i = 0; i < arguments->count && i < 3; i++)
		numbers[i] = json_integer_value(arguments->values[i]);
	json_int_t start = arguments->count > 1 ? numbers[0] : 0;
	json_int_t stop = arguments->count > 1 ? numbers[1] : numbers[0];
	json_int_t step = numbers[2];
	const json_int_t limit = (json_int_t)1 << 40; /* no sum is too large */
	if (step == 0 || start < -limit || start > limit || stop < -limit ||
	    stop > limit || step < -limit || step > limit)
		return template_fail(run, "range wants other numbers");
	json_t *list = template_keep(run, json_array());
	for (; step > 0 ? start < stop : start > stop; start += step) {
		if (json_array_size(list) == RANGE_MOST)
			return template_fail(run, "the range is too long");
		if (!template_work(run, 10))
			return NULL;
		json_array_append_new(list, json_integer(start));
	}
	return list;
}

static json_t *call_get(struct template_run *run, json_t *object,
			const struct template_arguments *arguments)
{
	json_t *found =
	    template_item(run, object, template_argument(arguments, 0, "key"));
	json_t *otherwise = template_argument(arguments, 1, "default");
	if (found)
		return found;
	return otherwise ? otherwise : template_keep(run, json_null());
}

static json_t *call_values(struct template_run *run, json_t *object,
			   const struct template_arguments *arguments)
{
	(void)arguments;
	json_t *list = template_keep(run, json_array());
	const char *name;
	json_t *member;
	json_object_foreach (object, name, member) {
		if (!template_work(run, 1))
			return NULL;
		json_array_append(list, member);
	}
	return list;
}

static json_t *call_keys(struct template_run *run, json_t *object,
			 const struct template_arguments *arguments)
{
	(void)arguments;
	return template_items(run, object);
}

/* What loop holds is an object; its members say which turn it is. */
static json_t *call_cycle(struct template_run *run, json_t *object,
			  const struct template_arguments *arguments)
{
	const json_t *index = json_object_get(object, "index0");
	if (!json_is_integer(index) || arguments->count == 0)
		return template_fail(run, "cycle wants values, in a loop");
	return arguments
	    ->values[(size_t)json_integer_value(index) % arguments->count];
}

static json_t *call_startswith(struct template_run *run, json_t *object,
			       const struct template_arguments *arguments)
{
	const char *text = json_string_value(object);
	const char *part =
	    json_string_value(template_argument(arguments, 0, "prefix"));
	return template_keep(
	    run, json_boolean(part && template_work(run, strlen(part)) &&
			      strncmp(text, part, strlen(part)) == 0));
}

static json_t *call_endswith(struct template_run *run, json_t *object,
			     const struct template_arguments *arguments)
{
	const char *text = json_string_value(object);
	const char *part =
	    json_string_value(template_argument(arguments, 0, "suffix"));
	size_t length = json_string_length(object);
	size_t end = part ? strlen(part) : 0;
	return template_keep(
	    run,
	    json_boolean(part && length >= end && template_work(run, end) &&
			 strcmp(text + length - end, part) == 0));
}

/* At a mark, or at white space without one. */
static json_t *call_split(struct template_run *run, json_t *object,
			  const struct template_arguments *arguments)
{
	static const char blank[] = " \t\n\v\f\r";
	const char *text = json_string_value(object);
	const char *mark =
	    json_string_value(template_argument(arguments, 0, "sep"));
	json_t *list = template_keep(run, json_array());
	if (mark && !*mark)
		return template_fail(run, "split wants a mark");
	while (text && template_work(run, 10)) {
		text += mark ? 0 : strspn(text, blank);
		if (!mark && !*text)
			break;
		const char *end =
		    mark ? strstr(text, mark) : text + strcspn(text, blank);
		size_t length = end ? (size_t)(end - text) : strlen(text);
		json_array_append_new(list, misp_string(text, length));
		text = end ? end + (mark ? strlen(mark) : 0) : NULL;
	}
	return list;
}

static json_t *call_join(struct template_run *run, json_t *object,
			 const struct template_arguments *arguments)
{
	const struct template_arguments between = {.count = 1,
						   .values = {object}};
	return template_filter(
	    run, "join", template_argument(arguments, 0, "iterable"), &between);
}

static const struct {
	const char *name;
	json_type of;
	json_t *(*call)(struct template_run *run, json_t *object,
			const struct template_arguments *arguments);
	const char *filter; /* that does the same */
} methods[] = {
    {"items", JSON_OBJECT, NULL, "items"},
    {"keys", JSON_OBJECT, call_keys, NULL},
    {"values", JSON_OBJECT, call_values, NULL},
    {"get", JSON_OBJECT, call_get, NULL},
    {"cycle", JSON_OBJECT, call_cycle, NULL},
    {"upper", JSON_STRING, NULL, "upper"},
    {"lower", JSON_STRING, NULL, "lower"},
    {"title", JSON_STRING, NULL, "title"},
    {"capitalize", JSON_STRING, NULL, "capitalize"},
    {"strip", JSON_STRING, NULL, "trim"},
    {"replace", JSON_STRING, NULL, "replace"},
    {"split", JSON_STRING, call_split, NULL},
    {"join", JSON_STRING, call_join, NULL},
    {"startswith", JSON_STRING, call_startswith, NULL},
    {"endswith", JSON_STRING, call_endswith, NULL},
};

json_t *template_call(struct template_run *run, const char *name,
		      json_t *object,
		      const struct template_arguments *arguments)
{
	if (!object && strcmp(name, "range") == 0)
		return call_range(run, arguments);
	for (size_t i = 0; object && i < sizeof(methods) / sizeof(*methods);
	     i++) {
		if (json_typeof(object) != methods[i].of ||
		    strcmp(methods[i].name, name) != 0)
			continue;
		return methods[i].call ? methods[i].call(run, object, arguments)
				       : template_filter(run, methods[i].filter,
							 object, arguments);
	}
	return template_fail(run, "%s() is not known here", name);
}
