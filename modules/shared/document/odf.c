/*
 * odf.c: the content of OpenDocument files; see odf.h.
 *
 * pkg-config: libzip libxml-2.0 (libzip-dev libxml2-dev)
 */
#include "odf.h"

#define CONTENT "content.xml"
#define MANIFEST "META-INF/manifest.xml"

/* A space, the first of several, may say how many they are. */
#define SPACES_MAX 1000

/* What a password protects looks like any rubbish, but the manifest says it. */
static bool odf_encrypted(struct document *document)
{
	struct xml *xml = xml_open(document, MANIFEST);
	bool encrypted = false;
	while (xml && !encrypted) {
		enum xml_event event = xml_next(xml);
		if (event == XML_END)
			break;
		encrypted = event == XML_OPEN &&
			    xml_is(xml, "manifest:encryption-data");
	}
	if (xml)
		xml_close(xml);
	return encrypted;
}

struct xml *odf_open(struct document *document, const char *body,
		     const char *what)
{
	if (odf_encrypted(document))
		return document_fail(document, "it is encrypted with a "
					       "password");
	struct xml *xml = xml_open(document, CONTENT);
	if (!xml)
		return document_fail(document, "it lacks its part " CONTENT);
	if (xml_child_named(xml, -1, "office:document-content") &&
	    xml_child_named(xml, 0, "office:body") &&
	    xml_child_named(xml, 1, body))
		return xml;
	return document_fail(document, "it is not %s", what);
}

void odf_skip(struct xml *xml)
{
	int depth = xml_depth(xml);
	while (xml_child(xml, depth))
		continue;
}

/* Ends the line, unless nothing is on it. */
static void line_interrupt(struct odf_lines *lines)
{
	if (lines->text->size > lines->begin)
		long_text_put(lines->text, "\n");
	lines->begin = lines->text->size;
}

static void line_open(struct odf_lines *lines, struct xml *xml)
{
	if (xml_is(xml, "text:p") || xml_is(xml, "text:h")) {
		if (lines->within++ > 0)
			line_interrupt(lines);
		lines->begin = lines->text->size;
		lines->interrupts = false;
	} else if (lines->within == 0) {
		return;
	} else if (xml_is(xml, "text:s")) {
		long_text_pad(lines->text,
			      xml_number(xml, "text:c", SPACES_MAX, 1));
	} else if (xml_is(xml, "text:tab")) {
		long_text_put(lines->text, "\t");
	} else if (xml_is(xml, "text:line-break")) {
		long_text_put(lines->text, "\n");
	}
}

static void line_close(struct odf_lines *lines, struct xml *xml)
{
	if (lines->within == 0 ||
	    !(xml_is(xml, "text:p") || xml_is(xml, "text:h")))
		return;
	lines->within--;
	if (lines->interrupts || lines->within > 0)
		line_interrupt(lines);
	else
		long_text_put(lines->text, "\n");
	lines->begin = lines->text->size;
	lines->interrupts = lines->within > 0;
}

void odf_line(struct odf_lines *lines, struct xml *xml, enum xml_event event)
{
	if (event == XML_OPEN)
		line_open(lines, xml);
	else if (event == XML_CLOSE)
		line_close(lines, xml);
	else if (event == XML_TEXT && lines->within > 0)
		long_text_put(lines->text, xml_text(xml));
}
