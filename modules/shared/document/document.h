/*
 * document.h: an office document: a ZIP archive whose members are XML. Opens
 * it in memory and reads its members as a stream. Needs libzip and libxml2.
 */
#ifndef MODULES_DOCUMENT_H
#define MODULES_DOCUMENT_H

#include "attachment.h"

struct document;

/* The query's attachment. Lives as long as the query; NULL after misp_fail. */
struct document *document_open(struct misp_query *query, const char *kind);

struct attachment *document_attachment(struct document *document);

/* As attachment_fail; returns NULL. */
#define document_fail(document, ...) \
	attachment_fail(document_attachment(document), __VA_ARGS__)

/* ---- XML, one piece after the other ---- */

enum xml_event {
	XML_END,   /* of the member, or reading has failed */
	XML_OPEN,  /* an element begins */
	XML_CLOSE, /* it ends; so does one written as <a/> */
	XML_TEXT,
};

struct xml;

/* A member of the archive; NULL when there is none of that name (which is no
 * failure), and after misp_fail. */
struct xml *xml_open(struct document *document, const char *member);

/* Ends its reading. It also ends with the query. */
void xml_close(struct xml *xml);

/* Goes on. XML_END after misp_fail, too. */
enum xml_event xml_next(struct xml *xml);

/* How deep the element lies that has begun or ended; the root is at 0. */
int xml_depth(const struct xml *xml);

/* The element's name, with the prefix by which document_xml.c knows its
 * namespace, whatever prefix the file has: "w:p". */
bool xml_is(struct xml *xml, const char *name);

/* An attribute of the element that has begun; borrowed until xml_next. NULL
 * when it has none of that name. */
const char *xml_attribute(struct xml *xml, const char *name);

/* The same as a number from 0 to most; what is none is fallback, and what is
 * more is most. */
size_t xml_number(struct xml *xml, const char *name, size_t most,
		  size_t fallback);

/* The same as what is true or not; false when it is not there. */
bool xml_true(struct xml *xml, const char *name);

/* Goes to the next element that is a child of the one at this depth, over what
 * is left of the child before; false at its end. */
bool xml_child(struct xml *xml, int depth);

/* The same, over children of other names. */
bool xml_child_named(struct xml *xml, int depth, const char *name);

/* The text at hand, after XML_TEXT; borrowed until xml_next. */
const char *xml_text(struct xml *xml);

/* Adds the text that stands directly in the element that has begun. */
void xml_add_text(struct xml *xml, struct long_text *text);

/* Whether the text of the document is as long as it may get. */
bool xml_enough(const struct xml *xml);

#endif
