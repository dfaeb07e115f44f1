/*
 * template_values.c: what values are to each other: equal, above, part of.
 */
#include "template_parts.h"

#include <string.h>

bool template_true(const json_t *value)
{
	if (!value || json_is_null(value))
		return false;
	if (json_is_boolean(value))
		return json_is_true(value);
	if (json_is_number(value))
		return json_number_value(value) != 0;
	return json_string_length(value) > 0 || json_array_size(value) > 0 ||
	       json_object_size(value) > 0;
}

bool template_is_number(const json_t *value)
{
	return json_is_number(value) || json_is_boolean(value);
}

double template_number(const json_t *value)
{
	return json_is_boolean(value) ? json_is_true(value)
				      : json_number_value(value);
}

bool template_equal(struct template_run *run, const json_t *left,
		    const json_t *right)
{
	if (!left || !right || left == right)
		return left == right;
	if (template_is_number(left) && template_is_number(right) &&
	    !(json_is_integer(left) && json_is_integer(right)))
		return template_number(left) == template_number(right);
	return json_typeof(left) == json_typeof(right) &&
	       json_string_length(left) == json_string_length(right) &&
	       template_weigh(run, left) && json_equal(left, right);
}

int template_compare(struct template_run *run, const json_t *left,
		     const json_t *right)
{
	if (template_is_number(left) && template_is_number(right))
		return (template_number(left) > template_number(right)) -
		       (template_number(left) < template_number(right));
	if (json_is_string(left) && json_is_string(right)) {
		template_work(run, json_string_length(left));
		return strcmp(json_string_value(left),
			      json_string_value(right));
	}
	template_fail(run, "values of these kinds cannot be compared");
	return 0;
}

bool template_contains(struct template_run *run, const json_t *list,
		       const json_t *item)
{
	size_t i;
	json_t *other;
	const char *name = json_string_value(item);
	if (json_is_string(list) && name)
		return template_work(run, json_string_length(list)) &&
		       strstr(json_string_value(list), name);
	if (json_is_object(list))
		return name && json_object_get(list, name);
	if (list && !json_is_array(list))
		template_fail(run, "only lists and texts have something in "
				   "them");
	json_array_foreach (list, i, other) {
		if (!template_work(run, 1))
			return false;
		if (template_equal(run, other, item))
			return true;
	}
	return false;
}
