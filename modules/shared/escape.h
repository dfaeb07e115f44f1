/*
 * escape.h: text inside the strings of another language.
 */
#ifndef MODULES_ESCAPE_H
#define MODULES_ESCAPE_H

#include "misp-module.h"

#include <stdio.h>
#include <string.h>

/* What is written in place of a character. A list ends empty. */
struct escape {
	char character;
	const char *instead;
};

/* NULL for a character that stays as it is. */
static inline const char *escape_of(char character,
				    const struct escape *escapes)
{
	while (escapes->instead && escapes->character != character)
		escapes++;
	return escapes->instead;
}

static inline void escape_write(FILE *out, const char *text,
				const struct escape *escapes)
{
	for (; *text; text++) {
		const char *instead = escape_of(*text, escapes);
		if (instead)
			fputs(instead, out);
		else
			putc(*text, out);
	}
}

/* The same as a text that lives as long as the query; NULL without memory. */
static inline const char *escape_text(struct misp_query *query,
				      const char *text,
				      const struct escape *escapes)
{
	size_t size = 1;
	for (const char *at = text; *at; at++) {
		const char *instead = escape_of(*at, escapes);
		size += instead ? strlen(instead) : 1;
	}
	char *escaped = misp_alloc(query, size);
	char *end = escaped;
	for (; end && *text; text++) {
		const char *instead = escape_of(*text, escapes);
		if (instead)
			end = stpcpy(end, instead);
		else
			*end++ = *text;
	}
	return escaped;
}

#endif
