/*
 * ods_enrich.c: the cells of an OpenDocument spreadsheet: a table of each
 * sheet.
 *
 * pkg-config: libzip libxml-2.0 (libzip-dev libxml2-dev)
 */
#include "document/frame.h"
#include "document/odf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct ods {
	struct xml *xml;
	struct frame *frame;
	size_t row;
};

/* Which attribute has the value of a cell of a type. What is none of these is
 * a number. */
static const struct {
	const char *type;
	const char *attribute; /* NULL: its paragraphs */
	enum frame_kind kind;
} ods_types[] = {
    {"string", NULL, FRAME_TEXT},
    {"date", "office:date-value", FRAME_TEXT},
    {"time", "office:time-value", FRAME_TEXT},
    {"boolean", "office:boolean-value", FRAME_BOOLEAN},
    {"float", "office:value", FRAME_NUMBER},
    {"percentage", "office:value", FRAME_NUMBER},
    {"currency", "office:value", FRAME_NUMBER},
};

#define TYPE_COUNT (sizeof(ods_types) / sizeof(*ods_types))

/* Notes the value that an attribute has. */
static void ods_value(const struct ods *ods, struct frame_cell *cell,
		      const char *value)
{
	char *end = NULL;
	if (cell->kind == FRAME_TEXT) {
		long_text_put(ods->frame->strings, value);
		return;
	}
	if (cell->kind == FRAME_BOOLEAN) {
		cell->number = strcmp(value, "true") == 0;
		return;
	}
	cell->number = strtod(value, &end);
	if (end == value || !isfinite(cell->number))
		cell->kind = FRAME_EMPTY;
}

/* What the cell that has begun says of its value; true if its paragraphs are
 * the value. */
static bool ods_attributes(const struct ods *ods, struct frame_cell *cell)
{
	const char *type = xml_attribute(ods->xml, "office:value-type");
	size_t i = 0;
	while (type && i < TYPE_COUNT && strcmp(type, ods_types[i].type) != 0)
		i++;
	if (!type || i == TYPE_COUNT)
		return false;
	cell->kind = ods_types[i].kind;
	if (!ods_types[i].attribute)
		return true;
	const char *value = xml_attribute(ods->xml, ods_types[i].attribute);
	if (value)
		ods_value(ods, cell, value);
	else
		cell->kind = FRAME_EMPTY;
	return false;
}

/* Goes to the end of the cell; its text becomes one of the strings. */
static void ods_paragraphs(const struct ods *ods, bool wanted)
{
	struct long_text *strings = ods->frame->strings;
	struct odf_lines lines = {.text = strings};
	size_t start = strings->size;
	int depth = xml_depth(ods->xml);
	for (;;) {
		enum xml_event event = xml_next(ods->xml);
		if (event == XML_END ||
		    (event == XML_CLOSE && xml_depth(ods->xml) == depth))
			break;
		if (event == XML_OPEN &&
		    (!wanted || xml_is(ods->xml, "office:annotation")))
			odf_skip(ods->xml);
		else if (wanted)
			odf_line(&lines, ods->xml, event);
	}
	if (strings->size > start && strings->bytes[strings->size - 1] == '\n')
		strings->size--;
}

/* Reads a cell, which may be there several times side by side; returns the
 * column behind it. */
static size_t ods_cell(const struct ods *ods, size_t column)
{
	struct frame_cell cell = {.row = (uint32_t)ods->row,
				  .start = ods->frame->strings->size};
	size_t repeated = xml_number(ods->xml, "table:number-columns-repeated",
				     FRAME_COLUMNS_MAX, 1);
	ods_paragraphs(ods, ods_attributes(ods, &cell));
	cell.size = ods->frame->strings->size - cell.start;
	for (size_t i = 0;
	     cell.kind != FRAME_EMPTY && i < repeated && !ods->frame->cut;
	     i++) {
		cell.column = (uint32_t)(column + i);
		frame_add(ods->frame, &cell);
	}
	column += repeated;
	return column < FRAME_COLUMNS_MAX ? column : FRAME_COLUMNS_MAX;
}

/* Adds the cells from this one on again, in the rows below. */
static void ods_repeat(struct frame *frame, size_t from, size_t times)
{
	size_t behind = frame->count;
	for (size_t i = 1; i < times && from < behind && !frame->cut; i++) {
		for (size_t j = from; j < behind && !frame->cut; j++) {
			struct frame_cell cell = frame->cells[j];
			cell.row += (uint32_t)i;
			frame_add(frame, &cell);
		}
	}
}

static void ods_row(struct ods *ods)
{
	size_t repeated = xml_number(ods->xml, "table:number-rows-repeated",
				     FRAME_ROWS_MAX, 1);
	size_t column = 0, from = ods->frame->count;
	int depth = xml_depth(ods->xml);
	while (xml_child(ods->xml, depth))
		if (xml_is(ods->xml, "table:table-cell") ||
		    xml_is(ods->xml, "table:covered-table-cell"))
			column = ods_cell(ods, column);
	ods_repeat(ods->frame, from, repeated);
	ods->row += repeated;
	if (ods->row > FRAME_ROWS_MAX)
		ods->row = FRAME_ROWS_MAX;
}

/* Rows may lie in groups and in groups of groups. */
static void ods_sheet(struct ods *ods)
{
	int depth = xml_depth(ods->xml);
	frame_clear(ods->frame);
	ods->row = 0;
	for (;;) {
		enum xml_event event = xml_next(ods->xml);
		if (event == XML_END ||
		    (event == XML_CLOSE && xml_depth(ods->xml) == depth))
			return;
		if (event != XML_OPEN)
			continue;
		if (xml_is(ods->xml, "table:table-row"))
			ods_row(ods);
		else if (xml_is(ods->xml, "table:shapes"))
			odf_skip(ods->xml);
	}
}

static json_t *ods_query(struct misp_query *query)
{
	struct document *document = document_open(query, ".ods");
	struct ods ods = {
	    .frame = document ? frame_new(query, long_text(query)) : NULL,
	    .xml = document ? odf_open(document, "office:spreadsheet",
				       "an OpenDocument spreadsheet")
			    : NULL,
	};
	if (!ods.xml || !ods.frame)
		return NULL;
	struct long_text *text = document_attachment(document)->text;
	ods.frame->drop = true;
	ods.frame->none = "None";
	while (!long_text_full(text) &&
	       xml_child_named(ods.xml, 2, "table:table")) {
		ods_sheet(&ods);
		long_text_put(text, "\n");
		frame_write(ods.frame, text);
	}
	if (frame_incomplete(ods.frame))
		document_attachment(document)->incomplete =
		    "not all of its cells";
	return attachment_rows(document_attachment(document),
			       MISP_TYPES("freetext", "text"));
}

MISP_MODULE(ods_enrich, .types = MISP_EXPANSION, .query = ods_query,
	    .title = "ODS Enrich", .version = "0.1",
	    .author = "MISP modules FastCGI server",
	    .description = "Reads the cells of a .ods spreadsheet.",
	    .features = "A table of each sheet. As freetext MISP finds the "
			"indicators in it.",
	    .input_text = "An attachment that is a .ods spreadsheet.",
	    .output_text = "Its tables, as text.",
	    .requirements = MISP_LIST("libzip", "libxml2"),
	    .input = MISP_LIST("attachment"),
	    .output = MISP_LIST("freetext", "text"), .caged = true,
	    .reads = MISP_LIST(NULL));
