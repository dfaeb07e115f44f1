/*
 * openioc_reading.c: collecting items and text; see openioc_reading.h.
 *
 * pkg-config: libxml-2.0 (libxml2-dev)
 */
#include "openioc_reading.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_ITEMS 64
#define NO_MEMORY "There is not enough memory for the file"

void reading_fail(struct reading *reading, const char *why)
{
	misp_fail(reading->query, "%s", why);
	xmlStopParser(reading->parser);
}

/* ---- Text ---- */

void reading_text_begin(struct reading *reading, const char **target)
{
	if (reading->target || *target)
		return;
	xmlBufferEmpty(reading->text);
	reading->target = target;
	reading->target_depth = reading->depth;
}

void reading_text_add(struct reading *reading, const xmlChar *text, int length)
{
	if (reading->target && xmlBufferAdd(reading->text, text, length) != 0)
		reading_fail(reading, NO_MEMORY);
}

/* Cuts what is blank around a text; *length is that of what is left. */
static const char *trimmed(const char *text, size_t *length)
{
	static const char blank[] = " \t\r\n";
	text += strspn(text, blank);
	*length = strlen(text);
	while (*length > 0 && strchr(blank, text[*length - 1]))
		--*length;
	return text;
}

void reading_text_end(struct reading *reading)
{
	/* HTML has no such marks: its parser takes them for text. */
	static const char begin[] = "<![CDATA[", end[] = "]]>";
	size_t length = 0;
	if (!reading->target)
		return;
	const char *text =
	    trimmed((const char *)xmlBufferContent(reading->text), &length);
	if (length >= strlen(begin) + strlen(end) &&
	    strncmp(text, begin, strlen(begin)) == 0 &&
	    strncmp(text + length - strlen(end), end, strlen(end)) == 0) {
		text += strlen(begin);
		length -= strlen(begin) + strlen(end);
	}
	*reading->target = misp_text(reading->query, "%.*s", (int)length, text);
	reading->target = NULL;
}

/* ---- Items ---- */

const char *reading_filled(const char *text)
{
	return text ? text : "";
}

static bool items_grow(struct reading *reading)
{
	size_t capacity =
	    reading->capacity ? 2 * reading->capacity : FIRST_ITEMS;
	struct openioc_item *items =
	    reallocarray(reading->items, capacity, sizeof(*items));
	if (!items)
		return false;
	reading->items = items;
	reading->capacity = capacity;
	return true;
}

void reading_item_begin(struct reading *reading)
{
	reading_item_end(reading);
	reading_text_end(reading);
	reading->item = (struct openioc_item){0};
	reading->in_item = true;
}

void reading_item_end(struct reading *reading)
{
	const struct openioc_item *item = &reading->item;
	if (!reading->in_item)
		return;
	reading_text_end(reading);
	reading->in_item = false;
	if (reading->ioc.count == OPENIOC_ITEMS_MAX) {
		reading_fail(reading, "The file has too many indicators");
	} else if (reading->ioc.count == reading->capacity &&
		   !items_grow(reading)) {
		reading_fail(reading, NO_MEMORY);
	} else {
		reading->items[reading->ioc.count++] = (struct openioc_item){
		    .search = reading_filled(item->search),
		    .content_type = reading_filled(item->content_type),
		    .content = reading_filled(item->content),
		    .comment = reading_filled(item->comment)};
	}
}
