/*
 * xlsx_styles.c: which numbers of an xlsx are dates and times; see xlsx.h.
 *
 * pkg-config: libzip libxml-2.0 (libzip-dev libxml2-dev)
 */
#include "xlsx.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#define STYLES_MAX 65536
#define FORMAT_SIZE 32

/* Days from the two beginnings to 1970, and seconds of a day. */
#define FROM_1900 25569
#define FROM_1904 24107
#define DAY 86400
/* 9999-12-31, and one year before the beginning. */
#define LAST_SERIAL 2958466
#define FIRST_SERIAL (-365)
/* The 29th of February 1900, which was none, is counted. */
#define NO_DAY 60

/* Formats that every program knows by their number. */
static const struct {
	unsigned first, last;
	enum xlsx_style style;
} known[] = {
    {14, 22, XLSX_DATE},
    {45, 45, XLSX_DATE},
    {46, 46, XLSX_DURATION},
    {47, 47, XLSX_DATE},
};

static enum xlsx_style style_known(const char *number)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		for (unsigned j = known[i].first; j <= known[i].last; j++) {
			char text[FORMAT_SIZE];
			snprintf(text, sizeof(text), "%u", j);
			if (strcmp(number, text) == 0)
				return known[i].style;
		}
	}
	return XLSX_NUMBER;
}

/* Behind what begins here and is no format: a quoted text, a character behind
 * a sign that takes its meaning, something in brackets. */
static const char *skip_literal(const char *code)
{
	if (*code == '"' || *code == '[') {
		const char *end = strchr(code + 1, *code == '"' ? '"' : ']');
		return end ? end + 1 : code + strlen(code);
	}
	if ((*code == '\\' || *code == '_') && code[1])
		return code + 2;
	return code + 1;
}

/* What a format makes of a number: "[h]:mm" a duration, "d.m.yy" a date. Only
 * the part for positive numbers counts. */
static enum xlsx_style style_of(const char *code)
{
	while (*code && *code != ';') {
		if (*code == '[' && strchr("hHmMsS", code[1]) && code[1])
			return XLSX_DURATION;
		if (strchr("dmhysDMHYS", *code))
			return XLSX_DATE;
		code = skip_literal(code);
	}
	return XLSX_NUMBER;
}

/* The formats that the file itself defines, by their numbers. */
static void read_formats(struct xml *xml, json_t *formats)
{
	int depth = xml_depth(xml);
	while (xml_child_named(xml, depth, "s:numFmt")) {
		const char *code = xml_attribute(xml, "formatCode");
		json_t *style = json_integer(code ? style_of(code) : 0);
		const char *number = xml_attribute(xml, "numFmtId");
		json_object_set_new(formats, number ? number : "", style);
	}
}

static void read_cell_styles(struct xlsx *xlsx, struct xml *xml,
			     const json_t *formats)
{
	int depth = xml_depth(xml);
	while (xlsx->style_count < STYLES_MAX &&
	       xml_child_named(xml, depth, "s:xf")) {
		const char *number = xml_attribute(xml, "numFmtId");
		const json_t *own =
		    number ? json_object_get(formats, number) : NULL;
		enum xlsx_style style = XLSX_NUMBER;
		if (own)
			style = (enum xlsx_style)json_integer_value(own);
		else if (number)
			style = style_known(number);
		xlsx->styles[xlsx->style_count++] = (unsigned char)style;
	}
}

void xlsx_read_styles(struct xlsx *xlsx, const char *part)
{
	struct misp_query *query = xlsx->frame->query;
	struct xml *xml = part ? xml_open(xlsx->document, part) : NULL;
	json_t *formats = misp_keep(query, json_object());
	xlsx->styles = misp_alloc(query, STYLES_MAX);
	if (!xml || !formats || !xlsx->styles ||
	    !xml_child_named(xml, -1, "s:styleSheet"))
		return;
	while (xml_child(xml, 0)) {
		if (xml_is(xml, "s:numFmts"))
			read_formats(xml, formats);
		else if (xml_is(xml, "s:cellXfs"))
			read_cell_styles(xlsx, xml, formats);
	}
	xml_close(xml);
}

/* Makes the cell a text of the strings. */
static void set_text(const struct xlsx *xlsx, struct frame_cell *cell,
		     const char *text)
{
	struct long_text *strings = xlsx->frame->strings;
	cell->kind = FRAME_TEXT;
	cell->start = strings->size;
	long_text_put(strings, text);
	cell->size = strings->size - cell->start;
}

/* A time of a day, or a duration, from a number of seconds. */
static void set_clock(const struct xlsx *xlsx, struct frame_cell *cell,
		      long seconds, bool with_days)
{
	char text[64];
	size_t used = 0;
	if (with_days)
		used = (size_t)snprintf(text, sizeof(text), "%ld days ",
					seconds / DAY);
	seconds %= DAY;
	snprintf(text + used, sizeof(text) - used, "%02ld:%02ld:%02ld",
		 seconds / 3600, seconds / 60 % 60, seconds % 60);
	set_text(xlsx, cell, text);
}

void xlsx_apply_style(const struct xlsx *xlsx, struct frame_cell *cell,
		      size_t style)
{
	double days = cell->number;
	if (style >= xlsx->style_count || xlsx->styles[style] == XLSX_NUMBER)
		return;
	if (days < FIRST_SERIAL || days > LAST_SERIAL) {
		cell->kind = FRAME_EMPTY;
		return;
	}
	bool duration = xlsx->styles[style] == XLSX_DURATION;
	if (days >= 0 && (duration || days < 1)) {
		set_clock(xlsx, cell, lround(days * DAY), duration);
		return;
	}
	if (!xlsx->from_1904 && days > 0 && days < NO_DAY)
		days += 1;
	days -= xlsx->from_1904 ? FROM_1904 : FROM_1900;
	cell->kind = FRAME_TIME;
	cell->number = (double)llround(days * DAY);
}
