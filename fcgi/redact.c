/*
 * redact.c: takes out of a text what must not be seen; see redact.h.
 */
#include "redact.h"

#include <string.h>

#define SHORTEST 4

void redact(char *text, const char *secret)
{
	size_t length = secret ? strlen(secret) : 0;

	if (length < SHORTEST)
		return;
	while ((text = strstr(text, secret))) {
		memset(text, '*', length);
		text += length;
	}
}
