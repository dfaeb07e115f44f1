/*
 * export.c: exports that write a text, attribute by attribute.
 */
#include "misp-module.h"

#include <stdlib.h>

typedef void write_function(FILE *out, const char *type, const char *value,
			    const json_t *attribute);

static void export_event(FILE *out, json_t *event, write_function *write)
{
	size_t i;
	json_t *attribute;

	json_array_foreach (misp_event_attributes(event), i, attribute) {
		const char *type =
		    json_string_value(json_object_get(attribute, "type"));
		const char *value =
		    json_string_value(json_object_get(attribute, "value"));

		if (type && value && *value)
			write(out, type, value, attribute);
	}
}

json_t *misp_export_attributes(struct misp_query *query, write_function *write)
{
	json_t *events = misp_events(query);
	json_t *event, *answer = NULL;
	size_t size = 0, i;
	char *text = NULL;
	FILE *out = events ? open_memstream(&text, &size) : NULL;
	bool written;

	if (!out)
		return NULL;
	json_array_foreach (events, i, event) {
		export_event(out, event, write);
	}
	written = !ferror(out);
	if (fclose(out) == 0 && written)
		answer = misp_export(text, size);
	free(text);
	return answer;
}
