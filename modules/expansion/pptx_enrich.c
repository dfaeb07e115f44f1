/*
 * pptx_enrich.c: the text of a PowerPoint presentation: of the shapes of each
 * slide, in the order in which the slides are shown.
 *
 * pkg-config: libzip libxml-2.0 (libzip-dev libxml2-dev)
 */
#include "document/ooxml.h"

#include <string.h>

/* A line break within a paragraph, as PowerPoint copies it. */
#define LINE_BREAK "\v"

static void pptx_run(struct xml *xml, struct long_text *text)
{
	int depth = xml_depth(xml);
	while (xml_child_named(xml, depth, "a:t"))
		xml_add_text(xml, text);
}

static void pptx_paragraph(struct xml *xml, struct long_text *text)
{
	int depth = xml_depth(xml);
	while (xml_child(xml, depth)) {
		if (xml_is(xml, "a:r") || xml_is(xml, "a:fld"))
			pptx_run(xml, text);
		else if (xml_is(xml, "a:br"))
			long_text_put(text, LINE_BREAK);
	}
}

/* A line for each paragraph, and an empty one for a shape without text. */
static void pptx_shape(struct xml *xml, struct long_text *text)
{
	int depth = xml_depth(xml);
	size_t paragraphs = 0;
	while (xml_child_named(xml, depth, "p:txBody")) {
		while (xml_child_named(xml, depth + 1, "a:p")) {
			long_text_put(text, "\n");
			pptx_paragraph(xml, text);
			paragraphs++;
		}
	}
	if (paragraphs == 0)
		long_text_put(text, "\n");
}

static void pptx_slide(struct document *document, const char *part)
{
	struct long_text *text = document_attachment(document)->text;
	struct xml *xml = ooxml_open_main(document, part, "p:sld", "a slide");
	if (!xml)
		return;
	if (xml_child_named(xml, 0, "p:cSld") &&
	    xml_child_named(xml, 1, "p:spTree"))
		while (!long_text_full(text) && xml_child_named(xml, 2, "p:sp"))
			pptx_shape(xml, text);
	xml_close(xml);
}

/* Reads all slides that the presentation lists. */
static void pptx_slides(struct document *document, struct xml *xml,
			const json_t *relations)
{
	const struct attachment *attachment = document_attachment(document);
	if (!xml_child_named(xml, 0, "p:sldIdLst"))
		return;
	while (!long_text_full(attachment->text) &&
	       xml_child_named(xml, 1, "p:sldId")) {
		const char *id = xml_attribute(xml, "r:id");
		const char *part = id ? ooxml_by_id(relations, id) : NULL;
		if (part)
			pptx_slide(document, part);
		else
			document_fail(document, "one of its slides is not in "
						"it");
	}
}

static json_t *pptx_query(struct misp_query *query)
{
	struct document *document = document_open(query, ".pptx");
	const char *part = document ? ooxml_main(document) : NULL;
	struct xml *xml =
	    part ? ooxml_open_main(document, part, "p:presentation",
				   "a PowerPoint presentation")
		 : NULL;
	if (!xml)
		return NULL;
	pptx_slides(document, xml, ooxml_relations(document, part));
	return attachment_rows(document_attachment(document),
			       MISP_TYPES("freetext", "text"));
}

MISP_MODULE(pptx_enrich, .types = MISP_EXPANSION, .query = pptx_query,
	    .title = "PPTX Enrich", .version = "0.1",
	    .author = "MISP modules FastCGI server",
	    .description = "Reads the text of a .pptx presentation.",
	    .features = "The text of the shapes of all slides, without tables, "
			"groups and notes. As freetext MISP finds the "
			"indicators in it.",
	    .input_text = "An attachment that is a .pptx presentation.",
	    .output_text = "Its text.",
	    .requirements = MISP_LIST("libzip", "libxml2"),
	    .input = MISP_LIST("attachment"),
	    .output = MISP_LIST("freetext", "text"), .caged = true,
	    .reads = MISP_LIST(NULL));
