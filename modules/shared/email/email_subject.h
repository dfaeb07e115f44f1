/*
 * email_subject.h: the subject of a mail without what replying and forwarding
 * put before it.
 */
#ifndef MODULES_EMAIL_SUBJECT_H
#define MODULES_EMAIL_SUBJECT_H

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

static inline const char *email_subject_blanks(const char *text)
{
	while (isspace((unsigned char)*text))
		text++;
	return text;
}

/* Behind "[…]"; NULL when that does not stand there or is empty. */
static inline const char *email_subject_bracket(const char *text)
{
	const char *end = *text == '[' ? strchr(text, ']') : NULL;
	return end && end > text + 1 ? end + 1 : NULL;
}

/* Behind "Re:" or "Fwd[2] :"; NULL when nothing like it stands there. */
static inline const char *email_subject_marker(const char *text)
{
	/* English, and what German, Nordic, French, Portuguese, Italian
	 * programs write. */
	static const char *const markers[] = {"re", "fwd", "fw", "wg", "aw",
					      "sv", "tr",  "rv", "vs", NULL};
	for (size_t i = 0; markers[i]; i++) {
		size_t length = strlen(markers[i]);
		if (strncasecmp(text, markers[i], length) != 0)
			continue;
		const char *at = text + length;
		size_t digits = *at == '[' ? strspn(at + 1, "0123456789") : 0;
		if (digits > 0 && at[digits + 1] == ']')
			at += digits + 2;
		at = email_subject_blanks(at);
		if (*at == ':')
			return at + 1;
	}
	return NULL;
}

/* Where in text its own words begin: behind markers, and behind "[list]"
 * before such. All of it when there are no other words. */
static inline const char *email_subject_short(const char *text)
{
	const char *words = text;
	const char *at = text;
	do {
		const char *next = email_subject_blanks(at);
		for (const char *behind;
		     (behind = email_subject_bracket(next));)
			next = email_subject_blanks(behind);
		at = email_subject_marker(next);
		if (at)
			words = email_subject_blanks(at);
	} while (at);
	return *words ? words : text;
}

#endif
