/*
 * json_fuzz.c: whatever the bytes, misp_json_parse agrees with jansson's own
 * reader, but for nesting (we stop earlier) and whole numbers that are too
 * large (we take them as reals).
 */
#include "json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void require(int holds)
{
	if (!holds)
		abort();
}

/* Integers stay integers only where both readers took them as such. */
static void compare(json_t *ours, json_t *theirs, const char *text, size_t size)
{
	if (theirs) {
		require(json_equal(ours, theirs));
		return;
	}
	theirs = json_loadb(text, size,
			    JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL, NULL);
	require(theirs != NULL);
	json_decref(theirs);
}

static void check_error(const struct misp_json_error *error, size_t size)
{
	require(error->position <= size);
	require(error->line >= 1 && error->column >= 1);
	require(error->text[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const char *text = (const char *)bytes;
	struct misp_json_error error = {0};
	json_t *ours = misp_json_parse(bytes, size, &error);
	json_t *theirs = json_loadb(text, size, JSON_DECODE_ANY, NULL);
	if (ours) {
		compare(ours, theirs, text, size);
	} else {
		check_error(&error, size);
		/* jansson overlooks a NUL byte behind a number. */
		require(!theirs || strstr(error.text, "nested") ||
			memchr(text, '\0', size));
	}
	json_decref(ours);
	json_decref(theirs);
	return 0;
}
