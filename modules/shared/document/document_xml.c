/*
 * document_xml.c: the XML of a document, piece by piece, so that little of it
 * is in memory at a time; see document.h.
 *
 * Neither entities nor files that XML may name are ever read: a document type
 * that declares anything, which no office program writes, ends it. (That of
 * OpenOffice's first manifests only names a file.) libxml2 bounds names, texts
 * and the depth of elements.
 *
 * pkg-config: libzip libxml-2.0 (libzip-dev libxml2-dev)
 */
#include "document_parts.h"

#include <errno.h>
#include <libxml/xmlreader.h>
#include <stdlib.h>
#include <string.h>

#define OASIS "urn:oasis:names:tc:opendocument:xmlns:"
#define TRANSITIONAL "http://schemas.openxmlformats.org/"
#define STRICT "http://purl.oclc.org/ooxml/"

struct xml {
	struct document *document;
	zip_file_t *member;
	xmlTextReader *reader;
	const char *name; /* of the member */
	bool closing;     /* of <a/>, the end is still to be told */
	bool closed;
	/* The namespace asked for last, and what is known of it. */
	const xmlChar *uri;
	const char *prefix;
};

static const struct {
	const char *uri;
	const char *prefix;
} namespaces[] = {
    {TRANSITIONAL "wordprocessingml/2006/main", "w"},
    {STRICT "wordprocessingml/main", "w"},
    {TRANSITIONAL "presentationml/2006/main", "p"},
    {STRICT "presentationml/main", "p"},
    {TRANSITIONAL "drawingml/2006/main", "a"},
    {STRICT "drawingml/main", "a"},
    {TRANSITIONAL "spreadsheetml/2006/main", "s"},
    {STRICT "spreadsheetml/main", "s"},
    {TRANSITIONAL "officeDocument/2006/relationships", "r"},
    {STRICT "officeDocument/relationships", "r"},
    {TRANSITIONAL "package/2006/relationships", "rel"},
    {OASIS "office:1.0", "office"},
    {OASIS "text:1.0", "text"},
    {OASIS "table:1.0", "table"},
    {OASIS "manifest:1.0", "manifest"},
};

static void xml_release(void *pointer)
{
	xml_close(pointer);
}

void xml_close(struct xml *xml)
{
	xmlFreeTextReader(xml->reader);
	xml->reader = NULL;
	if (xml->member)
		zip_fclose(xml->member);
	xml->member = NULL;
}

static int xml_read(void *context, char *bytes, int size)
{
	struct xml *xml = context;
	return document_read(xml->document, xml->member, bytes, size);
}

/* libxml2 would write to the server's log. What is not fatal, such as an
 * identifier that is there twice, keeps no office program from reading on. */
static void xml_on_error(void *context, xmlErrorPtr error)
{
	const struct xml *xml = context;
	if (error->level < XML_ERR_FATAL)
		return;
	const char *message = error->message ? error->message : "bad XML";
	document_fail(xml->document, "%.*s, line %d of %s",
		      (int)strcspn(message, "\n"), message, error->line,
		      xml->name);
}

struct xml *xml_open(struct document *document, const char *member)
{
	struct misp_query *query = document->attachment->query;
	zip_file_t *file = document_member(document, member);
	if (!file)
		return NULL;
	struct xml *xml = misp_alloc(query, sizeof(*xml));
	if (!xml) {
		zip_fclose(file);
		return NULL;
	}
	xml->document = document;
	xml->member = file;
	xml->name = misp_text(query, "%s", member);
	if (!misp_defer(query, xml, xml_release) || !xml->name)
		return NULL;
	xml->reader = xmlReaderForIO(xml_read, NULL, xml, NULL, NULL,
				     XML_PARSE_NONET | XML_PARSE_COMPACT);
	if (!xml->reader)
		return document_fail(document, "%s cannot be read", member);
	xmlTextReaderSetStructuredErrorHandler(xml->reader, xml_on_error, xml);
	return xml;
}

static enum xml_event xml_end(struct xml *xml, int status)
{
	if (status < 0)
		document_fail(xml->document, "%s is not valid XML", xml->name);
	xml_close(xml);
	return XML_END;
}

static enum xml_event xml_begin(struct xml *xml)
{
	xml->closing = xmlTextReaderIsEmptyElement(xml->reader) == 1;
	return XML_OPEN;
}

