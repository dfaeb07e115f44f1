/*
 * template_test.c: the tests of templates, as in "x is defined".
 */
#include "template_parts.h"

#include <ctype.h>
#include <string.h>

enum test {
	TEST_DEFINED,
	TEST_UNDEFINED,
	TEST_NONE,
	TEST_BOOLEAN,
	TEST_TRUE,
	TEST_FALSE,
	TEST_STRING,
	TEST_NUMBER,
	TEST_INTEGER,
	TEST_FLOAT,
	TEST_MAPPING,
	TEST_ITERABLE,
	TEST_ODD,
	TEST_EVEN,
	TEST_DIVISIBLE,
	TEST_IN,
	TEST_LOWER,
	TEST_UPPER,
	TEST_COMPARISON,
};

static const struct {
	const char *name;
	enum test test;
	const char *operation; /* of TEST_COMPARISON */
} tests[] = {
    {"defined", TEST_DEFINED, NULL},
    {"undefined", TEST_UNDEFINED, NULL},
    {"none", TEST_NONE, NULL},
    {"boolean", TEST_BOOLEAN, NULL},
    {"true", TEST_TRUE, NULL},
    {"false", TEST_FALSE, NULL},
    {"string", TEST_STRING, NULL},
    {"number", TEST_NUMBER, NULL},
    {"integer", TEST_INTEGER, NULL},
    {"float", TEST_FLOAT, NULL},
    {"mapping", TEST_MAPPING, NULL},
    {"iterable", TEST_ITERABLE, NULL},
    {"sequence", TEST_ITERABLE, NULL},
    {"odd", TEST_ODD, NULL},
    {"even", TEST_EVEN, NULL},
    {"divisibleby", TEST_DIVISIBLE, NULL},
    {"in", TEST_IN, NULL},
    {"lower", TEST_LOWER, NULL},
    {"upper", TEST_UPPER, NULL},
    {"eq", TEST_COMPARISON, "=="},
    {"equalto", TEST_COMPARISON, "=="},
    {"sameas", TEST_COMPARISON, "=="},
    {"==", TEST_COMPARISON, "=="},
    {"ne", TEST_COMPARISON, "!="},
    {"!=", TEST_COMPARISON, "!="},
    {"lt", TEST_COMPARISON, "<"},
    {"lessthan", TEST_COMPARISON, "<"},
    {"<", TEST_COMPARISON, "<"},
    {"le", TEST_COMPARISON, "<="},
    {"<=", TEST_COMPARISON, "<="},
    {"gt", TEST_COMPARISON, ">"},
    {"greaterthan", TEST_COMPARISON, ">"},
    {">", TEST_COMPARISON, ">"},
    {"ge", TEST_COMPARISON, ">="},
    {">=", TEST_COMPARISON, ">="},
};

#define TEST_COUNT (sizeof(tests) / sizeof(*tests))

/* Whether there are letters, and none of the other case. */
static bool is_in_case(struct template_run *run, const json_t *value,
		       int (*other)(int))
{
	bool letters = false;
	if (!template_work(run, json_string_length(value)))
		return false;
	for (const char *at = json_string_value(value); at && *at; at++) {
		if (other((unsigned char)*at))
			return false;
		letters |= isalpha((unsigned char)*at) != 0;
	}
	return letters;
}

static bool divides(struct template_run *run, const json_t *value,
		    const json_t *by)
{
	json_int_t number = json_integer_value(by);
	if (!json_is_integer(value) || number == 0) {
		template_fail(run, "this cannot be divided");
		return false;
	}
	return number == -1 || json_integer_value(value) % number == 0;
}

static bool is_odd(const json_t *value)
{
	return json_integer_value(value) % 2 != 0;
}

static bool holds(struct template_run *run, enum test test, const json_t *value,
		  json_t *other)
{
	switch (test) {
	case TEST_DEFINED:
		return value;
	case TEST_UNDEFINED:
		return !value;
	case TEST_NONE:
		return json_is_null(value);
	case TEST_BOOLEAN:
		return json_is_boolean(value);
	case TEST_TRUE:
		return json_is_true(value);
	case TEST_FALSE:
		return json_is_false(value);
	case TEST_STRING:
		return json_is_string(value);
	case TEST_NUMBER:
		return json_is_number(value) || json_is_boolean(value);
	case TEST_INTEGER:
		return json_is_integer(value);
	case TEST_FLOAT:
		return json_is_real(value);
	case TEST_MAPPING:
		return json_is_object(value);
	case TEST_ITERABLE:
		return json_is_array(value) || json_is_object(value) ||
		       json_is_string(value);
	case TEST_ODD:
		return json_is_integer(value) && is_odd(value);
	case TEST_EVEN:
		return json_is_integer(value) && !is_odd(value);
	case TEST_DIVISIBLE:
		return divides(run, value, other);
	case TEST_IN:
		return template_contains(run, other, value);
	case TEST_LOWER:
		return is_in_case(run, value, isupper);
	case TEST_UPPER:
		return is_in_case(run, value, islower);
	case TEST_COMPARISON:
		break;
	}
	return false;
}

bool template_test(struct template_run *run, const char *name,
		   const json_t *value,
		   const struct template_arguments *arguments)
{
	json_t *other = template_argument(arguments, 0, "other");
	size_t i = 0;
	while (i < TEST_COUNT && strcmp(tests[i].name, name) != 0)
		i++;
	if (i == TEST_COUNT) {
		template_fail(run, "the test %s is not known here", name);
		return false;
	}
	if (!tests[i].operation)
		return holds(run, tests[i].test, value, other);
	return json_is_true(
	    template_binary(run, tests[i].operation, (json_t *)value, other));
}
