/*
 * json_check.c: what yajl lets pass, and we do not: overlong and otherwise
 * invalid UTF-8, \u0000 (C strings end there), surrogates without a partner
 * (yajl makes '?' or worse of them), and two control characters outside of
 * strings.
 */
#include "json_check.h"

#include <stdint.h>
#include <string.h>
#include <unistr.h>

#define ESCAPE_SIZE 6 /* \uXXXX */

/* The value of \uXXXX at bytes; -1 when that is not what stands there. */
static int32_t unicode_escape(const char *bytes, const char *end)
{
	static const char digits[] = "0123456789abcdef";
	if (end - bytes < ESCAPE_SIZE || bytes[0] != '\\' || bytes[1] != 'u')
		return -1;
	int32_t code = 0;
	for (size_t i = 2; i < ESCAPE_SIZE; i++) {
		int lower = bytes[i] >= 'A' && bytes[i] <= 'F'
				? bytes[i] + ('a' - 'A')
				: bytes[i];
		const char *digit = memchr(digits, lower, sizeof(digits) - 1);
		if (!digit)
			return -1;
		code = code * 16 + (int32_t)(digit - digits);
	}
	return code;
}

static int is_low_surrogate(int32_t code)
{
	return code >= 0xdc00 && code <= 0xdfff;
}

static int is_high_surrogate(int32_t code)
{
	return code >= 0xd800 && code <= 0xdbff;
}

const char *json_check_text(const char *bytes, size_t size, size_t *position)
{
	const uint8_t *bad = u8_check((const uint8_t *)bytes, size);
	if (bad) {
		*position = (size_t)(bad - (const uint8_t *)bytes);
		return "the text is not valid UTF-8";
	}
	/* yajl takes these two for white space. */
	const char *end = bytes + size;
	const char *at = memchr(bytes, '\v', size);
	if (!at)
		at = memchr(bytes, '\f', size);
	if (at) {
		*position = (size_t)(at - bytes);
		return "a control character does not belong here";
	}
	at = bytes;
	while (at < end && (at = memchr(at, '\\', (size_t)(end - at)))) {
		*position = (size_t)(at - bytes);
		int32_t code = unicode_escape(at, end);
		if (code == 0)
			return "a NUL character (\\u0000) is not allowed";
		if (is_low_surrogate(code))
			return "half of a surrogate pair stands alone";
		if (is_high_surrogate(code)) {
			at += ESCAPE_SIZE;
			if (!is_low_surrogate(unicode_escape(at, end)))
				return "half of a surrogate pair stands alone";
		}
		/* Other escapes are at least two bytes; digits do no harm. */
		at += code < 0 ? 2 : ESCAPE_SIZE;
	}
	return NULL;
}