/* What the document type declares has been read when it is met. */
static bool xml_declares(const struct xml *xml)
{
	const xmlDtd *type =
	    (const xmlDtd *)xmlTextReaderCurrentNode(xml->reader);
	return !type || type->children || type->notations;
}

/* XML_END for what says nothing. */
static enum xml_event xml_event_of(struct xml *xml)
{
	switch (xmlTextReaderNodeType(xml->reader)) {
	case XML_READER_TYPE_ELEMENT:
		return xml_begin(xml);
	case XML_READER_TYPE_END_ELEMENT:
		return XML_CLOSE;
	case XML_READER_TYPE_TEXT:
	case XML_READER_TYPE_CDATA:
	case XML_READER_TYPE_WHITESPACE:
	case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
		return XML_TEXT;
	case XML_READER_TYPE_DOCUMENT_TYPE:
		if (!xml_declares(xml))
			return XML_END;
		/* fallthrough */
	case XML_READER_TYPE_ENTITY_REFERENCE:
		document_fail(xml->document,
			      "%s has a document type definition or an entity",
			      xml->name);
		return XML_END;
	default:
		return XML_END;
	}
}

enum xml_event xml_next(struct xml *xml)
{
	if (xml->closing) {
		xml->closing = false;
		return XML_CLOSE;
	}
	while (xml->reader) {
		int status = xmlTextReaderRead(xml->reader);
		if (status != 1 ||
		    misp_failure(xml->document->attachment->query))
			return xml_end(xml, status);
		enum xml_event event = xml_event_of(xml);
		if (event != XML_END)
			return event;
	}
	return XML_END;
}

int xml_depth(const struct xml *xml)
{
	return xml->reader ? xmlTextReaderDepth(xml->reader) : -1;
}

/* By what prefix a namespace is known here; "" for the others. */
static const char *xml_prefix(struct xml *xml)
{
	const xmlChar *uri = xmlTextReaderConstNamespaceUri(xml->reader);
	if (!uri)
		return "";
	/* The reader has every name once only. */
	if (uri == xml->uri)
		return xml->prefix;
	xml->uri = uri;
	xml->prefix = "?";
	for (size_t i = 0; i < sizeof(namespaces) / sizeof(*namespaces); i++)
		if (strcmp(namespaces[i].uri, (const char *)uri) == 0)
			xml->prefix = namespaces[i].prefix;
	return xml->prefix;
}

bool xml_is(struct xml *xml, const char *name)
{
	if (!xml->reader)
		return false;
	const char *colon = strchr(name, ':');
	const char *local = colon ? colon + 1 : name;
	const xmlChar *own = xmlTextReaderConstLocalName(xml->reader);
	if (!own || strcmp((const char *)own, local) != 0)
		return false;
	size_t length = colon ? (size_t)(colon - name) : 0;
	const char *prefix = xml_prefix(xml);
	return strncmp(prefix, name, length) == 0 && !prefix[length];
}

const char *xml_attribute(struct xml *xml, const char *name)
{
	const xmlChar *value = NULL;
	if (!xml->reader)
		return NULL;
	while (!value && xmlTextReaderMoveToNextAttribute(xml->reader) == 1)
		if (xml_is(xml, name))
			value = xmlTextReaderConstValue(xml->reader);
	xmlTextReaderMoveToElement(xml->reader);
	return (const char *)value;
}

size_t xml_number(struct xml *xml, const char *name, size_t most,
		  size_t fallback)
{
	const char *text = xml_attribute(xml, name);
	if (!text || *text < '0' || *text > '9')
		return fallback;
	errno = 0;
	unsigned long long number = strtoull(text, NULL, 10);
	return errno == 0 && number < most ? (size_t)number : most;
}

bool xml_true(struct xml *xml, const char *name)
{
	const char *text = xml_attribute(xml, name);
	return text && (strcmp(text, "1") == 0 || strcmp(text, "true") == 0);
}

const char *xml_text(struct xml *xml)
{
	const xmlChar *text =
	    xml->reader ? xmlTextReaderConstValue(xml->reader) : NULL;
	return text ? (const char *)text : "";
}

bool xml_enough(const struct xml *xml)
{
	return long_text_full(xml->document->attachment->text);
}
