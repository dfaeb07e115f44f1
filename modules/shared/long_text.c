/*
 * long_text.c: a text that grows up to a bound; see long_text.h.
 */
#include "long_text.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 4096

static void long_text_release(void *pointer)
{
	free(((struct long_text *)pointer)->bytes);
}

struct long_text *long_text(struct misp_query *query)
{
	return misp_defer(query, misp_alloc(query, sizeof(struct long_text)),
			  long_text_release);
}

bool long_text_full(const struct long_text *text)
{
	return text->cut || text->no_memory;
}

/* How much of size bytes can be added; there is room for it then. */
static size_t long_text_room(struct long_text *text, size_t size)
{
	if (long_text_full(text))
		return 0;
	text->cut = size > LONG_TEXT_MAX - text->size;
	if (text->cut)
		size = LONG_TEXT_MAX - text->size;
	size_t capacity = text->capacity ? text->capacity : FIRST_CAPACITY;
	while (capacity - text->size < size)
		capacity *= 2; /* at most twice LONG_TEXT_MAX */
	if (capacity == text->capacity)
		return size;
	char *bytes = realloc(text->bytes, capacity);
	text->no_memory = !bytes;
	if (!bytes)
		return 0;
	text->bytes = bytes;
	text->capacity = capacity;
	return size;
}

/* How many bytes there are before the one that is cut off, without the
 * beginning of a character of UTF-8. */
static size_t long_text_whole(const char *bytes, size_t size)
{
	while (size > 0 && ((unsigned char)bytes[size] & 0xc0) == 0x80)
		size--;
	return size;
}

void long_text_add(struct long_text *text, const char *bytes, size_t size)
{
	size_t room = long_text_room(text, size);
	if (room < size)
		room = long_text_whole(bytes, room);
	if (room == 0)
		return;
	memcpy(text->bytes + text->size, bytes, room);
	text->size += room;
}

void long_text_put(struct long_text *text, const char *string)
{
	long_text_add(text, string, strlen(string));
}

void long_text_pad(struct long_text *text, size_t size)
{
	size_t room = long_text_room(text, size);
	if (room == 0)
		return;
	memset(text->bytes + text->size, ' ', room);
	text->size += room;
}

void long_text_repeat(struct long_text *text, size_t start, size_t size)
{
	size_t room = long_text_room(text, size);
	if (room < size)
		room = long_text_whole(text->bytes + start, room);
	if (room == 0)
		return;
	memcpy(text->bytes + text->size, text->bytes + start, room);
	text->size += room;
}

void long_text_join(struct long_text *text, const struct long_text *other)
{
	if (other->size > 0)
		long_text_add(text, other->bytes, other->size);
	text->cut = text->cut || other->cut;
	text->no_memory = text->no_memory || other->no_memory;
}
