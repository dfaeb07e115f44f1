/*
 * pdf_flow.c: see pdf.h. Text and rows of tables, from page to page.
 *
 * pkg-config: pangocairo fontconfig (libpango1.0-dev)
 */
#include "pdf_parts.h"

#include <cairo-pdf.h>
#include <string.h>

#define NEXT_LINE 14.0
#define GAP 6.0     /* between columns */
#define PADDING 2.5 /* above and below a row */

const struct pdf_look pdf_looks[PDF_STYLES] = {
    [PDF_TITLE] = {19, true, 0.1, 0.16, 0.27, 0, 8},
    [PDF_SECTION] = {13.5, true, 0.1, 0.16, 0.27, 12, 5},
    [PDF_SUBSECTION] = {10, true, 0.1, 0.16, 0.27, 9, 3},
    [PDF_BODY] = {8.5, false, 0, 0, 0, 1, 4},
    [PDF_LABEL] = {8.5, true, 0.2, 0.2, 0.2, 1, 4},
    [PDF_SMALL] = {6.5, false, 0.42, 0.45, 0.5, 0, 2},
    [PDF_RED] = {8.5, false, 0.75, 0.1, 0.1, 1, 4},
};

/* A cell that is being drawn, line by line. */
struct pdf_part {
	PangoLayoutIter *lines;
	bool done;
	enum pdf_style style;
	double left;
	const char *url;
};

void pdf_set(struct pdf *pdf, PangoLayout *layout, enum pdf_style style,
	     const char *text, double width)
{
	pdf_clean(pdf->text, text ? text : "");
	pango_layout_set_font_description(layout, pdf->fonts[style]);
	pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_NONE);
	pango_layout_set_single_paragraph_mode(layout, FALSE);
	pango_layout_set_width(layout,
			       width > 0 ? (int)(width * PANGO_SCALE) : -1);
	pango_layout_set_text(layout, pdf->text->str, (int)pdf->text->len);
}

static void pdf_link(struct pdf *pdf, const char *url, double x, double y,
		     double width, double height)
{
	char rectangle[128];
	snprintf(rectangle, sizeof(rectangle), "rect=[%.2f %.2f %.2f %.2f]", x,
		 y, width, height);
	const char *link = misp_text(pdf->query, "%s uri='%s'", rectangle, url);
	if (!link)
		return;
	cairo_tag_begin(pdf->cairo, CAIRO_TAG_LINK, link);
	cairo_tag_end(pdf->cairo, CAIRO_TAG_LINK);
}

/* Draws the lines for which there is room, or at least one; how much room
 * they took. */
static double pdf_draw_part(struct pdf *pdf, struct pdf_part *part, double room)
{
	const struct pdf_look *look = &pdf_looks[part->style];
	PangoRectangle line;
	double used = 0;
	pango_layout_iter_get_line_extents(part->lines, NULL, &line);
	int top = line.y;
	do {
		pango_layout_iter_get_line_extents(part->lines, NULL, &line);
		double y = (double)(line.y - top) / PANGO_SCALE;
		double height = (double)line.height / PANGO_SCALE;
		if (used > 0 && y + height > room)
			return used;
		int baseline = pango_layout_iter_get_baseline(part->lines);
		double x = part->left + (double)line.x / PANGO_SCALE;
		if (part->url)
			cairo_set_source_rgb(pdf->cairo, 0.05, 0.3, 0.75);
		else
			cairo_set_source_rgb(pdf->cairo, look->red, look->green,
					     look->blue);
		cairo_move_to(pdf->cairo, x,
			      pdf->y + (double)(baseline - top) / PANGO_SCALE);
		pango_cairo_show_layout_line(
		    pdf->cairo,
		    pango_layout_iter_get_line_readonly(part->lines));
		if (part->url)
			pdf_link(pdf, part->url, x, pdf->y + y,
				 (double)line.width / PANGO_SCALE, height);
		used = y + height;
	} while (pango_layout_iter_next_line(part->lines));
	part->done = true;
	return used;
}

double pdf_draw(struct pdf *pdf, PangoLayout *layout, enum pdf_style style,
		double left)
{
	struct pdf_part part = {.lines = pango_layout_get_iter(layout),
				.style = style,
				.left = left};
	double used = pdf_draw_part(pdf, &part, PDF_HEIGHT);
	pango_layout_iter_free(part.lines);
	pdf->empty = false;
	return used;
}

