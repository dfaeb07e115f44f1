/*
 * pdf_clean.c: texts and URLs that strangers wrote, as a page shows them.
 *
 * pkg-config: pangocairo pangofc fontconfig (libpango1.0-dev)
 */
#include "pdf_parts.h"

#include <string.h>
#include <strings.h>

#define TEXT_MAX 10000
#define LINES_MAX 200
#define URL_MAX 2000

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

void pdf_clean(GString *out, const char *text)
{
	size_t lines = 0, count = 0;
	const char *at = text;
	g_string_truncate(out, 0);
	for (; *at && count < TEXT_MAX && lines < LINES_MAX; count++) {
		gunichar character = g_utf8_get_char(at);
		if (*at == '\n') {
			lines++;
			g_string_append_c(out, '\n');
		} else if (*at == '\t') {
			g_string_append_c(out, ' ');
		} else if (*at == '\r' && at[1] == '\n') {
			count--;
		} else if (pdf_is_hidden(character)) {
			g_string_append_printf(out, "[U+%04X]", character);
		} else {
			g_string_append_unichar(out, character);
		}
		at = g_utf8_next_char(at);
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
