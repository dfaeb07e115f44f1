/*
 * redact.c: takes out of a text what must not be seen; see redact.h.
 */
#include "redact.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#define SHORTEST 4
#define LONGEST 1024 /* of what is decoded */

/* What base64 is written with, also that of URLs. */
static const char base64_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz"
				     "0123456789+/-_";

/* ---- As it is, or as URLs and JSON spell it ---- */

/* How many characters a text spends on a byte; 0: it has another there. */
typedef size_t spelling(const char *text, char byte);

static size_t as_it_is(const char *text, char byte)
{
	return *text == byte;
}

/* The byte in two hexadecimal digits, or -1. */
static int hex_byte(const char *text)
{
	static const char digits[] = "0123456789abcdef";
	int byte = 0;

	for (size_t i = 0; i < 2; i++) {
		if (!isxdigit((unsigned char)text[i]))
			return -1;
		byte = byte * 16 +
		       (int)(strchr(digits, tolower((unsigned char)text[i])) -
			     digits);
	}
	return byte;
}

static size_t escaped(const char *text, char byte)
{
	if (*text == '%' && hex_byte(text + 1) == (unsigned char)byte)
		return strlen("%00");
	if (*text == '+' && byte == ' ')
		return 1;
	if (strncmp(text, "\\u00", 4) == 0 &&
	    hex_byte(text + 4) == (unsigned char)byte)
		return strlen("\\u0000");
	if (*text == '\\' && text[1] == byte)
		return 2;
	return *text == byte;
}

/* A text, and what it quotes, may have been cut within the secret. */
static bool is_cut(const char *rest)
{
	return !*rest || *rest == '"' ||
	       (strchr("%\\", *rest) && strlen(rest) < strlen("\\u0000"));
}

/* How long the secret is where the text begins; 0: it is not there. */
static size_t secret_length(const char *text, const char *secret,
			    spelling *spelled)
{
	const char *end = text;
	const char *left = secret;
	size_t length;

	while (*left && (length = spelled(end, *left)) > 0) {
		end += length;
		left++;
	}
	if (!*left || (left - secret >= SHORTEST && is_cut(end)))
		return (size_t)(end - text);
	return 0;
}

static bool redact_spelled(char *shown, const char *text, const char *secret,
			   spelling *spelled)
{
	bool found = false;
	size_t at = 0;

	while (text[at]) {
		size_t length = secret_length(text + at, secret, spelled);

		found = found || length > 0;
		memset(shown + at, '*', length);
		at += length ? length : 1;
	}
	return found;
}

/* ---- Within base64 ---- */

static void base64_decode(char bytes[LONGEST], const char *text, size_t length)
{
	unsigned int bits = 0;
	unsigned int count = 0;
	size_t used = 0;

	for (size_t i = 0; i < length && used < LONGEST - 1; i++) {
		size_t letter =
		    (size_t)(strchr(base64_letters, text[i]) - base64_letters);

		bits = bits << 6 |
		       (unsigned int)(letter < 64 ? letter : letter - 2);
		count += 6;
		if (count < 8)
			continue;
		count -= 8;
		bytes[used] = (char)(bits >> count);
		/* No secret has a NUL in it. */
		if (!bytes[used])
			bytes[used] = ' ';
		used++;
	}
	bytes[used] = '\0';
}

/* Whether the letters say it in base64, wherever that begins. */
static bool says(const char *letters, size_t length, const char *secret)
{
	char bytes[LONGEST];

	for (size_t start = 0; start < 4 && start < length; start++) {
		base64_decode(bytes, letters + start, length - start);
		if (redact_spelled(bytes, bytes, secret, as_it_is) ||
		    redact_spelled(bytes, bytes, secret, escaped))
			return true;
	}
	return false;
}

static void redact_base64(char *shown, const char *text, const char *secret)
{
	size_t at = 0;

	while (text[at += strcspn(text + at, base64_letters)]) {
		size_t length = strspn(text + at, base64_letters);

		if (says(text + at, length, secret))
			memset(shown + at, '*', length);
		at += length;
	}
}

/* ---- The whole ---- */

void redact(char *shown, const char *text, const char *secret)
{
	if (!secret || strlen(secret) < SHORTEST)
		return;
	redact_spelled(shown, text, secret, as_it_is);
	redact_spelled(shown, text, secret, escaped);
	redact_base64(shown, text, secret);
}

/* A part of a URL, which is sent without its percent signs. */
static void redact_part(char *shown, const char *text, const char *part,
			size_t length)
{
	char secret[LONGEST];
	size_t used = 0;

	for (size_t i = 0; i < length && used < sizeof(secret) - 1; i++) {
		int byte = part[i] == '%' ? hex_byte(part + i + 1) : -1;

		secret[used] = part[i];
		if (byte > 0) {
			secret[used] = (char)byte;
			i += 2;
		}
		used++;
	}
	secret[used] = '\0';
	redact(shown, text, secret);
}

void redact_user(char *shown, const char *text, const char *url)
{
	const char *start = url ? strstr(url, "://") : NULL;
	const char *end, *colon;

	if (!start)
		return;
	start += strlen("://");
	end = memrchr(start, '@', strcspn(start, "/?#"));
	if (!end)
		return;
	colon = memchr(start, ':', (size_t)(end - start));
	redact_part(shown, text, start,
		    (size_t)((colon ? colon : end) - start));
	if (colon)
		redact_part(shown, text, colon + 1, (size_t)(end - colon - 1));
}
