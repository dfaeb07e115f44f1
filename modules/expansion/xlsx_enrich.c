/*
 * xlsx_enrich.c: the cells of an Excel workbook: a table of each sheet.
 *
 * pkg-config: libzip libxml-2.0 (libzip-dev libxml2-dev)
 */
#include "document/xlsx.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A sheet as it is read. */
struct sheet {
	struct xlsx *xlsx;
	struct xml *xml;
	struct long_text *value; /* of a cell, as it is in the file */
	size_t row, column; /* where the next cell is, if it does not say */
};

/* The column that a reference ("AB12") begins with; fallback for none. */
static size_t column_of(const char *reference, size_t fallback)
{
	size_t column = 0;
	for (; *reference >= 'A' && *reference <= 'Z'; reference++) {
		column = column * 26 + (size_t)(*reference - 'A') + 1;
		if (column > FRAME_COLUMNS_MAX)
			return FRAME_COLUMNS_MAX;
	}
	return column > 0 ? column - 1 : fallback;
}

/* The value as a number; FRAME_EMPTY for what is none. */
static void cell_number(const struct sheet *sheet, struct frame_cell *cell)
{
	char *end = NULL;
	long_text_add(sheet->value, "", 1); /* a NUL, to end it */
	if (sheet->value->no_memory)
		return;
	cell->number = strtod(sheet->value->bytes, &end);
	if (end == sheet->value->bytes || !isfinite(cell->number))
		return;
	cell->kind = FRAME_NUMBER;
}

static void cell_shared(const struct sheet *sheet, struct frame_cell *cell)
{
	const struct xlsx *xlsx = sheet->xlsx;
	cell_number(sheet, cell);
	if (cell->kind != FRAME_NUMBER || cell->number < 0 ||
	    cell->number >= (double)xlsx->string_count) {
		cell->kind = FRAME_EMPTY;
		return;
	}
	struct xlsx_string string = xlsx->strings[(size_t)cell->number];
	cell->kind = FRAME_TEXT;
	cell->start = string.start;
	cell->size = string.size;
}

static void cell_text(const struct sheet *sheet, struct frame_cell *cell)
{
	struct long_text *strings = sheet->xlsx->frame->strings;
	cell->kind = FRAME_TEXT;
	cell->start = strings->size;
	cell->size = sheet->value->size;
	if (cell->size > 0)
		long_text_add(strings, sheet->value->bytes, cell->size);
	cell->size = strings->size - cell->start;
}

static void cell_boolean(const struct sheet *sheet, struct frame_cell *cell)
{
	cell_number(sheet, cell);
	if (cell->kind == FRAME_NUMBER)
		cell->kind = FRAME_BOOLEAN;
}

/* An error, such as that of a division by zero, is no value. */
static void cell_error(const struct sheet *sheet, struct frame_cell *cell)
{
	(void)sheet;
	cell->kind = FRAME_EMPTY;
}

static const struct {
	const char *type;
	void (*read)(const struct sheet *sheet, struct frame_cell *cell);
} cell_types[] = {
    {"n", cell_number}, {"s", cell_shared},       {"str", cell_text},
    {"d", cell_text},   {"inlineStr", cell_text}, {"b", cell_boolean},
    {"e", cell_error},
};

#define TYPE_COUNT (sizeof(cell_types) / sizeof(*cell_types))

/* Which of the types a cell says it is of; a number if it says nothing. */
static size_t cell_type(struct xml *xml)
{
	const char *type = xml_attribute(xml, "t");
	size_t i = 0;
	while (type && i < TYPE_COUNT && strcmp(type, cell_types[i].type) != 0)
		i++;
	return i;
}

/* Collects the value: of a formula, what it came to when the file was
 * saved. */
static void cell_value(const struct sheet *sheet)
{
	int depth = xml_depth(sheet->xml);
	sheet->value->size = 0;
	sheet->value->cut = false;
	while (xml_child(sheet->xml, depth)) {
		if (xml_is(sheet->xml, "s:v"))
			xml_add_text(sheet->xml, sheet->value);
		else if (xml_is(sheet->xml, "s:is"))
			xlsx_string_text(sheet->xml, sheet->value);
	}
}

static void sheet_cell(struct sheet *sheet)
{
	const char *reference = xml_attribute(sheet->xml, "r");
	if (reference)
		sheet->column = column_of(reference, sheet->column);
	size_t style = xml_number(sheet->xml, "s", SIZE_MAX, 0);
	size_t type = cell_type(sheet->xml);
	struct frame_cell cell = {.row = (uint32_t)sheet->row,
				  .column = (uint32_t)sheet->column};
	cell_value(sheet);
	if (type < TYPE_COUNT)
		cell_types[type].read(sheet, &cell);
	if (cell.kind == FRAME_NUMBER)
		xlsx_apply_style(sheet->xlsx, &cell, style);
	frame_add(sheet->xlsx->frame, &cell);
	if (sheet->column < FRAME_COLUMNS_MAX)
		sheet->column++;
}

