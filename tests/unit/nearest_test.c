/* nearest_test.c: fcgi/nearest.c. */
#include "nearest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static const char *const names[] = {"workers", "timeout", "max_request",
				    "max_memory", "log"};

static const char *nearest(const char *name)
{
	return nearest_name(name, names, sizeof(names) / sizeof(*names));
}

static void test_slips_are_understood(void **state)
{
	(void)state;
	assert_string_equal(nearest("worker"), "workers");
	assert_string_equal(nearest("wrokers"), "workers");
	assert_string_equal(nearest("xworkers"), "workers");
	assert_string_equal(nearest("time_out"), "timeout");
	assert_string_equal(nearest("maxmemory"), "max_memory");
	assert_string_equal(nearest("lag"), "log");
	assert_string_equal(nearest("log"), "log");
}

static void test_too_far_is_nothing(void **state)
{
	(void)state;
	assert_null(nearest("laz"));
	assert_null(nearest("colour"));
	assert_null(nearest("xy"));
	assert_null(nearest(""));
	assert_null(nearest_name("workers", NULL, 0));
}

static void test_third_of_the_length_is_near(void **state)
{
	static const char *const only[] = {"abcdef"};

	(void)state;
	assert_string_equal(nearest_name("abcdXY", only, 1), "abcdef");
	assert_null(nearest_name("abcXYZ", only, 1));
}

static void test_long_names_are_no_slips(void **state)
{
	char longest[129];
	char longer[130];
	const char *const known[] = {longer, longest};

	(void)state;
	memset(longer, 'a', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_null(nearest_name(longer, known, 2));
	assert_ptr_equal(nearest_name(longest, known, 2), longest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_slips_are_understood),
	    cmocka_unit_test(test_too_far_is_nothing),
	    cmocka_unit_test(test_third_of_the_length_is_near),
	    cmocka_unit_test(test_long_names_are_no_slips),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
