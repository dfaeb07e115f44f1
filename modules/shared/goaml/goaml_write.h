/*
 * goaml_write.h: writing MISP's objects as elements of a goAML report.
 */
#ifndef MODULES_GOAML_WRITE_H
#define MODULES_GOAML_WRITE_H

#include "misp-module.h"

#include <libxml/xmlwriter.h>

/* All of it belongs to the query. */
struct goaml_writer {
	struct misp_query *query;
	json_t *objects; /* of the event, by uuid */
	json_t *written; /* the uuids of those written so far: a set */
	xmlBuffer *buffer;
	xmlTextWriter *xml;
	size_t steps; /* taken so far */
	bool failed;  /* for want of memory */
};

/* Opens a buffer and a writer for it; false after misp_fail. */
bool goaml_open(struct goaml_writer *out);

void goaml_start(struct goaml_writer *out, const char *element);
void goaml_end(struct goaml_writer *out);

/* An element with a text, which is escaped; nothing for a NULL text. */
void goaml_element(struct goaml_writer *out, const char *element,
		   const char *text);

/* An object with all it refers to. misp_fail is called when that would be too
 * much. */
void goaml_object(struct goaml_writer *out, const char *element,
		  const json_t *object);

/* Ends the writing; the text so far, NULL after misp_fail. */
const char *goaml_close(struct goaml_writer *out);

#endif
