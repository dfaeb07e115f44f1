/*
 * text.h: text and JSON for the SDK's own files: repairing what is no UTF-8,
 * JSON scalars as text, base64, members of elements.
 */
#ifndef MISP_SDK_TEXT_H
#define MISP_SDK_TEXT_H

#include "misp-module.h"

/*
 * Copies bytes to out as valid UTF-8: what is none becomes U+FFFD, NUL bytes
 * vanish. Writes whole characters only, at most capacity bytes, and no NUL
 * behind them. Returns how many bytes were written.
 */
size_t text_repair(char *out, size_t capacity, const char *bytes, size_t size);

/*
 * A string, number or boolean ("1", "0") as text that lives as long as the
 * query. NULL for an empty string, for other JSON, for NULL, without memory.
 */
const char *text_of(struct misp_query *query, const json_t *value);

/* Sets a member to text that may be no UTF-8. Does nothing for NULL. */
void text_set(json_t *object, const char *member, const char *text);

/* Adds item (stolen) to the list that is a member of element, which comes into
 * being with its first entry. Returns item, borrowed; NULL on failure. */
json_t *list_add(json_t *element, const char *member, json_t *item);

/* Bytes as a JSON string in base64; NULL without memory or bytes. */
json_t *text_base64(const void *bytes, size_t size);

/*
 * Decodes base64, in which white space is allowed. Returns the bytes (to be
 * freed), with a NUL behind them, and their number; NULL when it is no
 * base64 or memory ran out.
 */
unsigned char *text_unbase64(const char *text, size_t length, size_t *size);

#endif