static void pdf_header(struct pdf *pdf)
{
	double left = PDF_MARGIN, used = 0;
	cairo_set_source_rgb(pdf->cairo, 0.91, 0.93, 0.96);
	cairo_rectangle(pdf->cairo, PDF_MARGIN, pdf->y, PDF_ROOM, 16);
	cairo_fill(pdf->cairo);
	pdf->y += PADDING;
	for (size_t i = 0; i < PDF_COLUMNS && pdf->header[i].text; i++) {
		pdf_set(pdf, pdf->spare, PDF_LABEL, pdf->header[i].text, 0);
		used = pdf_draw(pdf, pdf->spare, PDF_LABEL, left + 3);
		left += pdf->header[i].width * PDF_ROOM;
	}
	pdf->y += used + PADDING;
}

void pdf_table_page(struct pdf *pdf)
{
	pdf_next_page(pdf);
	if (pdf->header && !pdf->full)
		pdf_header(pdf);
}

/* The parts of a row, drawn until each of them is done. */
static void pdf_draw_parts(struct pdf *pdf, struct pdf_part *parts)
{
	bool done = false;
	while (!done && !pdf->full) {
		double used = 0, room = PDF_BOTTOM - pdf->y;
		done = true;
		for (size_t i = 0; i < PDF_COLUMNS; i++) {
			if (parts[i].done)
				continue;
			double height = pdf_draw_part(pdf, &parts[i], room);
			used = height > used ? height : used;
			done = done && parts[i].done;
		}
		pdf->y += used;
		pdf->empty = false;
		if (!done)
			pdf_table_page(pdf);
	}
}

/* How tall the row is as a whole. */
static double pdf_set_row(struct pdf *pdf, const struct pdf_cell *cells,
			  struct pdf_part *parts)
{
	double left = PDF_MARGIN, tallest = 0;
	for (size_t i = 0; i < PDF_COLUMNS; i++) {
		double width = cells[i].width * PDF_ROOM;
		parts[i].done = !cells[i].text || width <= 0;
		parts[i].left = left + 3;
		left += width;
		if (parts[i].done)
			continue;
		pdf_set(pdf, pdf->cells[i], cells[i].style, cells[i].text,
			width - GAP);
		int height;
		pango_layout_get_size(pdf->cells[i], NULL, &height);
		if ((double)height / PANGO_SCALE > tallest)
			tallest = (double)height / PANGO_SCALE;
		parts[i].style = cells[i].style;
		parts[i].url = pdf_url(pdf->query, cells[i].url);
		parts[i].lines = pango_layout_get_iter(pdf->cells[i]);
	}
	return tallest;
}

void pdf_row(struct pdf *pdf, const struct pdf_cell *cells, bool line_below)
{
	struct pdf_part parts[PDF_COLUMNS] = {{0}};
	if (pdf->full)
		return;
	double height = pdf_set_row(pdf, cells, parts) + 2 * PADDING;
	double room = PDF_BOTTOM - pdf->y;
	/* Kept together, also with the first line of what belongs to it, but
	 * for what would leave much of a page empty. */
	if (!line_below)
		height += NEXT_LINE;
	if (height > room && (height < PDF_HEIGHT / 4 || room < 40))
		pdf_table_page(pdf);
	pdf->y += PADDING;
	pdf_draw_parts(pdf, parts);
	pdf->y += PADDING;
	if (line_below)
		pdf_rule(pdf);
	for (size_t i = 0; i < PDF_COLUMNS; i++)
		pango_layout_iter_free(parts[i].lines);
}

void pdf_table(struct pdf *pdf, const struct pdf_cell *cells)
{
	pdf->header = cells;
	if (pdf->full)
		return;
	if (PDF_BOTTOM - pdf->y < 60)
		pdf_table_page(pdf);
	else
		pdf_header(pdf);
}

void pdf_table_end(struct pdf *pdf)
{
	pdf->header = NULL;
}

/* Where a reader finds the heading. */
static void pdf_bookmark(struct pdf *pdf, const char *text)
{
	char place[64];
	snprintf(place, sizeof(place), "page=%zu pos=[0 %.1f]", pdf->pages + 1,
		 pdf->y);
	pdf_clean(pdf->text, text);
	cairo_pdf_surface_add_outline(pdf->surface, CAIRO_PDF_OUTLINE_ROOT,
				      pdf->text->str, place, 0);
}

void pdf_text(struct pdf *pdf, enum pdf_style style, const char *text,
	      const char *url)
{
	bool heading = style == PDF_SECTION || style == PDF_SUBSECTION;
	if (pdf->full || !text)
		return;
	/* No heading without some of what it is for. */
	if (heading && PDF_BOTTOM - pdf->y < 80)
		pdf_next_page(pdf);
	if (pdf->full)
		return;
	if (heading)
		pdf_bookmark(pdf, text);
	if (!pdf->empty)
		pdf->y += pdf_looks[style].before;
	pdf_row(pdf,
		(const struct pdf_cell[PDF_COLUMNS]){{1, style, text, url}},
		false);
	pdf->y += pdf_looks[style].after;
}
