/*
 * openioc_reading.h: what openioc.c has read so far: the items and the text
 * that is being collected.
 */
#ifndef MODULES_OPENIOC_READING_H
#define MODULES_OPENIOC_READING_H

#include "openioc.h"

#include <libxml/parser.h>

#define DEPTH_MAX 256

/* The reading, which the parser hands to its callbacks. */
struct reading {
	struct misp_query *query;
	xmlParserCtxtPtr parser;
	struct openioc ioc;
	struct openioc_item *items; /* those of ioc */
	size_t capacity;
	struct openioc_item item; /* the open one */
	bool in_item;
	bool known; /* an element of OpenIOC was there */

	size_t depth;
	/* By depth: how many items there were when an Indicator began of which
	 * all have to hold; NOT_ALL for another element. */
	size_t all_of[DEPTH_MAX];

	/* Where the text belongs that is being collected; NULL: none is. */
	const char **target;
	size_t target_depth;
	xmlBufferPtr text;
};

#define NOT_ALL SIZE_MAX

/* Fails, and has the parser stop. */
void reading_fail(struct reading *reading, const char *why);

/* Collects the text of the element that has begun, unless there is a target
 * already, or the target has its text. */
void reading_text_begin(struct reading *reading, const char **target);
void reading_text_add(struct reading *reading, const xmlChar *text, int length);
void reading_text_end(struct reading *reading);

/* An item begins. One that is open ends, as its own end may be missing. */
void reading_item_begin(struct reading *reading);
void reading_item_end(struct reading *reading);

/* "" for NULL. */
const char *reading_filled(const char *text);

#endif
