/*
 * json_fuzz.c: whatever the bytes, misp_json_parse agrees with jansson's own
 * reader, but for nesting (we stop earlier) and whole numbers that are too
 * large (we keep their digits); and dump_json with jansson's own writer.
 */
#include "dump.h"
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
	/* No double holds a number of 400 digits: it has no reader but ours. */
	json_decref(theirs);
}

struct rest {
	const char *bytes;
	size_t size;
};

static bool expect(void *context, const char *bytes, size_t size)
{
	struct rest *rest = context;
	require(size <= rest->size && memcmp(bytes, rest->bytes, size) == 0);
	rest->bytes += size;
	rest->size -= size;
	return true;
}

static void compare_dumps(const json_t *json)
{
	char *theirs = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
	require(theirs != NULL);
	struct rest rest = {theirs, strlen(theirs)};
	/* It nests less than what is read. */
	require(!dump_json(json, expect, &rest) || rest.size == 0);
	free(theirs);
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
		compare_dumps(ours);
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
