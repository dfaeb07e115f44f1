/*
 * xlsx.h: what the sheets of an xlsx refer to: its strings, and the styles
 * that make dates of numbers.
 */
#ifndef MODULES_XLSX_H
#define MODULES_XLSX_H

#include "frame.h"
#include "ooxml.h"

struct xlsx_string {
	size_t start; /* in the strings of the frame */
	size_t size;
};

/* What a number means in a style. */
enum xlsx_style { XLSX_NUMBER, XLSX_DATE, XLSX_DURATION };

struct xlsx {
	struct document *document;
	struct frame *frame;
	struct xlsx_string *strings;
	size_t string_count;
	unsigned char *styles; /* enum xlsx_style of each */
	size_t style_count;
	bool from_1904; /* days are counted from there */
};

/* Adds the text of the string that has begun: its own, or that of its runs,
 * without the reading aid beside Chinese characters. */
void xlsx_string_text(struct xml *xml, struct long_text *text);

/* Both read a part, NULL if there is none; what fails is in misp_failure. */
void xlsx_read_strings(struct xlsx *xlsx, const char *part);
void xlsx_read_styles(struct xlsx *xlsx, const char *part);

/* Makes of a cell with a number what its style says it is. */
void xlsx_apply_style(const struct xlsx *xlsx, struct frame_cell *cell,
		      size_t style);

#endif
