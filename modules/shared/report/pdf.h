/*
 * pdf.h: a PDF document of text and tables that flows from page to page.
 *
 * What is written last stands below what was written before. All texts are
 * shown as they are: nothing in them is markup.
 */
#ifndef MODULES_PDF_H
#define MODULES_PDF_H

#include "misp-module.h"

enum pdf_style {
	PDF_TITLE,
	PDF_SECTION,
	PDF_SUBSECTION,
	PDF_BODY,
	PDF_LABEL, /* bold, as large as the body */
	PDF_SMALL, /* grey */
	PDF_RED,
	PDF_STYLES
};

struct pdf;

/* A document, for the query's lifetime; footer stands on each page beside its
 * number, font is the path of a font file or NULL. NULL after misp_fail. */
struct pdf *pdf_open(struct misp_query *query, const char *footer,
		     const char *font);

/* What a reader shows about the file; NULL for what is not known. */
struct pdf_metadata {
	const char *title;
	const char *author;
	const char *creator;
	const char *subject;
	const char *keywords;
};
void pdf_describe(struct pdf *pdf, const struct pdf_metadata *metadata);

/* A paragraph, or a heading: one that is no title has a bookmark. The URL it
 * is a link to may be NULL. */
void pdf_text(struct pdf *pdf, enum pdf_style style, const char *text,
	      const char *url);

/* Tables. Cells stand in columns whose widths add up to 1. */
#define PDF_COLUMNS 4
struct pdf_cell {
	double width;
	enum pdf_style style;
	const char *text; /* NULL: an empty one */
	const char *url;  /* or NULL */
};

/* A row: PDF_COLUMNS cells, those not needed without a width. Without a line
 * below it, more of the same follows in a row or tags of their own. */
void pdf_row(struct pdf *pdf, const struct pdf_cell *cells, bool line_below);

/* A row that stands on top of the table, and of each further page that the
 * table takes, until pdf_table_end. The cells have to stay until then. */
void pdf_table(struct pdf *pdf, const struct pdf_cell *cells);
void pdf_table_end(struct pdf *pdf);

/* Tags, each in its colour, behind a label or NULL that takes the same part of
 * the width as in pdf_row. Nothing for no tags. */
void pdf_tags(struct pdf *pdf, const char *label, double width,
	      const json_t *tags, bool line_below);

/* What follows stands on a new page, unless this one is still empty. */
void pdf_page(struct pdf *pdf);

/* Whether there is no more room, or no more time: what is written from now on
 * is not in the document, which says so at its end. */
bool pdf_is_full(const struct pdf *pdf);

/* Ends the document; the export's answer, NULL after misp_fail. */
json_t *pdf_close(struct pdf *pdf);

#endif
