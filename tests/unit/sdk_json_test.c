/*
 * sdk_json_test.c: what misp_json_parse takes, what it refuses and how it
 * says so.
 */
#include "json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

static json_t *parse(const char *text)
{
	struct misp_json_error error = {0};
	return misp_json_parse(text, strlen(text), &error);
}

/* Input, and what it means (written without spaces). */
static const struct {
	const char *input;
	const char *expected;
} accepted[] = {
    {"null", "null"},
    {" true ", "true"},
    {"\"x\"", "\"x\""},
    {"12", "12"},
    {"-0", "0"},
    {"1.5", "1.5"},
    {"-2e3", "-2000.0"},
    {"1e-999", "0.0"},
    {"9223372036854775807", "9223372036854775807"},
    {"-9223372036854775808", "-9223372036854775808"},
    {"9223372036854775808", "\"9223372036854775808\""},
    {"-9223372036854775809", "\"-9223372036854775809\""},
    {"[]", "[]"},
    {"{\"a\":{\"b\":[1,null,false]},\"c\":\"\"}",
     "{\"a\":{\"b\":[1,null,false]},\"c\":\"\"}"},
    {"{\"a\":1,\"b\":2,\"a\":{\"x\":[]}}", "{\"a\":{\"x\":[]},\"b\":2}"},
    {"{\"a\":[1],\"a\":3}", "{\"a\":3}"},
    {"{\"\":1}", "{\"\":1}"},
    {"\"\\/\\u00e9\\ud83d\\ude00\"", "\"/\xc3\xa9\xf0\x9f\x98\x80\""},
    {"{\"\\u00e9\":\"\\\\u0000\"}", "{\"\xc3\xa9\":\"\\\\u0000\"}"},
};

static void accepts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(accepted); i++) {
		json_t *json = parse(accepted[i].input);
		char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
		assert_non_null(text);
		assert_string_equal(text, accepted[i].expected);
		free(text);
		json_decref(json);
	}
}

static const struct {
	const char *input;
	const char *text;
	size_t position;
	unsigned line;
	unsigned column;
} refused[] = {
    {"", "it is empty", 0, 1, 1},
    {" ", "it ends too early", 1, 1, 2},
    {"{\"a\":\"bc", "it ends too early", 8, 1, 9},
    {"[", "it ends too early", 1, 1, 2},
    {"1 2", "something follows after its end", 2, 1, 3},
    {"1\"", "something follows after its end", 1, 1, 2},
    {"{} x", "something follows after its end", 3, 1, 4},
    {"01", "something follows after its end", 1, 1, 2},
    {"[1 2]", "a ',' or ']' is missing", 3, 1, 4},
    {"{\"a\":1]", "a ',' or '}' is missing", 6, 1, 7},
    {"{\"a\" 1}", "a ':' is missing behind a name", 5, 1, 6},
    {"{1:1}", "a name (a string) is missing", 1, 1, 2},
    {"[1,]", "a value is missing", 3, 1, 4},
    {"{\n\"a\":\n}", "a value is missing", 7, 3, 1},
    {"[\n NaN]", "this character does not belong here", 3, 2, 2},
    {"[tru]", "this word is not known", 4, 1, 5},
    {"\"\\x\"", "a '\\' stands before the wrong character", 2, 1, 3},
    {"\"\\u00g0\"", "\\u is not followed by four hexadecimal digits", 5, 1, 6},
    {"\"a\tb\"", "a control character is in a string", 2, 1, 3},
    {"1\v", "a control character does not belong here", 1, 1, 2},
    {"1\f", "a control character does not belong here", 1, 1, 2},
    {"[-]", "a digit is missing in a number", 2, 1, 3},
    {"[1.]", "a digit is missing in a number", 3, 1, 4},
    {"1 // no", "something follows after its end", 2, 1, 3},
    {"// no", "comments are not allowed", 0, 1, 1},
    {"[1e999]", "the number is too large", 1, 1, 2},
    {"\"\\u0000\"", "a NUL character (\\u0000) is not allowed", 1, 1, 2},
    {"{\"\\u0000\":1}", "a NUL character (\\u0000) is not allowed", 2, 1, 3},
    {"\"\\ud800\"", "half of a surrogate pair stands alone", 1, 1, 2},
    {"\"\\ud800\\u0041\"", "half of a surrogate pair stands alone", 1, 1, 2},
    {"\"\\udc00\"", "half of a surrogate pair stands alone", 1, 1, 2},
    {"\"\xff\"", "the text is not valid UTF-8", 1, 1, 2},
    {"\"\xc0\x80\"", "the text is not valid UTF-8", 1, 1, 2},
    {"\"\xed\xa0\x80\"", "the text is not valid UTF-8", 1, 1, 2},
};

