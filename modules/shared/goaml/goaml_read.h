/*
 * goaml_read.h: making MISP's objects of the elements of a goAML report, as
 * they come along.
 */
#ifndef MODULES_GOAML_READ_H
#define MODULES_GOAML_READ_H

#include "misp-module.h"

struct goaml_reader;

/* One that adds to results; it belongs to the query. NULL without memory. */
struct goaml_reader *goaml_reader(struct misp_query *query, json_t *results);

/* The next of the report: an element begins, text of the one that began last
 * (no NUL behind it), an element ends. misp_fail is called for what is no
 * report, and for more of anything than a report has. */
void goaml_read_start(struct goaml_reader *reader, const char *element);
void goaml_read_text(struct goaml_reader *reader, const char *text,
		     size_t length);
void goaml_read_end(struct goaml_reader *reader);

#endif
