/*
 * document_walk.c: goes from element to element in the XML of a document, and
 * takes the text that stands in one.
 */
#include "document.h"

bool xml_child(struct xml *xml, int depth)
{
	for (;;) {
		enum xml_event event = xml_next(xml);
		if (event == XML_END)
			return false;
		if (event == XML_TEXT)
			continue;
		int at = xml_depth(xml);
		if (event == XML_OPEN && at == depth + 1)
			return true;
		if (event == XML_CLOSE && at <= depth)
			return false;
	}
}

bool xml_child_named(struct xml *xml, int depth, const char *name)
{
	while (xml_child(xml, depth))
		if (xml_is(xml, name))
			return true;
	return false;
}

void xml_add_text(struct xml *xml, struct long_text *text)
{
	int depth = xml_depth(xml);
	for (;;) {
		enum xml_event event = xml_next(xml);
		if (event == XML_END)
			return;
		int at = xml_depth(xml);
		if (event == XML_CLOSE && at == depth)
			return;
		if (event == XML_TEXT && at == depth + 1)
			long_text_put(text, xml_text(xml));
	}
}
