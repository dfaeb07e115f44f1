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

void misp_drop_encoded(struct misp_query *query)
{
	json_object_del(query->request, "data");
	json_object_del(json_object_get(query->request, "attribute"), "data");
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
		int error = errno;
		misp_drop_encoded(query);
		errno = error;
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

/* A list of an event; NULL when it is empty. */
static json_t *event_list(json_t *event, const char *member)
{
	const json_t *inner = json_object_get(event, "Event");
	json_t *beside = json_object_get(event, member);
	json_t *inside = json_object_get(inner, member);
	if (json_array_size(beside) > 0)
		return beside;
	return json_array_size(inside) > 0 ? inside : NULL;
}

json_t *misp_event_attributes(json_t *event)
{
	return event_list(event, "Attribute");
}

json_t *misp_event_objects(json_t *event)
{
	return event_list(event, "Object");
}

/* The attributes that a walk goes through now. */
static const json_t *walk_list(const struct misp_walk *walk, json_t *event)
{
	if (walk->list_index == 0)
		return misp_event_attributes(event);
	return json_object_get(
	    json_array_get(misp_event_objects(event), walk->list_index - 1),
	    "Attribute");
}

/* The next attribute in the list; false at its end. */
static bool walk_attribute(struct misp_walk *walk, const json_t *list)
{
	while (walk->attribute_index < json_array_size(list)) {
		walk->attribute = json_array_get(list, walk->attribute_index++);
		walk->type =
		    json_string_value(json_object_get(walk->attribute, "type"));
		walk->value = json_string_value(
		    json_object_get(walk->attribute, "value"));
		if (walk->type && walk->value && *walk->value)
			return true;
	}
	walk->attribute_index = 0;
	return false;
}

/* The next attribute in the event; false at its end. */
static bool walk_event(struct misp_walk *walk, json_t *event)
{
	size_t objects =
	    walk->with_objects ? json_array_size(misp_event_objects(event)) : 0;
	for (; walk->list_index <= objects; walk->list_index++)
		if (walk_attribute(walk, walk_list(walk, event)))
			return true;
	walk->list_index = 0;
	return false;
}

bool misp_walk(struct misp_query *query, struct misp_walk *walk)
{
	if (!walk->events)
		walk->events = misp_events(query);
	for (; walk->event_index < json_array_size(walk->events);
	     walk->event_index++) {
		json_t *event = json_array_get(walk->events, walk->event_index);
		walk->event = event;
		if (walk_event(walk, event))
			return true;
	}
	return false;
}
