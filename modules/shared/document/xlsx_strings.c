/*
 * xlsx_strings.c: the strings that cells of an xlsx share; see xlsx.h.
 *
 * pkg-config: libzip libxml-2.0 (libzip-dev libxml2-dev)
 */
#include "xlsx.h"

#include <stdlib.h>

#define STRINGS_MAX 1048576
#define FIRST_CAPACITY 256

static void strings_release(void *xlsx)
{
	free(((struct xlsx *)xlsx)->strings);
}

void xlsx_string_text(struct xml *xml, struct long_text *text)
{
	int depth = xml_depth(xml);
	while (xml_child(xml, depth)) {
		if (xml_is(xml, "s:t"))
			xml_add_text(xml, text);
		else if (xml_is(xml, "s:r"))
			while (xml_child_named(xml, depth + 1, "s:t"))
				xml_add_text(xml, text);
	}
}

static bool strings_room(struct xlsx *xlsx, size_t *capacity)
{
	if (xlsx->string_count < *capacity)
		return true;
	size_t more = *capacity ? *capacity * 2 : FIRST_CAPACITY;
	struct xlsx_string *strings =
	    more <= STRINGS_MAX
		? reallocarray(xlsx->strings, more, sizeof(*strings))
		: NULL;
	if (!strings)
		return false;
	xlsx->strings = strings;
	*capacity = more;
	return true;
}

void xlsx_read_strings(struct xlsx *xlsx, const char *part)
{
	struct misp_query *query = xlsx->frame->query;
	struct xml *xml = part ? xml_open(xlsx->document, part) : NULL;
	size_t capacity = 0;
	if (!xml || !misp_defer(query, xlsx, strings_release) ||
	    !xml_child_named(xml, -1, "s:sst"))
		return;
	struct long_text *text = xlsx->frame->strings;
	while (xml_child_named(xml, 0, "s:si")) {
		if (!strings_room(xlsx, &capacity)) {
			xlsx->frame->incomplete = true;
			break;
		}
		struct xlsx_string string = {.start = text->size};
		xlsx_string_text(xml, text);
		string.size = text->size - string.start;
		xlsx->strings[xlsx->string_count++] = string;
	}
	xml_close(xml);
}
