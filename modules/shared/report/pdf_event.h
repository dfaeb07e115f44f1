/*
 * pdf_event.h: the parts of a report on an event.
 */
#ifndef MODULES_PDF_EVENT_H
#define MODULES_PDF_EVENT_H

#include "pdf.h"

struct pdf_event {
	struct misp_query *query;
	struct pdf *pdf;
	json_t *event;        /* of the query */
	const char *base_url; /* of MISP, or NULL: no links */
	bool galaxies;        /* are described */
};

/* What an event is called in a report, and where MISP has it (or NULL). */
const char *pdf_event_title(const struct pdf_event *report);
const char *pdf_event_url(const struct pdf_event *report, const char *uuid);

/* A time in the event as people write it; NULL when there is none. */
const char *pdf_event_time(struct misp_query *query, const json_t *element,
			   const char *member);

void pdf_event_description(const struct pdf_event *report);
void pdf_event_facts(const struct pdf_event *report);
void pdf_event_related(const struct pdf_event *report);
void pdf_event_galaxies(const struct pdf_event *report, const json_t *galaxies);
void pdf_event_attributes(const struct pdf_event *report);
void pdf_event_objects(const struct pdf_event *report);

#endif
