/*
 * misp-export.h: the events of an export, and the file it makes of them.
 * Included by misp-module.h, whose rules hold here.
 */
#ifndef MISP_EXPORT_H
#define MISP_EXPORT_H

#include "misp-module.h"

/* ---- Events ---- */

/* The events of an export: an array; NULL after misp_fail when there is none.*/
MISP_API json_t *misp_events(struct misp_query *query);

/* The attributes of one of those events, wherever its form puts them; an
 * empty array is NULL. Attributes of objects are not among them. */
MISP_API json_t *misp_event_attributes(json_t *event);

/* The same for its objects. */
MISP_API json_t *misp_event_objects(json_t *event);

/* Where misp_walk is among the attributes of an export's events. Zeroed at
 * first, but for with_objects; what is below it is misp_walk's. */
struct misp_walk {
	bool with_objects; /* then attributes of objects, too, after the
			      event's own */
	const json_t *event;
	const json_t *attribute;
	const char *type;  /* never NULL after misp_walk returned true */
	const char *value; /* the same, and not empty */
	json_t *events;
	size_t event_index;
	size_t list_index; /* 0: the event's own; then its objects */
	size_t attribute_index;
};

/*
 * Goes to the next attribute that has a type and a value:
 *
 *	struct misp_walk walk = {0};
 *	while (misp_walk(query, &walk))
 *		… walk.type, walk.value …
 *
 * false when there is none, or after misp_fail when there is no event.
 */
MISP_API bool misp_walk(struct misp_query *query, struct misp_walk *walk);

/* ---- Files ---- */

/* An export's answer: the bytes of the file. */
MISP_API json_t *misp_export(const void *bytes, size_t size);

/* The text of an export that is being written, piece by piece. */
struct misp_export_file {
	FILE *out;
	char *text; /* what follows is the SDK's */
	size_t size;
};

/* An empty one, that lives as long as the query; NULL after misp_fail when no
 * event came with the query. */
MISP_API struct misp_export_file *misp_export_open(struct misp_query *query);

/* The export's answer: what was written to the file, which may be NULL. NULL
 * when memory ran out or misp_fail was called. */
MISP_API json_t *misp_export_close(struct misp_query *query,
				   struct misp_export_file *file);

/*
 * The usual export: a text to which write adds what it makes of one attribute,
 * called for each attribute of every event in turn. type and value are never
 * NULL. NULL after misp_fail when there is no event.
 */
MISP_API json_t *misp_export_attributes(struct misp_query *query,
					void (*write)(FILE *out,
						      const char *type,
						      const char *value,
						      const json_t *attribute));

#endif