static void refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct misp_json_error error = {0};
		const char *input = refused[i].input;
		assert_null(misp_json_parse(input, strlen(input), &error));
		assert_string_equal(error.text, refused[i].text);
		assert_int_equal(error.position, refused[i].position);
		assert_int_equal(error.line, refused[i].line);
		assert_int_equal(error.column, refused[i].column);
	}
}

/* The same judgement, of objects alone. */
static void tells_objects(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(accepted); i++) {
		const char *input = accepted[i].input;
		assert_int_equal(misp_json_is_object(input, strlen(input)),
				 input[0] == '{');
	}
	for (size_t i = 0; i < COUNT(refused); i++) {
		char text[64];
		snprintf(text, sizeof(text), "{\"a\":%s", refused[i].input);
		assert_false(misp_json_is_object(text, strlen(text)));
		snprintf(text, sizeof(text), "{}%s", refused[i].input);
		assert_int_equal(misp_json_is_object(text, strlen(text)),
				 strspn(refused[i].input, " ") ==
				     strlen(refused[i].input));
	}
}

/* Wherever it stands: text is looked through in words. */
static void finds_what_is_no_utf8(void **state)
{
	(void)state;
	for (size_t i = 1; i < 40; i++) {
		struct misp_json_error error = {0};
		char text[42] = "";
		memset(text, 'x', sizeof(text) - 1);
		text[0] = text[40] = '"';
		text[i] = (char)0xff;
		assert_null(misp_json_parse(text, sizeof(text) - 1, &error));
		assert_string_equal(error.text, "the text is not valid UTF-8");
		assert_int_equal(error.position, i);
	}
}

static void refuses_raw_nul(void **state)
{
	(void)state;
	struct misp_json_error error = {0};
	assert_null(misp_json_parse("[1\0]", 4, &error));
	assert_null(misp_json_parse("\"a\0b\"", 5, &error));
	assert_null(misp_json_parse("1\0", 2, &error));
	assert_null(misp_json_parse(NULL, 0, &error));
}

/* depth opening brackets, and as many that close. */
static json_t *parse_nested(size_t depth, struct misp_json_error *error)
{
	char *text = malloc(2 * depth);
	assert_non_null(text);
	memset(text, '[', depth);
	memset(text + depth, ']', depth);
	json_t *json = misp_json_parse(text, 2 * depth, error);
	free(text);
	return json;
}

static void limits_depth(void **state)
{
	(void)state;
	struct misp_json_error error = {0};
	json_t *json = parse_nested(MISP_JSON_DEPTH, &error);
	assert_non_null(json);
	json_decref(json);
	assert_null(parse_nested(MISP_JSON_DEPTH + 1, &error));
	assert_string_equal(error.text, "it is nested too deeply");
	assert_int_equal(error.position, MISP_JSON_DEPTH);
	assert_null(parse_nested(100000, &error));
}

static void long_number(void **state)
{
	(void)state;
	char digits[10001];
	struct misp_json_error error = {0};
	memset(digits, '7', sizeof(digits));
	json_t *json = misp_json_parse(digits, sizeof(digits), &error);
	assert_int_equal(json_string_length(json), sizeof(digits));
	json_decref(json);
	digits[sizeof(digits) - 2] = '.';
	assert_null(misp_json_parse(digits, sizeof(digits), &error));
	assert_string_equal(error.text, "the number is too large");
	digits[0] = '0';
	digits[1] = '.';
	digits[sizeof(digits) - 2] = '7';
	json = misp_json_parse(digits, sizeof(digits), &error);
	assert_true(json_is_real(json));
	json_decref(json);
}

static size_t allocations_left;

static void *scarce_malloc(size_t size)
{
	return allocations_left-- > 0 ? malloc(size) : NULL;
}

