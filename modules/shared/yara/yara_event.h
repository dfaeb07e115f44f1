/*
 * yara_event.h: the YARA rules that look for the values of an event.
 */
#ifndef MODULES_YARA_EVENT_H
#define MODULES_YARA_EVENT_H

#include "misp-module.h"

#include "yara_names.h"

struct yara_event;

/* Rules without a value so far; they belong to the query. NULL without
 * memory. */
struct yara_event *yara_event_open(struct misp_query *query,
				   const json_t *event);

/* Has the rules look for an attribute, if it is for detection and of a type
 * that can be looked for. */
void yara_event_add(struct yara_event *event, const char *type,
		    const json_t *attribute);

/* Writes the rules, as far as they compile, under names that are free. Nothing
 * when there is nothing to look for. false without memory. */
bool yara_event_write(struct yara_event *event, FILE *out,
		      struct yara_names *names, const char *event_id);

/* Writes a comment that says why an attribute is not in the rules. */
void yara_left_out(FILE *out, const json_t *attribute, const char *what,
		   const char *why);

#endif
