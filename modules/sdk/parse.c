/*
 * parse.c: JSON for modules: as json.c, with the failure told to the query.
 */
#include "json.h"
#include "query.h"

#include <string.h>

static json_t *parse_json(struct misp_query *query, const void *bytes,
			  size_t size, const struct misp_json_items *items)
{
	static const char mark[] = "\xef\xbb\xbf"; /* Windows' editors */
	const char *text = bytes;
	size_t skipped = sizeof(mark) - 1;
	if (!text || size < skipped || memcmp(text, mark, skipped) != 0)
		skipped = 0;
	struct misp_json_error error = {0};
	json_t *json = misp_json_parse_items(text ? text + skipped : NULL,
					     size - skipped, items, &error);
	if (!json)
		misp_fail(query,
			  "This is not valid JSON: %s (line %u, column %u).",
			  error.text, error.line, error.column);
	return json;
}

json_t *misp_parse_json(struct misp_query *query, const void *bytes,
			size_t size)
{
	return parse_json(query, bytes, size, NULL);
}

json_t *misp_parse_json_items(struct misp_query *query, const void *bytes,
			      size_t size, const char *const *names,
			      bool (*take)(void *context,
					   const struct misp_item *item),
			      void *context)
{
	const struct misp_json_items items = {names, take, context};
	return parse_json(query, bytes, size, &items);
}
