/*
 * redact.c: takes out of a text what must not be seen; see redact.h.
 */
#include "redact.h"

#include <string.h>

#define SHORTEST 4

/* A text that was cut may end within the secret. */
static void redact_end(char *text, const char *secret, size_t length)
{
	size_t size = strlen(text);

	while (--length >= SHORTEST) {
		char *end = text + size - length;

		if (length > size || memcmp(end, secret, length) != 0)
			continue;
		memset(end, '*', length);
		return;
	}
}

void redact(char *text, const char *secret)
{
	size_t length = secret ? strlen(secret) : 0;

	char *found = text;

	if (length < SHORTEST)
		return;
	while ((found = strstr(found, secret))) {
		memset(found, '*', length);
		found += length;
	}
	redact_end(text, secret, length);
}
