/*
 * text_lines.h: the lines of a text, one after the other.
 */
#ifndef MODULES_TEXT_LINES_H
#define MODULES_TEXT_LINES_H

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>

struct text_lines {
	const char *at;
	const char *end;
	size_t number; /* of the line that was read last, from 1 */
	const char *line;
	size_t length;
};

static inline bool text_line_ends(char character)
{
	return character == '\n' || character == '\r';
}

/* Reads the next line that is not blank, without white space around it; false
 * when there is none. */
static inline bool text_line_next(struct text_lines *lines)
{
	while (lines->at < lines->end) {
		const char *line = lines->at;
		while (lines->at < lines->end && !text_line_ends(*lines->at))
			lines->at++;
		const char *stop = lines->at;
		if (lines->at < lines->end && *lines->at++ == '\r' &&
		    lines->at < lines->end && *lines->at == '\n')
			lines->at++;
		lines->number++;
		while (line < stop && isspace((unsigned char)*line))
			line++;
		while (line < stop && isspace((unsigned char)stop[-1]))
			stop--;
		lines->line = line;
		lines->length = (size_t)(stop - line);
		if (lines->length > 0)
			return true;
	}
	return false;
}

#endif
