/*
 * email_html.h: the text and the links of HTML.
 */
#ifndef MODULES_EMAIL_HTML_H
#define MODULES_EMAIL_HTML_H

#include <stddef.h>

struct email_html {
	void *context;
	/* Called for a piece of text as a reader sees it; may be NULL. */
	void (*text)(void *context, const char *text, size_t length);
	/* Called for what a link leads to, or where a picture comes from; may
	 * be NULL. */
	void (*link)(void *context, const char *url);
};

/* Reads HTML in any state, UTF-8 without NUL bytes. What would take too long is
 * left out. */
void email_html_read(const char *bytes, size_t size,
		     const struct email_html *html);

#endif
