/* dump_test.c: what dump.c writes is what jansson writes. */
#include "dump.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct out {
	char *bytes;
	size_t size;
	size_t calls;
	size_t most; /* calls that it takes; 0: all */
};

static bool take(void *context, const char *bytes, size_t size)
{
	struct out *out = context;

	out->calls++;
	if (out->calls == out->most)
		return false;
	out->bytes = realloc(out->bytes, out->size + size);
	memcpy(out->bytes + out->size, bytes, size);
	out->size += size;
	return true;
}

/* Steals json. */
static void same(json_t *json)
{
	struct out out = {0};
	char *theirs = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);

	assert_non_null(theirs);
	assert_true(dump_json(json, take, &out));
	assert_int_equal(out.size, strlen(theirs));
	assert_memory_equal(out.bytes, theirs, out.size);
	free(out.bytes);
	free(theirs);
	json_decref(json);
}

static void scalars_and_containers(void **state)
{
	(void)state;
	same(json_null());
	same(json_true());
	same(json_false());
	same(json_object());
	same(json_array());
	same(json_string(""));
	same(json_pack("{s:[i, f, s, b, n, {}, []], s:{s:{s:[[]]}}}", "list", 1,
		       2.5, "text", 1, "nested", "\"key\"\n", ""));
}

static void numbers(void **state)
{
	static const json_int_t integers[] = {0, -1, INT64_MAX, INT64_MIN};
	static const double reals[] = {0,    -0.0,    1e300, 1e-300, 0.1,
				       1e17, 1.0 / 3, -2e5,  5e-324};

	(void)state;
	for (size_t i = 0; i < sizeof(integers) / sizeof(*integers); i++)
		same(json_integer(integers[i]));
	for (size_t i = 0; i < sizeof(reals) / sizeof(*reals); i++)
		same(json_real(reals[i]));
}

static void every_character(void **state)
{
	char all[257];

	(void)state;
	for (int character = 1; character < 128; character++) {
		const char text[] = {'a', (char)character, 'b', '\0'};

		same(json_string(text));
		same(json_pack("{s:s}", text, text));
		all[character - 1] = (char)character;
	}
	all[127] = '\0';
	same(json_string(all));
	same(json_string("Zoë \xe6\xbc\xa2 \xf0\x9f\x98\x80 \xed\x9f\xbf"));
	same(json_stringn("a\0b", 3));
}

static json_t *nested(size_t depth)
{
	json_t *json = json_array();

	while (depth-- > 1)
		json = json_pack("[o]", json);
	return json;
}

static void depth_is_bounded(void **state)
{
	struct out out = {0};
	json_t *deeper = nested(DUMP_DEPTH + 1);

	(void)state;
	same(nested(DUMP_DEPTH));
	assert_false(dump_json(deeper, take, &out));
	free(out.bytes);
	json_decref(deeper);
}

static void who_refuses_is_not_asked_again(void **state)
{
	struct out out = {.most = 2};
	json_t *json = json_array();

	(void)state;
	for (int i = 0; i < 10000; i++)
		json_array_append_new(json, json_string("some text"));
	assert_false(dump_json(json, take, &out));
	assert_int_equal(out.calls, 2);
	free(out.bytes);
	json_decref(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(scalars_and_containers),
	    cmocka_unit_test(numbers),
	    cmocka_unit_test(every_character),
	    cmocka_unit_test(depth_is_bounded),
	    cmocka_unit_test(who_refuses_is_not_asked_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
