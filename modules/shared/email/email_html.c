/*
 * email_html.c: the text and the links of HTML; see email_html.h.
 *
 * pkg-config: libxml-2.0 (libxml2-dev)
 */
#include "email_html.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* libxml2 compares each attribute of a tag with all others, and each end of a
 * tag with all tags that are open: a file of such would keep it for hours. */
#define TAG_BLANKS_MAX 4000
#define READING_CLOCKS (CLOCKS_PER_SEC / 2)
/* Looking at the clock takes as long as many tags, and as one tag among many
 * open ones. */
#define WORK_A_LOOK 256
#define OPEN_UNIT 64

struct reading {
	const struct email_html *html;
	htmlParserCtxtPtr parser;
	clock_t end;
	unsigned work;   /* since the clock was looked at */
	unsigned unseen; /* elements around that are not shown */
};

static bool is_unseen(const xmlChar *name)
{
	return xmlStrEqual(name, BAD_CAST "script") ||
	       xmlStrEqual(name, BAD_CAST "style");
}

static void check_time(struct reading *reading)
{
	reading->work += 1 + (unsigned)reading->parser->nameNr / OPEN_UNIT;
	if (reading->work < WORK_A_LOOK)
		return;
	reading->work = 0;
	if (clock() > reading->end)
		xmlStopParser(reading->parser);
}

static void on_start(void *context, const xmlChar *name,
		     const xmlChar **attributes)
{
	struct reading *reading = context;
	check_time(reading);
	reading->unseen += is_unseen(name);
	bool image = xmlStrEqual(name, BAD_CAST "img");
	if (!reading->html->link || !attributes ||
	    (!image && !xmlStrEqual(name, BAD_CAST "a") &&
	     !xmlStrEqual(name, BAD_CAST "area")))
		return;
	const char *wanted = image ? "src" : "href";
	for (; attributes[0]; attributes += 2)
		if (attributes[1] &&
		    xmlStrEqual(attributes[0], BAD_CAST wanted))
			reading->html->link(reading->html->context,
					    (const char *)attributes[1]);
}

static void on_end(void *context, const xmlChar *name)
{
	struct reading *reading = context;
	check_time(reading);
	reading->unseen -= reading->unseen > 0 && is_unseen(name);
}

static void on_text(void *context, const xmlChar *text, int length)
{
	struct reading *reading = context;
	if (reading->html->text && !reading->unseen)
		reading->html->text(reading->html->context, (const char *)text,
				    (size_t)length);
}

/* Mails are full of errors. */
static void on_error(void *context, xmlErrorPtr error)
{
	(void)error;
	check_time(context);
}

/* The bytes up to a tag that has far too many attributes. */
static size_t sane_size(const char *bytes, size_t size)
{
	size_t tag = size; /* where the last one began; none: size */
	size_t blanks = 0;
	for (size_t i = 0; i < size; i++) {
		if (bytes[i] == '>') {
			tag = size;
		} else if (bytes[i] == '<') {
			tag = i;
			blanks = 0;
		} else if (tag < size && strchr(" \t\r\n\f\"'", bytes[i]) &&
			   ++blanks > TAG_BLANKS_MAX) {
			return tag;
		}
	}
	return size;
}

void email_html_read(const char *bytes, size_t size,
		     const struct email_html *html)
{
	struct reading reading = {.html = html,
				  .end = clock() + READING_CLOCKS};
	size = sane_size(bytes, size);
	if (size == 0 || size > INT_MAX)
		return;
	htmlSAXHandler events = {.startElement = on_start,
				 .endElement = on_end,
				 .characters = on_text,
				 .cdataBlock = on_text,
				 .ignorableWhitespace = on_text,
				 .initialized = XML_SAX2_MAGIC,
				 .serror = on_error};
	reading.parser = htmlCreateMemoryParserCtxt(bytes, (int)size);
	if (!reading.parser)
		return;
	*reading.parser->sax = events;
	reading.parser->userData = &reading;
	htmlCtxtUseOptions(reading.parser,
			   HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
	xmlSwitchEncoding(reading.parser, XML_CHAR_ENCODING_UTF8);
	htmlParseDocument(reading.parser);
	htmlFreeParserCtxt(reading.parser);
}
