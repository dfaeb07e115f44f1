/*
 * docx_enrich.c: the text of a Word document: its paragraphs, then its tables.
 *
 * pkg-config: libzip libxml-2.0 (libzip-dev libxml2-dev)
 */
#include "document/ooxml.h"

#include <string.h>

/* Columns of a table; Word itself has 63 at most. */
#define COLUMNS_MAX 1024

/* A cell of the row above: what one that is merged with it repeats. */
struct docx_cell {
	size_t column; /* of the grid, as cells may be wider than it */
	size_t span;
	size_t start; /* of its text in the text of the tables */
	size_t size;
};

struct docx_row {
	size_t count;
	struct docx_cell cells[COLUMNS_MAX];
};

struct docx {
	struct xml *xml;
	struct long_text *text;   /* of the paragraphs */
	struct long_text *tables; /* which come after them */
	struct docx_row *above, *row;
};

/* What stands for elements of a run that are no text. */
static const struct {
	const char *element;
	const char *text;
} docx_signs[] = {
    {"w:tab", "\t"},
    {"w:ptab", "\t"},
    {"w:cr", "\n"},
    {"w:noBreakHyphen", "-"},
};

static void docx_break(struct xml *xml, struct long_text *text)
{
	const char *type = xml_attribute(xml, "w:type");
	if (!type || strcmp(type, "textWrapping") == 0)
		long_text_put(text, "\n");
}

static void docx_run(struct xml *xml, struct long_text *text)
{
	int depth = xml_depth(xml);
	while (xml_child(xml, depth)) {
		if (xml_is(xml, "w:t"))
			xml_add_text(xml, text);
		else if (xml_is(xml, "w:br"))
			docx_break(xml, text);
		for (size_t i = 0; i < sizeof(docx_signs) / sizeof(*docx_signs);
		     i++)
			if (xml_is(xml, docx_signs[i].element))
				long_text_put(text, docx_signs[i].text);
	}
}

static void docx_paragraph(struct xml *xml, struct long_text *text)
{
	int depth = xml_depth(xml);
	long_text_put(text, "\n");
	while (xml_child(xml, depth)) {
		int inner = xml_depth(xml);
		if (xml_is(xml, "w:r"))
			docx_run(xml, text);
		else if (xml_is(xml, "w:hyperlink"))
			while (xml_child_named(xml, inner, "w:r"))
				docx_run(xml, text);
	}
}

/* ---- Tables: a cell that spans several columns or rows says its text in
 * each of them ---- */

/* How a cell lies in the grid; true if it goes on with the one above. */
static bool docx_place(struct xml *xml, struct docx_cell *cell)
{
	int depth = xml_depth(xml);
	bool goes_on = false;
	while (xml_child(xml, depth)) {
		if (xml_is(xml, "w:gridSpan"))
			cell->span = xml_number(xml, "w:val", COLUMNS_MAX, 1);
		if (!xml_is(xml, "w:vMerge"))
			continue;
		const char *merge = xml_attribute(xml, "w:val");
		goes_on = !merge || strcmp(merge, "continue") == 0;
	}
	return goes_on;
}

/* The cell of the row above that begins in this column; NULL if none does. */
static const struct docx_cell *docx_above(const struct docx_row *above,
					  size_t column, size_t *next)
{
	while (*next < above->count && above->cells[*next].column < column)
		(*next)++;
	if (*next < above->count && above->cells[*next].column == column)
		return &above->cells[*next];
	return NULL;
}

static void docx_say(struct long_text *text, const struct docx_cell *cell,
		     size_t times)
{
	for (size_t i = 0; cell->size > 0 && i < times; i++)
		long_text_repeat(text, cell->start, cell->size);
}

/* Reads a cell and returns the column behind it; next is where in the row
 * above to look for the one it may be merged with. */
