/* log_test.c: a line of the log is one line, whatever is put into it. */
#include "log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void check(const char *value, const char *expected)
{
	struct log_line line = {0};

	log_pair(&line, "key", value);
	line.text[line.used] = '\0';
	assert_string_equal(line.text, expected);
}

static void values_are_quoted_when_they_must(void **state)
{
	(void)state;
	check("plain-1.2:3|x", "key=plain-1.2:3|x");
	check("two words", "key=\"two words\"");
	check("a\"b\\c", "key=\"a\\\"b\\\\c\"");
	check("a=b", "key=\"a=b\"");
	check("line\nbreak\x01", "key=\"line\\nbreak\\x01\"");
	check("\xc3\xa9\xc2\xa0", "key=\"\xc3\xa9\xc2\xa0\"");
	check("a\xc2\x9b[31m", "key=\"a\\x9b[31m\"");
	check("\xc3\xa9\x9b[31m", "key=\"\\xc3\\xa9\\x9b[31m\"");
	check("\xc2", "key=\"\\xc2\"");
	check("", "");
	check(NULL, "");
}

static void pairs_are_separated(void **state)
{
	struct log_line line = {0};

	(void)state;
	log_pair(&line, "a", "1");
	log_pair_number(&line, "b", -2);
	line.text[line.used] = '\0';
	assert_string_equal(line.text, "a=1 b=-2");
}

static void long_values_are_cut(void **state)
{
	struct log_line line = {0};
	char value[5000];

	(void)state;
	memset(value, 'x', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	log_pair(&line, "key", value);
	log_pair(&line, "key", value);
	assert_true(line.used < sizeof(line.text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(values_are_quoted_when_they_must),
	    cmocka_unit_test(pairs_are_separated),
	    cmocka_unit_test(long_values_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
