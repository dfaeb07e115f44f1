/*
 * template_values.c: what values are to each other: equal, above, part of.
 */
#include "template_parts.h"

#include "python_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

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

static bool is_number(const json_t *value)
{
	return json_is_number(value) || json_is_boolean(value);
}

/* As Python has it: true is 1. */
static double number(const json_t *value)
{
	return json_is_boolean(value) ? json_is_true(value)
				      : json_number_value(value);
}

bool template_equal(struct template_run *run, const json_t *left,
		    const json_t *right)
{
	if (!left || !right || left == right)
		return left == right;
	if (is_number(left) && is_number(right) &&
	    !(json_is_integer(left) && json_is_integer(right)))
		return number(left) == number(right);
	return json_typeof(left) == json_typeof(right) &&
	       json_string_length(left) == json_string_length(right) &&
	       template_weigh(run, left) && json_equal(left, right);
}

int template_compare(struct template_run *run, const json_t *left,
		     const json_t *right)
{
	if (is_number(left) && is_number(right))
		return (number(left) > number(right)) -
		       (number(left) < number(right));
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

/* ---- Text ---- */

void template_write(struct template_run *run, FILE *out, const json_t *value)
{
	long before = ftell(out);
	if (json_is_string(value))
		fwrite(json_string_value(value), 1, json_string_length(value),
		       out);
	else if (value && template_weigh(run, value))
		python_repr(out, value, before + TEMPLATE_OUTPUT_MOST);
	template_work(run, (size_t)(ftell(out) - before));
}

const char *template_text(struct template_run *run, const json_t *value)
{
	char *text = NULL;
	size_t size = 0;
	if (json_is_string(value))
		return json_string_value(value);
	FILE *out = misp_text_file(&text, &size);
	if (!out)
		return NULL;
	template_write(run, out, value);
	if (fclose(out) != 0)
		template_fail(run, "there is not enough memory");
	misp_defer(run->query, text, free);
	return template_failed(run) ? NULL : text;
}

/* ---- Arithmetic ---- */

static json_t *of_real(struct template_run *run, double value)
{
	json_t *result = isfinite(value) ? json_real(value) : NULL;
	return result ? template_keep(run, result)
		      : template_fail(run, "this number is too large");
}

static json_t *whole(struct template_run *run, char operation, json_int_t left,
		     json_int_t right)
{
	json_int_t result = 0;
	bool over = false;
	if (operation == '+')
		over = __builtin_add_overflow(left, right, &result);
	else if (operation == '-')
		over = __builtin_sub_overflow(left, right, &result);
	else if (operation == '*')
		over = __builtin_mul_overflow(left, right, &result);
	else if (right == -1) /* the one quotient that can be too large */
		over = operation == '/' &&
		       __builtin_sub_overflow((json_int_t)0, left, &result);
	else if (operation == '/')
		result = left / right -
			 (left % right != 0 && (left < 0) != (right < 0));
	else
		result = left % right +
			 (left % right != 0 && (left < 0) != (right < 0) ? right
									 : 0);
	return over ? template_fail(run, "this number is too large")
		    : template_keep(run, json_integer(result));
}

static json_t *calculated(struct template_run *run, const char *operation,
			  const json_t *left, const json_t *right)
{
	double a = number(left), b = number(right);
	bool divides = *operation == '/' || *operation == '%';
	if (divides && b == 0)
		return template_fail(run, "a division by zero");
	if (!json_is_real(left) && !json_is_real(right) &&
	    strcmp(operation, "/") != 0)
		return whole(run, *operation,
			     json_is_integer(left) ? json_integer_value(left)
						   : (json_int_t)a,
			     json_is_integer(right) ? json_integer_value(right)
						    : (json_int_t)b);
	if (*operation == '+')
		return of_real(run, a + b);
	if (*operation == '-')
		return of_real(run, a - b);
	if (*operation == '*')
		return of_real(run, a * b);
	if (strcmp(operation, "/") == 0)
		return of_real(run, a / b);
	return of_real(run,
		       *operation == '/' ? floor(a / b) : a - b * floor(a / b));
}

static json_t *joined(struct template_run *run, const json_t *left,
		      const json_t *right)
{
	const char *a = template_text(run, left);
	const char *b = template_text(run, right);
	return a && b
		   ? template_string(run, misp_text(run->query, "%s%s", a, b))
		   : NULL;
}

static json_t *appended(struct template_run *run, const json_t *left,
			json_t *right)
{
	if (!template_work(run, json_array_size(left) + json_array_size(right)))
		return NULL;
	json_t *list = template_keep(run, json_copy((json_t *)left));
	json_array_extend(list, right);
	return list;
}

static bool compares(struct template_run *run, const char *operation,
		     const json_t *left, const json_t *right, bool *holds)
{
	if (strcmp(operation, "==") == 0 || strcmp(operation, "!=") == 0) {
		*holds =
		    template_equal(run, left, right) == (*operation == '=');
	} else if (strcmp(operation, "in") == 0) {
		*holds = template_contains(run, right, left);
	} else if (strcmp(operation, "not in") == 0) {
		*holds = !template_contains(run, right, left);
	} else if (*operation == '<' || *operation == '>') {
		int order = template_compare(run, left, right);
		*holds = (*operation == '<' ? order < 0 : order > 0) ||
			 (operation[1] == '=' && order == 0);
	} else {
		return false;
	}
	return true;
}

/* "%s" % a, and "%s %s" % (a, b): a format with more than one mark wants the
 * values of a list, for a tuple is one here. */
static json_t *formatted(struct template_run *run, json_t *format,
			 json_t *value)
{
	struct template_arguments values = {.count = 1, .values = {value}};
	const char *mark = strchr(json_string_value(format), '%');
	bool several = mark && strchr(mark + 1, '%');
	for (size_t i = 0; several && i < json_array_size(value) &&
			   i < TEMPLATE_ARGUMENTS_MOST;
	     i++) {
		values.values[i] = json_array_get(value, i);
		values.count = i + 1;
	}
	return template_filter(run, "format", format, &values);
}

json_t *template_binary(struct template_run *run, const char *operation,
			json_t *left, json_t *right)
{
	bool holds = false;
	if (compares(run, operation, left, right, &holds))
		return template_keep(run, json_boolean(holds));
	if (*operation == '~')
		return joined(run, left, right);
	if (is_number(left) && is_number(right))
		return calculated(run, operation, left, right);
	if (*operation == '%' && json_is_string(left)) {
		return formatted(run, left, right);
	}
	if (*operation == '+' && json_is_string(left) && json_is_string(right))
		return joined(run, left, right);
	if (*operation == '+' && json_is_array(left) && json_is_array(right))
		return appended(run, left, right);
	return template_fail(run,
			     "%s does not work with values of these "
			     "kinds",
			     operation);
}
