/*
 * pdf_clean.c: texts and URLs that strangers wrote, as a page shows them.
 *
 * pkg-config: pangocairo fontconfig (libpango1.0-dev)
 */
#include "pdf_parts.h"

#include <string.h>
#include <strings.h>

#define TEXT_MAX 10000
#define LINES_MAX 200
#define WORD_MAX 500
#define MARKS_MAX 10 /* on one letter */
#define URL_MAX 2000

struct pdf_cleaning {
	GString *out;
	size_t count; /* characters so far */
	size_t lines;
	size_t word;  /* characters of the word so far */
	size_t marks; /* of those, marks on the last letter */
};

/* Controls, and what changes the direction of the text behind it or ends a
 * paragraph: shown by its number, as it may matter to the analyst. */
static bool pdf_is_hidden(gunichar character)
{
	static const struct {
		gunichar first;
		gunichar last;
	} hidden[] = {{0, 0x1f},        {0x7f, 0x9f},     {0x2028, 0x202e},
		      {0x2066, 0x2069}, {0xfff9, 0xfffb}, {0xfffe, 0xffff}};
	for (size_t i = 0; i < sizeof(hidden) / sizeof(*hidden); i++)
		if (character >= hidden[i].first && character <= hidden[i].last)
			return true;
	return false;
}

/* Long words are broken: to find where a line ends, Pango goes through the
 * rest of its word each time. */
static void pdf_append(struct pdf_cleaning *cleaning, const char *text,
		       size_t length)
{
	cleaning->count++;
	cleaning->word++;
	if (*text == '\n')
		cleaning->lines++;
	if (*text == '\n' || *text == ' ')
		cleaning->word = 0;
	g_string_append_len(cleaning->out, text, (gssize)length);
	if (cleaning->word >= WORD_MAX) {
		cleaning->word = 0;
		cleaning->lines++;
		g_string_append_c(cleaning->out, '\n');
	}
}

static void pdf_append_number(struct pdf_cleaning *cleaning, gunichar character)
{
	char number[16];
	snprintf(number, sizeof(number), "[U+%04X]", character);
	for (const char *at = number; *at; at++)
		pdf_append(cleaning, at, 1);
}

void pdf_clean(GString *out, const char *text)
{
	struct pdf_cleaning cleaning = {.out = out};
	const char *at = text;
	g_string_truncate(out, 0);
	while (*at && cleaning.count < TEXT_MAX && cleaning.lines < LINES_MAX) {
		gunichar character = g_utf8_get_char(at);
		const char *next = g_utf8_next_char(at);
		bool mark = g_unichar_ismark(character);
		cleaning.marks = mark ? cleaning.marks + 1 : 0;
		if (*at == '\n')
			pdf_append(&cleaning, "\n", 1);
		else if (*at == '\t')
			pdf_append(&cleaning, " ", 1);
		else if (pdf_is_hidden(character) ||
			 cleaning.marks > MARKS_MAX) {
			if (*at != '\r' || at[1] != '\n')
				pdf_append_number(&cleaning, character);
		} else
			pdf_append(&cleaning, at, (size_t)(next - at));
		at = next;
	}
	if (*at)
		g_string_append_printf(out, "… [%zu of %zu bytes are shown]",
				       (size_t)(at - text), strlen(text));
}

char *pdf_url(struct misp_query *query, const char *url)
{
	/* A bracket or quote would end the URL, and what is behind it be read
	 * as something else. */
	static const char safe[] = "-._~:/?#[]@!$&*+,;=%";
	if (!url || strlen(url) > URL_MAX ||
	    (strncasecmp(url, "http://", 7) != 0 &&
	     strncasecmp(url, "https://", 8) != 0))
		return NULL;
	char *escaped = misp_alloc(query, strlen(url) * 3 + 1);
	char *at = escaped;
	for (; at && *url; url++) {
		if (g_ascii_isalnum(*url) || strchr(safe, *url)) {
			*at++ = *url;
		} else {
			snprintf(at, 4, "%%%02X", (unsigned char)*url);
			at += 3;
		}
	}
	return escaped;
}
