/*
 * odf.h: what texts and spreadsheets of OpenDocument have in common: where
 * their content is, and how paragraphs are written.
 */
#ifndef MODULES_ODF_H
#define MODULES_ODF_H

#include "document.h"

/* Opens the content, whose body has to be of this name: inside of which the
 * reading then is. NULL after misp_fail, which calls it what it is not. */
struct xml *odf_open(struct document *document, const char *body,
		     const char *what);

/* Goes over the element that has begun to its end. */
void odf_skip(struct xml *xml);

/* Makes lines of paragraphs; one may lie in another, as that of a text box. */
struct odf_lines {
	struct long_text *text;
	size_t within;   /* how many paragraphs the reading is in */
	size_t begin;    /* where the line begins in the text */
	bool interrupts; /* a paragraph within another has just ended */
};

/* Adds what an event means for the text: text and signs in paragraphs, and
 * after each paragraph the end of the line. */
void odf_line(struct odf_lines *lines, struct xml *xml, enum xml_event event);

#endif
