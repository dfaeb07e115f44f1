/*
 * redact.c: takes out of a text what must not be seen; see redact.h.
 */
#include "redact.h"

#include "url.h"

#include <ctype.h>
#include <curl/curl.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <string.h>

#define SHORTEST 4
#define LONGEST 1024 /* of what is looked for in base64 */

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

static void redact_spelled(char *shown, const char *text, const char *secret,
			   spelling *spelled)
{
	size_t at = 0;

	while (text[at]) {
		size_t length = secret_length(text + at, secret, spelled);

		memset(shown + at, '*', length);
		at += length ? length : 1;
	}
}

/* ---- Within base64 ---- */

static size_t in_base64(const char *text, char letter)
{
	/* Those of URLs are others. */
	return *text == letter || (*text == '-' && letter == '+') ||
	       (*text == '_' && letter == '/');
}

/* Looks for the letters that the secret has behind none, one or two bytes of
 * another text, but for those which it shares with its neighbours. */
static void redact_base64(char *shown, const char *text, const char *secret)
{
	unsigned char bytes[2 + LONGEST] = "";
	unsigned char letters[(sizeof(bytes) + 2) / 3 * 4 + 1];
	size_t size = strnlen(secret, LONGEST);

	for (size_t before = 0; before < 3; before++) {
		memcpy(bytes + before, secret, size);
		EVP_EncodeBlock(letters, bytes, (int)(before + size));
		letters[(before + size) * 8 / 6] = '\0';
		redact_spelled(shown, text,
			       (char *)letters + (before * 8 + 5) / 6,
			       in_base64);
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
	/* libcurl takes 0 for all there is. */
	char *secret =
	    length ? curl_easy_unescape(NULL, part, (int)length, NULL) : NULL;

	if (secret)
		redact(shown, text, secret);
	else if (length)
		memset(shown, '*', strlen(text));
	curl_free(secret);
}

void redact_user(char *shown, const char *text, const char *url)
{
	size_t length = 0;
	const char *user = url ? url_user(url, &length) : NULL;
	const char *colon = user ? memchr(user, ':', length) : NULL;

	if (!user)
		return;
	redact_part(shown, text, user, colon ? (size_t)(colon - user) : length);
	if (colon)
		redact_part(shown, text, colon + 1,
			    (size_t)(user + length - colon - 1));
}