/* Whichever of jansson's allocations fails, all is freed (valgrind looks). */
static void survives_lack_of_memory(void **state)
{
	(void)state;
	static const char text[] =
	    "{\"a\":[1,2.5,\"x\",{\"b\":{}}],\"c\":[[]]}";
	json_malloc_t old_malloc;
	json_free_t old_free;
	json_get_alloc_funcs(&old_malloc, &old_free);
	json_set_alloc_funcs(scarce_malloc, free);
	json_t *json = NULL;
	size_t failures = 0;
	for (; !json && failures < 1000; failures++) {
		struct misp_json_error error = {0};
		allocations_left = failures;
		json = misp_json_parse(text, strlen(text), &error);
		allocations_left = SIZE_MAX;
		if (!json)
			assert_true(error.text[0] != '\0');
	}
	assert_non_null(json);
	assert_true(failures > 10);
	json_decref(json);
	json_set_alloc_funcs(old_malloc, old_free);
}

/* ---- Entries that are handed out ---- */

struct taken {
	char text[512];
	size_t until; /* no more are taken then */
};

static bool take(void *context, const struct misp_item *item)
{
	struct taken *taken = context;
	char *value = json_dumps(item->value, JSON_COMPACT | JSON_ENCODE_ANY);
	size_t used = strlen(taken->text);
	assert_non_null(value);
	assert_true(json_is_object(item->holder));
	assert_non_null(item->root);
	snprintf(taken->text + used, sizeof(taken->text) - used, "%s%zu=%s ",
		 item->list, item->index, value);
	free(value);
	return --taken->until > 0;
}

/* Input, what is kept of it, and what is handed out. */
static const struct {
	const char *input;
	const char *kept;
	const char *taken;
} handed_out[] = {
    {"{\"A\":[1,\"x\",null,[2],{}]}", "{\"A\":[]}",
     "A0=1 A1=\"x\" A2=null A3=[2] A4={} "},
    {"{\"r\":[{\"B\":[{\"A\":[1,[2]],\"B\":3}],\"c\":4}]}",
     "{\"r\":[{\"B\":[],\"c\":4}]}", "B0={\"A\":[1,[2]],\"B\":3} "},
    {"{\"A\":[],\"x\":{\"A\":[5]},\"B\":[6]}",
     "{\"A\":[],\"x\":{\"A\":[]},\"B\":[]}", "A0=5 B0=6 "},
    {"{\"A\":{\"x\":[1]}}", "{\"A\":{\"x\":[1]}}", ""},
    {"[[1],2]", "[[1],2]", ""},
    {"{\"x\":[[1]]}", "{\"x\":[[1]]}", ""},
};

static json_t *parse_items(const char *text, struct taken *taken)
{
	static const char *const names[] = {"A", "B", NULL};
	const struct misp_json_items items = {names, take, taken};
	struct misp_json_error error = {0};
	return misp_json_parse_items(text, strlen(text), &items, &error);
}

static void hands_out_entries(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(handed_out); i++) {
		struct taken taken = {.until = SIZE_MAX};
		json_t *json = parse_items(handed_out[i].input, &taken);
		char *text = json_dumps(json, JSON_COMPACT);
		assert_string_equal(text, handed_out[i].kept);
		assert_string_equal(taken.text, handed_out[i].taken);
		free(text);
		json_decref(json);
	}
}

static void hands_out_no_more(void **state)
{
	struct taken taken = {.until = 2};
	(void)state;
	assert_null(parse_items("{\"A\":[1,{\"b\":2},3]}", &taken));
	assert_string_equal(taken.text, "A0=1 A1={\"b\":2} ");
}

/* What has been read of an entry is not lost. */
static void entry_is_cut_short(void **state)
{
	struct taken taken = {.until = SIZE_MAX};
	(void)state;
	assert_null(parse_items("{\"A\":[1,{\"b\":[2", &taken));
	assert_string_equal(taken.text, "A0=1 ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(accepts),
	    cmocka_unit_test(refuses),
	    cmocka_unit_test(tells_objects),
	    cmocka_unit_test(finds_what_is_no_utf8),
	    cmocka_unit_test(refuses_raw_nul),
	    cmocka_unit_test(limits_depth),
	    cmocka_unit_test(long_number),
	    cmocka_unit_test(survives_lack_of_memory),
	    cmocka_unit_test(hands_out_entries),
	    cmocka_unit_test(hands_out_no_more),
	    cmocka_unit_test(entry_is_cut_short),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
