/*
 * answer.c: what rows, attributes and objects have in common, and the answers
 * of exports and actions.
 */
#include "text.h"

#include <stdio.h>
#include <stdlib.h>

void misp_set(json_t *element, const char *member, json_t *value)
{
	/* jansson steals value whatever happens. */
	json_object_set_new(element, member, value);
}

json_t *list_add(json_t *element, const char *member, json_t *item)
{
	if (item && !json_object_get(element, member))
		misp_set(element, member, json_array());
	json_t *list = json_object_get(element, member);
	return json_array_append_new(list, item) == 0 ? item : NULL;
}

void misp_comment(json_t *element, const char *format, ...)
{
	char *text = NULL;
	va_list arguments;
	va_start(arguments, format);
	int length = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (length < 0)
		return;
	text_set(element, "comment", text);
	free(text);
}

void misp_to_ids(json_t *element, bool to_ids)
{
	misp_set(element, "to_ids", json_boolean(to_ids));
}

void misp_attach(json_t *element, const void *bytes, size_t size)
{
	if (element)
		misp_set(element, "data", text_base64(bytes, size));
}

json_t *misp_export(const void *bytes, size_t size)
{
	json_t *data = text_base64(bytes, size);
	if (!data)
		return NULL;
	return json_pack("{s:[], s:o}", "response", "data", data);
}

json_t *misp_done(bool done)
{
	return json_pack("{s:b}", "data", done);
}

json_t *misp_finish(const struct misp_query *query, json_t *results)
{
	if (!misp_failure(query))
		return results;
	json_decref(results);
	return NULL;
}
