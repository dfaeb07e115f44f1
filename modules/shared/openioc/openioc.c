/*
 * openioc.c: reading an OpenIOC file; see openioc.h.
 *
 * No tree is made of it: what is wanted is taken while the parser passes by,
 * so that memory is needed for that alone. Many such files were written by
 * hand, with a lone "&" in a URL. One that is no XML is therefore read as a
 * browser reads its pages.
 *
 * pkg-config: libxml-2.0 (libxml2-dev)
 */
#include "openioc.h"

#include "openioc_reading.h"

#include <libxml/HTMLparser.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *attribute_of(struct reading *reading,
				const xmlChar **attributes, const char *name)
{
	for (; attributes && attributes[0]; attributes += 2)
		if (attributes[1] &&
		    strcasecmp((const char *)attributes[0], name) == 0)
			return misp_text(reading->query, "%s",
					 (const char *)attributes[1]);
	return NULL;
}

/* ---- Elements ---- */

static void begin_file(struct reading *reading, const xmlChar **attributes)
{
	(void)attributes;
	reading->known = true;
}

static void begin_indicator(struct reading *reading, const xmlChar **attributes)
{
	const char *how = attribute_of(reading, attributes, "operator");
	reading_item_end(reading);
	if (how && strcasecmp(how, "AND") == 0)
		reading->all_of[reading->depth - 1] = reading->ioc.count;
}

static void begin_item(struct reading *reading, const xmlChar **attributes)
{
	(void)attributes;
	reading_item_begin(reading);
	reading->known = true;
}

static void begin_context(struct reading *reading, const xmlChar **attributes)
{
	if (!reading->item.search)
		reading->item.search =
		    attribute_of(reading, attributes, "search");
}

static void begin_content(struct reading *reading, const xmlChar **attributes)
{
	if (!reading->item.content_type)
		reading->item.content_type =
		    attribute_of(reading, attributes, "type");
}

/* Elements that do something when they begin, or whose text is wanted. */
static const struct element {
	const char *name;
	void (*begin)(struct reading *reading, const xmlChar **attributes);
	size_t text;  /* its place in the reading; 0: no text */
	bool of_item; /* only within an item */
} elements[] = {
    {"ioc", begin_file, 0, false},
    {"OpenIOC", begin_file, 0, false},
    {"Indicator", begin_indicator, 0, false},
    {"IndicatorItem", begin_item, 0, false},
    {"Context", begin_context, 0, true},
    {"Content", begin_content, offsetof(struct reading, item.content), true},
    {"Comment", NULL, offsetof(struct reading, item.comment), true},
    {"description", NULL, offsetof(struct reading, ioc.description), false},
    {"authored_by", NULL, offsetof(struct reading, ioc.author), false},
};

static const struct element *element_find(const xmlChar *name)
{
	const char *colon = strrchr((const char *)name, ':');
	const char *own = colon ? colon + 1 : (const char *)name;
	for (size_t i = 0; i < sizeof(elements) / sizeof(*elements); i++)
		if (strcasecmp(elements[i].name, own) == 0)
			return &elements[i];
	return NULL;
}

static void on_text(void *context, const xmlChar *text, int length)
{
	reading_text_add(context, text, length);
}

static void on_start(void *context, const xmlChar *name,
		     const xmlChar **attributes)
{
	struct reading *reading = context;
	const struct element *element = element_find(name);
	if (reading->depth == DEPTH_MAX) {
		reading_fail(reading,
			     "The elements of the file are nested too deeply");
		return;
	}
	reading->all_of[reading->depth++] = NOT_ALL;
	if (!element || (element->of_item && !reading->in_item))
		return;
	if (element->begin)
		element->begin(reading, attributes);
	if (element->text)
		reading_text_begin(reading,
				   (void *)((char *)reading + element->text));
}

