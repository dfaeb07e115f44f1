/*
 * data.c: what a query brings along: a file, or the events of an export.
 */
#include "query.h"

#include "text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NO_MEMORY "There is not enough memory."

/* The file in base64; NULL when there is none. */
static const json_t *encoded_file(const struct misp_query *query)
{
	const json_t *data = json_object_get(query->request, "data");
	if (json_is_string(data))
		return data;
	const json_t *attribute = json_object_get(query->request, "attribute");
	data = json_object_get(attribute, "data");
	return json_is_string(data) ? data : NULL;
}

const unsigned char *misp_file(struct misp_query *query, size_t *size)
{
	if (!query->file) {
		const json_t *data = encoded_file(query);
		if (!data)
			return misp_fail(query, "No file came with the query.");
		errno = 0; /* set when it is memory that is missing */
		query->file =
		    text_unbase64(json_string_value(data),
				  json_string_length(data), &query->file_size);
	}
	if (!query->file)
		return misp_fail(query, errno == ENOMEM
					    ? NO_MEMORY
					    : "The file is not valid base64.");
	if (query->file_size == 0)
		return misp_fail(query, "The file is empty.");
	*size = query->file_size;
	return query->file;
}

bool misp_set_file(struct misp_query *query, const void *bytes, size_t size)
{
	unsigned char *copy = size < SIZE_MAX ? malloc(size + 1) : NULL;
	if (!copy) {
		misp_fail(query, NO_MEMORY);
		return false;
	}
	memcpy(copy, bytes, size);
	copy[size] = '\0';
	free(query->file);
	query->file = copy;
	query->file_size = size;
	return true;
}

/* A list of one event, that lives as long as the query. */
static json_t *event_alone(struct misp_query *query, json_t *event)
{
	json_t *events = misp_keep(query, json_array());
	if (json_array_append(events, event) != 0)
		return misp_fail(query, NO_MEMORY);
	return events;
}

json_t *misp_events(struct misp_query *query)
{
	json_t *data = json_object_get(query->request, "data");
	if (json_is_object(data))
		return event_alone(query, data);
	if (json_array_size(data) == 0)
		return misp_fail(query, "No event came with the query.");
	return data;
}

json_t *misp_event_attributes(json_t *event)
{
	const json_t *inner = json_object_get(event, "Event");
	json_t *beside = json_object_get(event, "Attribute");
	json_t *inside = json_object_get(inner, "Attribute");
	if (json_array_size(beside) > 0)
		return beside;
	return json_array_size(inside) > 0 ? inside : NULL;
}
