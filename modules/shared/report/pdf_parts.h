/*
 * pdf_parts.h: what the files pdf*.c share: the document while it is written.
 */
#ifndef MODULES_PDF_PARTS_H
#define MODULES_PDF_PARTS_H

#include "pdf.h"
#include "pdf_font.h"

/* A4, in points. */
#define PDF_WIDTH 595.28
#define PDF_HEIGHT 841.89
#define PDF_MARGIN 42.0
#define PDF_RIGHT (PDF_WIDTH - PDF_MARGIN)
#define PDF_BOTTOM (PDF_HEIGHT - PDF_MARGIN - 16)
#define PDF_ROOM (PDF_WIDTH - 2 * PDF_MARGIN)

struct pdf {
	struct misp_query *query;
	cairo_surface_t *surface;
	cairo_t *cairo;
	PangoContext *context;
	PangoLayout *cells[PDF_COLUMNS];
	PangoLayout *spare; /* for what stands on every page, and tags */
	PangoFontDescription *fonts[PDF_STYLES];
	GString *text; /* a text as it is shown */
	const char *footer;
	const struct pdf_cell *header; /* of the table, or NULL */
	double y;                      /* where the next line goes */
	bool empty;                    /* there is nothing on this page yet */
	bool full;
	size_t pages;
	long time; /* milliseconds that there were at the beginning */
	unsigned char *bytes;
	size_t size;
	size_t capacity;
};

/* ---- pdf.c ---- */

/* Goes on on a new page. */
void pdf_next_page(struct pdf *pdf);

/* A line across the page, where the next line of text would be. */
void pdf_rule(struct pdf *pdf);

/* ---- pdf_flow.c ---- */

struct pdf_look {
	double size;
	bool bold;
	double red, green, blue;
	double before, after;
};
extern const struct pdf_look pdf_looks[PDF_STYLES];

/* The same with the header of the table, if there is one. */
void pdf_table_page(struct pdf *pdf);

/* Makes a layout ready for a text in a style, so wide (0: as it is). */
void pdf_set(struct pdf *pdf, PangoLayout *layout, enum pdf_style style,
	     const char *text, double width);

/* Draws the layout from (left, pdf->y) on, and all of it whatever there is
 * room for; its height. */
double pdf_draw(struct pdf *pdf, PangoLayout *layout, enum pdf_style style,
		double left);

/* ---- pdf_clean.c ---- */

/* Sets out to the text as it is shown: nothing that would turn around what
 * stands beside it, and no longer than a page or two. */
void pdf_clean(GString *out, const char *text);

/* The URL as a PDF file can hold it; NULL when it is none of the web. */
char *pdf_url(struct misp_query *query, const char *url);

#endif
