/*
 * sdk_text_file_test.c: a file in memory, and what it says when memory ran out.
 */
#include "misp-module.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *text;
static size_t size;

static void nothing_written(void **state)
{
	(void)state;
	FILE *out = misp_text_file(NULL, &text, &size);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, "");
	assert_int_equal(size, 0);
	free(text);
}

static void longer_than_any_buffer(void **state)
{
	(void)state;
	FILE *out = misp_text_file(NULL, &text, &size);
	for (int i = 0; i < 100000; i++)
		fprintf(out, "%05d\n", i);
	assert_int_equal(ftell(out), 600000);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(size, 600000);
	assert_int_equal(strlen(text), size);
	assert_string_equal(text + size - 6, "99999\n");
	free(text);
}

static void flushed_in_between(void **state)
{
	(void)state;
	FILE *out = misp_text_file(NULL, &text, &size);
	fwrite("a\0b", 1, 3, out);
	assert_int_equal(ftell(out), 3);
	assert_int_equal(fflush(out), 0);
	assert_int_equal(size, 3);
	assert_memory_equal(text, "a\0b", 4);
	assert_int_not_equal(fseek(out, 0, SEEK_SET), 0);
	fputs("c", out);
	assert_int_equal(fclose(out), 0);
	assert_memory_equal(text, "a\0bc", 5);
	free(text);
}

/* Whatever is written afterwards: what follows a gap is no text. */
static void no_memory(void **state)
{
	(void)state;
	FILE *out = misp_text_file(NULL, &text, &size);
	fputs("before", out);
	assert_int_equal(fflush(out), 0);
	size = SIZE_MAX - 2;
	fputs("lost", out);
	assert_int_equal(fflush(out), EOF);
	assert_true(ferror(out));
	size = 6;
	fputs("behind", out);
	assert_int_equal(fclose(out), EOF);
	assert_string_equal(text, "before");
	free(text);

	/* Nor when nothing is left to be written at the end. */
	out = misp_text_file(NULL, &text, &size);
	size = SIZE_MAX - 2;
	fputs("lost", out);
	fflush(out);
	assert_int_equal(fclose(out), EOF);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nothing_written),
	    cmocka_unit_test(longer_than_any_buffer),
	    cmocka_unit_test(flushed_in_between),
	    cmocka_unit_test(no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
