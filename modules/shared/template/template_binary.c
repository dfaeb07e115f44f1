/*
 * template_binary.c: what the operators between two values make of them.
 */
#include "template_parts.h"

#include <math.h>
#include <string.h>

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
	double a = template_number(left), b = template_number(right);
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
	if (template_is_number(left) && template_is_number(right))
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
