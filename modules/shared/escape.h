/*
 * escape.h: text inside the strings of another language.
 */
#ifndef MODULES_ESCAPE_H
#define MODULES_ESCAPE_H

#include <stdio.h>

/* What is written in place of a character. A list ends empty. */
struct escape {
	char character;
	const char *instead;
};

static inline void escape_write(FILE *out, const char *text,
				const struct escape *escapes)
{
	for (; *text; text++) {
		const struct escape *escape = escapes;
		while (escape->instead && escape->character != *text)
			escape++;
		if (escape->instead)
			fputs(escape->instead, out);
		else
			putc(*text, out);
	}
}

#endif
