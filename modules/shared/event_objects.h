/*
 * event_objects.h: what an exported event consists of, in both of the forms
 * that MISP sends: members in the event itself, or beside it.
 */
#ifndef MODULES_EVENT_OBJECTS_H
#define MODULES_EVENT_OBJECTS_H

#include "misp-module.h"

/* A member of the event ("Object", "Orgc", "Tag") from where it is, beside the
 * event first; NULL if there is none. */
static inline json_t *event_member(const json_t *event, const char *member)
{
	json_t *beside = json_object_get(event, member);
	const json_t *inner = json_object_get(event, "Event");
	if (json_object_size(beside) > 0 || json_array_size(beside) > 0)
		return beside;
	return json_object_get(inner ? inner : event, member);
}

/* The event's own members ("info", "uuid"), as text; NULL if it has none. */
static inline const char *event_text(struct misp_query *query,
				     const json_t *event, const char *member)
{
	const json_t *inner = json_object_get(event, "Event");
	return misp_text_at(query, inner ? inner : event, member);
}

#endif
