/*
 * redact.h: takes out of a text what must not be seen in it.
 */
#ifndef FCGI_REDACT_H
#define FCGI_REDACT_H

#include <stddef.h>

/* Replaces every occurrence of secret in text by asterisks, in place. A NULL
 * secret, and one too short to be one (under four bytes), changes nothing. */
void redact(char *text, const char *secret);

#endif