static void sheet_row(struct sheet *sheet)
{
	int depth = xml_depth(sheet->xml);
	/* Rows are counted from 1. */
	size_t row = xml_number(sheet->xml, "r", FRAME_ROWS_MAX + 1, 0);
	if (row > 0)
		sheet->row = row - 1;
	sheet->column = 0;
	while (xml_child_named(sheet->xml, depth, "s:c"))
		sheet_cell(sheet);
	if (sheet->row < FRAME_ROWS_MAX)
		sheet->row++;
}

/* Writes the table of a sheet; of one that is empty only if it is the first.
 * Others than worksheets, such as charts, have no cells. */
static void xlsx_sheet(struct xlsx *xlsx, const char *part, bool first)
{
	struct long_text *text = document_attachment(xlsx->document)->text;
	struct sheet sheet = {.xlsx = xlsx,
			      .xml = xml_open(xlsx->document, part),
			      .value = long_text(xlsx->frame->query)};
	if (!sheet.xml || !sheet.value)
		return;
	frame_clear(xlsx->frame);
	if (xml_child_named(sheet.xml, -1, "s:worksheet"))
		while (xml_child_named(sheet.xml, 0, "s:sheetData"))
			while (xml_child_named(sheet.xml, 1, "s:row"))
				sheet_row(&sheet);
	xml_close(sheet.xml);
	if (xlsx->frame->count == 0 && !first)
		return;
	if (!first)
		long_text_put(text, "\n");
	frame_write(xlsx->frame, text);
}

/* Reads all sheets that the workbook lists. */
static void xlsx_sheets(struct xlsx *xlsx, struct xml *xml,
			const json_t *relations)
{
	struct long_text *text = document_attachment(xlsx->document)->text;
	bool first = true;
	while (!long_text_full(text) && xml_child_named(xml, 1, "s:sheet")) {
		const char *id = xml_attribute(xml, "r:id");
		const char *part = id ? ooxml_by_id(relations, id) : NULL;
		if (part)
			xlsx_sheet(xlsx, part, first);
		first = false;
	}
}

static json_t *xlsx_query(struct misp_query *query)
{
	struct document *document = document_open(query, ".xlsx");
	const char *part = document ? ooxml_main(document) : NULL;
	struct xlsx *xlsx = misp_alloc(query, sizeof(*xlsx));
	struct xml *xml = part ? ooxml_open_main(document, part, "s:workbook",
						 "an Excel workbook")
			       : NULL;
	if (!xml || !xlsx)
		return NULL;
	xlsx->document = document;
	xlsx->frame = frame_new(query, long_text(query));
	const json_t *relations = ooxml_relations(document, part);
	if (!xlsx->frame || !relations)
		return NULL;
	xlsx->frame->headings = true;
	xlsx->frame->integers = true;
	xlsx_read_strings(xlsx, ooxml_by_type(relations, "sharedStrings"));
	xlsx_read_styles(xlsx, ooxml_by_type(relations, "styles"));
	while (xml_child(xml, 0)) {
		if (xml_is(xml, "s:workbookPr"))
			xlsx->from_1904 = xml_true(xml, "date1904");
		else if (xml_is(xml, "s:sheets"))
			xlsx_sheets(xlsx, xml, relations);
	}
	if (frame_incomplete(xlsx->frame))
		document_attachment(document)->incomplete =
		    "not all of its cells";
	return attachment_rows(document_attachment(document),
			       MISP_TYPES("freetext", "text"));
}

MISP_MODULE(xlsx_enrich, .types = MISP_EXPANSION, .query = xlsx_query,
	    .title = "XLSX Enrich", .version = "0.1",
	    .author = "MISP modules FastCGI server",
	    .description = "Reads the cells of a .xlsx workbook.",
	    .features = "A table of each sheet. As freetext MISP finds the "
			"indicators in it.",
	    .input_text = "An attachment that is a .xlsx workbook.",
	    .output_text = "Its tables, as text.",
	    .requirements = MISP_LIST("libzip", "libxml2"),
	    .input = MISP_LIST("attachment"),
	    .output = MISP_LIST("freetext", "text"), .caged = true,
	    .reads = MISP_LIST(NULL));