static size_t docx_cell(struct docx *docx, size_t column, size_t *next)
{
	struct docx_cell cell = {
	    .column = column, .span = 1, .start = docx->tables->size};
	int depth = xml_depth(docx->xml);
	bool goes_on = false;
	while (xml_child(docx->xml, depth)) {
		if (xml_is(docx->xml, "w:tcPr"))
			goes_on = docx_place(docx->xml, &cell);
		else if (xml_is(docx->xml, "w:p"))
			docx_paragraph(docx->xml, docx->tables);
	}
	size_t behind = column + cell.span;
	const struct docx_cell *above =
	    goes_on ? docx_above(docx->above, column, next) : NULL;
	if (above) {
		docx->tables->size = cell.start;
		cell = *above;
		docx_say(docx->tables, &cell, cell.span);
	} else {
		cell.size = docx->tables->size - cell.start;
		docx_say(docx->tables, &cell, cell.span - 1);
	}
	if (docx->row->count < COLUMNS_MAX)
		docx->row->cells[docx->row->count++] = cell;
	return behind;
}

/* How many columns a row leaves out at its beginning. */
static size_t docx_left_out(struct xml *xml)
{
	int depth = xml_depth(xml);
	size_t columns = 0;
	while (xml_child_named(xml, depth, "w:gridBefore"))
		columns = xml_number(xml, "w:val", COLUMNS_MAX, 0);
	return columns;
}

static void docx_row(struct docx *docx)
{
	int depth = xml_depth(docx->xml);
	size_t column = 0, next = 0;
	docx->row->count = 0;
	while (!long_text_full(docx->tables) && xml_child(docx->xml, depth)) {
		if (xml_is(docx->xml, "w:trPr"))
			column += docx_left_out(docx->xml);
		else if (xml_is(docx->xml, "w:tc"))
			column = docx_cell(docx, column, &next);
	}
	struct docx_row *done = docx->row;
	docx->row = docx->above;
	docx->above = done;
}

static void docx_table(struct docx *docx)
{
	int depth = xml_depth(docx->xml);
	docx->above->count = 0;
	while (xml_child_named(docx->xml, depth, "w:tr"))
		docx_row(docx);
}

/* ---- The document ---- */

static void docx_body(struct docx *docx)
{
	int depth = xml_depth(docx->xml);
	while (!long_text_full(docx->text) && xml_child(docx->xml, depth)) {
		if (xml_is(docx->xml, "w:p"))
			docx_paragraph(docx->xml, docx->text);
		else if (xml_is(docx->xml, "w:tbl"))
			docx_table(docx);
	}
}

static json_t *docx_query(struct misp_query *query)
{
	struct document *document = document_open(query, ".docx");
	if (!document)
		return NULL;
	struct attachment *attachment = document_attachment(document);
	struct docx docx = {
	    .text = attachment->text,
	    .tables = long_text(query),
	    .above = misp_alloc(query, sizeof(*docx.above)),
	    .row = misp_alloc(query, sizeof(*docx.row)),
	    .xml = ooxml_open_main(document, ooxml_main(document), "w:document",
				   "a Word document"),
	};
	if (!docx.xml || !docx.tables || !docx.above || !docx.row)
		return NULL;
	if (xml_child_named(docx.xml, 0, "w:body"))
		docx_body(&docx);
	long_text_join(docx.text, docx.tables);
	return attachment_rows(attachment, MISP_TYPES("freetext", "text"));
}

MISP_MODULE(docx_enrich, .types = MISP_EXPANSION, .query = docx_query,
	    .title = "DOCX Enrich", .version = "0.1",
	    .author = "MISP modules FastCGI server",
	    .description = "Reads the text of a .docx document.",
	    .features = "The text of the paragraphs, and after it that of the "
			"tables. As freetext MISP finds the indicators in it.",
	    .input_text = "An attachment that is a .docx document.",
	    .output_text = "Its text.",
	    .requirements = MISP_LIST("libzip", "libxml2"),
	    .input = MISP_LIST("attachment"),
	    .output = MISP_LIST("freetext", "text"), .caged = true,
	    .reads = MISP_LIST(NULL));