static void on_end(void *context, const xmlChar *name)
{
	struct reading *reading = context;
	const struct element *element = element_find(name);
	if (reading->depth == 0)
		return;
	if (reading->target && reading->target_depth == reading->depth)
		reading_text_end(reading);
	if (element &&
	    (element->begin == begin_item || element->begin == begin_indicator))
		reading_item_end(reading);
	size_t first = reading->all_of[--reading->depth];
	if (first != NOT_ALL && reading->ioc.count - first == 2)
		reading->items[first].pair = true;
}

/* It could hold entities that swell, and names files to be read. */
static void on_doctype(void *context, const xmlChar *name,
		       const xmlChar *external, const xmlChar *system)
{
	(void)name;
	(void)external;
	(void)system;
	reading_fail(context,
		     "The file has a document type definition (DOCTYPE), "
		     "which OpenIOC does without");
}

/* ---- The whole ---- */

static void parser_set(struct reading *reading, xmlParserCtxtPtr parser)
{
	xmlSAXHandlerPtr handler = parser->sax;
	memset(handler, 0, sizeof(*handler));
	handler->initialized = 1; /* names come with their prefix */
	handler->internalSubset = on_doctype;
	handler->startElement = on_start;
	handler->endElement = on_end;
	handler->characters = on_text;
	handler->cdataBlock = on_text;
	parser->userData = reading;
	reading->parser = parser;
}

/* True when it is well-formed XML, or has failed. */
static bool read_xml(struct reading *reading, const void *bytes, int size)
{
	xmlParserCtxtPtr parser = xmlNewParserCtxt();
	if (!parser)
		return false;
	parser_set(reading, parser);
	xmlFreeDoc(xmlCtxtReadMemory(parser, bytes, size, NULL, NULL,
				     XML_PARSE_NONET | XML_PARSE_NOERROR |
					 XML_PARSE_NOWARNING));
	bool read = parser->wellFormed || misp_failure(reading->query);
	xmlFreeParserCtxt(parser);
	return read;
}

static void read_html(struct reading *reading, const void *bytes, int size)
{
	htmlParserCtxtPtr parser = htmlNewParserCtxt();
	if (!parser)
		return;
	parser_set(reading, parser);
	xmlFreeDoc(htmlCtxtReadMemory(parser, bytes, size, NULL, "UTF-8",
				      HTML_PARSE_NONET | HTML_PARSE_NOERROR |
					  HTML_PARSE_NOWARNING |
					  HTML_PARSE_NOIMPLIED));
	reading_item_end(reading);
	htmlFreeParserCtxt(parser);
}

static void reading_reset(struct reading *reading)
{
	struct reading fresh = {.query = reading->query,
				.items = reading->items,
				.capacity = reading->capacity,
				.text = reading->text};
	*reading = fresh;
}

static void reading_release(void *pointer)
{
	struct reading *reading = pointer;
	xmlBufferFree(reading->text);
	free(reading->items);
}

const struct openioc *openioc_read(struct misp_query *query, const void *bytes,
				   size_t size)
{
	struct reading *reading = misp_alloc(query, sizeof(*reading));
	if (size > OPENIOC_SIZE_MAX)
		return misp_fail(query, "The file has more than %d bytes",
				 OPENIOC_SIZE_MAX);
	if (!misp_defer(query, reading, reading_release))
		return NULL;
	reading->query = query;
	reading->text = xmlBufferCreateSize(BUFSIZ);
	xmlBufferSetAllocationScheme(reading->text, XML_BUFFER_ALLOC_DOUBLEIT);
	if (!read_xml(reading, bytes, (int)size)) {
		reading_reset(reading);
		read_html(reading, bytes, (int)size);
	}
	if (misp_failure(query))
		return NULL;
	if (!reading->known)
		return misp_fail(query, "The file is not in OpenIOC's format");
	reading->ioc.description = reading_filled(reading->ioc.description);
	reading->ioc.author = reading_filled(reading->ioc.author);
	reading->ioc.items = reading->items;
	return &reading->ioc;
}
