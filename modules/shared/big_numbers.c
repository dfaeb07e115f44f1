/*
 * big_numbers.c: JSON with numbers that no integer type holds: their digits
 * are put between quotes before it is read.
 */
#include "big_numbers.h"

#include <stdlib.h>
#include <string.h>

#define DIGITS_MAX 18 /* that any integer of them fits in 64 bits */

/* Where what begins at text ends: a string, a number, or one character. */
static const char *token_end(const char *text)
{
	if (*text != '"') {
		size_t digits = strspn(text, "0123456789.eE+-");
		return text + (digits ? digits : 1);
	}
	for (text++; *text && *text != '"'; text++)
		if (*text == '\\' && text[1])
			text++;
	return *text ? text + 1 : text;
}

static bool is_big(const char *text, size_t length)
{
	return length > DIGITS_MAX && strspn(text, "0123456789") == length;
}

json_t *big_numbers_json(struct misp_query *query,
			 const struct misp_reply *reply)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	if (!out)
		return NULL;
	/* A NUL ends it: no JSON has one. */
	const char *at = (const char *)reply->bytes;
	while (*at) {
		const char *end = token_end(at);
		size_t length = (size_t)(end - at);
		const char *quote = is_big(at, length) ? "\"" : "";
		fputs(quote, out);
		fwrite(at, 1, length, out);
		fputs(quote, out);
		at = end;
	}
	json_t *json = NULL;
	struct misp_reply quoted = *reply;
	if (fclose(out) == 0) {
		quoted.bytes = (const unsigned char *)text;
		quoted.size = size;
		json = misp_reply_json(query, &quoted);
	}
	free(text);
	return json;
}
