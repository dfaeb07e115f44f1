/*
 * odt_enrich.c: the text of an OpenDocument text: a line for each paragraph,
 * heading, item of a list and paragraph of a table's cell.
 *
 * pkg-config: libzip libxml-2.0 (libzip-dev libxml2-dev)
 */
#include "document/odf.h"

/* Adds what is in the text, to its end. */
static void odt_text(struct xml *xml, struct long_text *text)
{
	int depth = xml_depth(xml);
	struct odf_lines lines = {.text = text};
	while (!long_text_full(text)) {
		enum xml_event event = xml_next(xml);
		if (event == XML_END ||
		    (event == XML_CLOSE && xml_depth(xml) == depth))
			return;
		if (event == XML_OPEN && xml_is(xml, "text:tracked-changes"))
			odf_skip(xml); /* what was deleted */
		else
			odf_line(&lines, xml, event);
	}
}

static json_t *odt_query(struct misp_query *query)
{
	struct document *document = document_open(query, ".odt");
	struct xml *xml =
	    document ? odf_open(document, "office:text", "an OpenDocument text")
		     : NULL;
	if (!xml)
		return NULL;
	struct long_text *text = document_attachment(document)->text;
	odt_text(xml, text);
	/* The last line has no end. */
	if (text->size > 0 && text->bytes[text->size - 1] == '\n')
		text->size--;
	return attachment_rows(document_attachment(document),
			       MISP_TYPES("freetext", "text"));
}

MISP_MODULE(odt_enrich, .types = MISP_EXPANSION, .query = odt_query,
	    .title = "ODT Enrich", .version = "0.1",
	    .author = "MISP modules FastCGI server",
	    .description = "Reads the text of a .odt document.",
	    .features = "All of the text: headings, lists, tables, text boxes, "
			"notes. As freetext MISP finds the indicators in it.",
	    .input_text = "An attachment that is a .odt document.",
	    .output_text = "Its text.",
	    .requirements = MISP_LIST("libzip", "libxml2"),
	    .input = MISP_LIST("attachment"),
	    .output = MISP_LIST("freetext", "text"), .caged = true,
	    .reads = MISP_LIST(NULL));
