/*
 * json.h: reading JSON fast. yajl reads, jansson keeps: ten times as fast as
 * jansson's own reader on the long strings that MISP sends files in.
 */
#ifndef MISP_SDK_JSON_H
#define MISP_SDK_JSON_H

#include "misp-module.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Deeper nesting is refused: MISP itself reads no more (PHP's json_decode). */
#define MISP_JSON_DEPTH 512

struct misp_json_error {
	size_t position; /* in bytes, from 0 */
	unsigned line;   /* from 1 */
	unsigned column; /* in bytes, from 1 */
	bool no_memory;  /* it may well be JSON */
	char text[160];  /* what is wrong, without any of the input */
};

/*
 * Parses bytes as one JSON value of any kind. Of duplicate keys the last
 * counts. A whole number of more than 64 bits (the serial number of a
 * certificate) becomes a string of its digits. Strings with a NUL (\u0000) are
 * refused, as are other numbers that no double holds. Returns a new reference;
 * NULL, with *error filled in, when it is no JSON or memory ran out.
 */
json_t *misp_json_parse(const void *bytes, size_t size,
			struct misp_json_error *error);

/* Lists whose entries are handed out instead of being kept. */
struct misp_json_items {
	const char *const *names; /* of the members that such lists are */
	bool (*take)(void *context, const struct misp_item *item);
	void *context;
};

/* The same; items may be NULL. A list within an entry is a part of it. When
 * take returns false no more is read, and NULL returned. */
json_t *misp_json_parse_items(const void *bytes, size_t size,
			      const struct misp_json_items *items,
			      struct misp_json_error *error);

/* Whether bytes are one JSON object that a client can read: not what is in it.
 * Keeps nothing of it. */
bool misp_json_is_object(const char *bytes, size_t size);

#endif
