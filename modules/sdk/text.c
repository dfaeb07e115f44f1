/*
 * text.c: text that can always be sent (valid UTF-8), and JSON scalars as text.
 */
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <unistr.h>

#define CHARACTER_MAX 4 /* bytes of UTF-8 */
#define REPLACEMENT_SIZE 3

size_t text_repair(char *out, size_t capacity, const char *bytes, size_t size)
{
	const uint8_t *from = (const uint8_t *)bytes;
	const uint8_t *end = from + size;
	size_t used = 0;
	while (from < end) {
		uint8_t character[CHARACTER_MAX];
		ucs4_t code;
		from += u8_mbtouc(&code, from, (size_t)(end - from));
		if (code == 0)
			continue;
		int length = u8_uctomb(character, code, sizeof(character));
		if (length <= 0)
			continue;
		if ((size_t)length > capacity - used)
			break;
		memcpy(out + used, character, (size_t)length);
		used += (size_t)length;
	}
	return used;
}

json_t *misp_string(const char *bytes, size_t size)
{
	if (!bytes)
		return NULL;
	if (!u8_check((const uint8_t *)bytes, size) && !memchr(bytes, 0, size))
		return json_stringn_nocheck(bytes, size);
	/* At worst every byte becomes one replacement character. */
	size_t capacity;
	if (__builtin_mul_overflow(size, REPLACEMENT_SIZE, &capacity))
		return NULL;
	char *repaired = malloc(capacity);
	if (!repaired)
		return NULL;
	size_t used = text_repair(repaired, capacity, bytes, size);
	json_t *string = json_stringn_nocheck(repaired, used);
	free(repaired);
	return string;
}

const char *text_of(struct misp_query *query, const json_t *value)
{
	if (json_is_string(value)) {
		const char *text = json_string_value(value);
		return *text ? text : NULL;
	}
	if (json_is_integer(value))
		return misp_text(query, "%" JSON_INTEGER_FORMAT,
				 json_integer_value(value));
	if (json_is_real(value))
		return misp_text(query, "%.15g", json_real_value(value));
	if (json_is_boolean(value))
		return json_is_true(value) ? "1" : "0";
	return NULL;
}

void text_set(json_t *object, const char *member, const char *text)
{
	if (object && text)
		misp_set(object, member, misp_string(text, strlen(text)));
}
