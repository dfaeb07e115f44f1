/* ending_test.c: a reply that is written from a signal handler is whole. */
#include "ending.h"

#include "frame.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct ending ending = {
    .request_id = 7, .id = "0123456789", .module = "dns"};

/* The content of the first record; its end is *rest. */
static size_t content(const char *bytes, const char **rest)
{
	const unsigned char *header = (const unsigned char *)bytes;
	size_t size = (size_t)header[4] << 8 | header[5];

	assert_int_equal(header[0], 1);
	assert_int_equal(header[1], 6); /* STDOUT */
	assert_int_equal(header[2] << 8 | header[3], 7);
	*rest = bytes + FRAME_HEADER_SIZE + size;
	return size;
}

static void check_body(const char *body, size_t size, const char *error)
{
	json_t *json = json_loadb(body, size, 0, NULL);
	const char *said = NULL;
	json_t *results = NULL;

	assert_int_equal(json_unpack(json, "{s:s, s:o}", "error", &said,
				     "results", &results),
			 0);
	assert_string_equal(said, error);
	assert_true(json_is_array(results));
	json_decref(json);
}

static void a_reply_has_head_body_and_end(void **state)
{
	char bytes[ENDING_SIZE];
	const char *rest, *body;
	size_t size = ending_reply(&ending, END_CRASH, bytes);

	(void)state;
	content(bytes, &rest);
	assert_int_equal(rest + FRAME_END_SIZE - bytes, size);
	assert_memory_equal(rest + FRAME_HEADER_SIZE, "\1\3\0\7\0\10\0\0", 8);
	body = strstr(bytes + FRAME_HEADER_SIZE, "\r\n\r\n") + 4;
	assert_non_null(
	    strstr(bytes + FRAME_HEADER_SIZE, "X-Request-Id: 0123456789\r\n"));
	check_body(body, (size_t)(rest - body),
		   "The module dns crashed on this query. The server goes on; "
		   "its log has the details.");
}

static void after_a_sign_of_life_only_the_body_follows(void **state)
{
	char bytes[ENDING_SIZE];
	const char *rest;
	size_t size = ending_sign_of_life(&ending, bytes);

	(void)state;
	assert_int_equal(content(bytes, &rest), size - FRAME_HEADER_SIZE);
	assert_memory_equal(rest - 5, "\r\n\r\n\n", 5);
	ending.head_sent = true;
	assert_int_equal(ending_sign_of_life(&ending, bytes),
			 FRAME_HEADER_SIZE + 1);
	ending_reply(&ending, END_DEADLINE, bytes);
	size = content(bytes, &rest);
	check_body(bytes + FRAME_HEADER_SIZE, size,
		   "The module dns took longer than this query's time limit "
		   "and was stopped.");
	ending.head_sent = false;
}

static void a_terminal_gets_json(void **state)
{
	char bytes[ENDING_SIZE];
	size_t size;

	(void)state;
	ending.plain = true;
	size = ending_reply(&ending, END_MEMORY, bytes);
	check_body(bytes, size,
		   "The module dns ran out of memory on this query. The server "
		   "goes on.");
	ending.plain = false;
}

static void the_longest_names_fit(void **state)
{
	struct ending longest = {.request_id = 7};
	char bytes[ENDING_SIZE];
	const char *rest, *body;
	json_t *json;

	(void)state;
	memset(longest.id, 'i', sizeof(longest.id) - 1);
	memset(longest.module, 'm', sizeof(longest.module) - 1);
	ending_reply(&longest, END_CRASH, bytes);
	content(bytes, &rest);
	body = strstr(bytes + FRAME_HEADER_SIZE, "\r\n\r\n") + 4;
	json = json_loadb(body, (size_t)(rest - body), 0, NULL);
	assert_non_null(json);
	json_decref(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_reply_has_head_body_and_end),
	    cmocka_unit_test(after_a_sign_of_life_only_the_body_follows),
	    cmocka_unit_test(a_terminal_gets_json),
	    cmocka_unit_test(the_longest_names_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
