/*
 * title_case.h: a text with each word's first letter large, the others small.
 */
#ifndef MODULES_TITLE_CASE_H
#define MODULES_TITLE_CASE_H

#include "misp-module.h"

#include <ctype.h>

/* "last_day" as "Last Day"; NULL for NULL and without memory. */
static inline const char *title_case(struct misp_query *query, const char *text)
{
	char *title = text ? misp_text(query, "%s", text) : NULL;
	bool inside = false;
	for (char *c = title; c && *c; c++) {
		int letter = *c == '_' ? ' ' : (unsigned char)*c;
		*c = (char)(inside ? tolower(letter) : toupper(letter));
		inside = isalpha(letter);
	}
	return title;
}

#endif
