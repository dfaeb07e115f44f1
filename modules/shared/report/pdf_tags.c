/*
 * pdf_tags.c: see pdf.h. Tags, as MISP shows them.
 *
 * pkg-config: pangocairo fontconfig (libpango1.0-dev)
 */
#include "pdf_parts.h"

#include <stdlib.h>
#include <string.h>

#define TAGS_MAX 200
#define SPACE 3.0
#define ROUND 2.0

struct pdf_colour {
	double red, green, blue;
};

/* "#ff00aa"; grey for what is no colour. */
static struct pdf_colour pdf_colour(const char *text)
{
	struct pdf_colour colour = {0.85, 0.85, 0.85};
	if (!text || text[0] != '#' || strlen(text) != 7 ||
	    strspn(text + 1, "0123456789abcdefABCDEF") != 6)
		return colour;
	unsigned long value = strtoul(text + 1, NULL, 16);
	colour.red = (double)(value >> 16 & 0xff) / 255;
	colour.green = (double)(value >> 8 & 0xff) / 255;
	colour.blue = (double)(value & 0xff) / 255;
	return colour;
}

static void pdf_box(cairo_t *cairo, double x, double y, double width,
		    double height)
{
	cairo_new_sub_path(cairo);
	cairo_arc(cairo, x + width - ROUND, y + ROUND, ROUND, -G_PI_2, 0);
	cairo_arc(cairo, x + width - ROUND, y + height - ROUND, ROUND, 0,
		  G_PI_2);
	cairo_arc(cairo, x + ROUND, y + height - ROUND, ROUND, G_PI_2, G_PI);
	cairo_arc(cairo, x + ROUND, y + ROUND, ROUND, G_PI, 3 * G_PI_2);
	cairo_close_path(cairo);
}

/* Draws a tag at (x, pdf->y), or on the next line from left on. Returns where
 * the next one goes. */
static double pdf_tag(struct pdf *pdf, const char *name, const char *colour,
		      double left, double x)
{
	PangoLayout *layout = pdf->spare;
	const struct pdf_colour fill = pdf_colour(colour);
	int wide, high;
	pdf_set(pdf, layout, PDF_SMALL, name, 0);
	pango_layout_set_single_paragraph_mode(layout, TRUE);
	pango_layout_get_size(layout, &wide, &high);
	double width = (double)wide / PANGO_SCALE;
	if (width > PDF_RIGHT - left - 4 * SPACE) {
		width = PDF_RIGHT - left - 4 * SPACE;
		pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
		pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
	}
	double height = (double)high / PANGO_SCALE + 2;
	if (x > left && x + width + 2 * SPACE > PDF_RIGHT) {
		x = left;
		pdf->y += height + 2;
	}
	if (pdf->y + height > PDF_BOTTOM)
		pdf_table_page(pdf);
	pdf_box(pdf->cairo, x, pdf->y, width + 2 * SPACE, height);
	cairo_set_source_rgb(pdf->cairo, fill.red, fill.green, fill.blue);
	cairo_fill(pdf->cairo);
	bool dark =
	    fill.red * 0.299 + fill.green * 0.587 + fill.blue * 0.114 < 0.55;
	cairo_set_source_rgb(pdf->cairo, dark, dark, dark);
	cairo_move_to(pdf->cairo, x + SPACE, pdf->y + 1);
	pango_cairo_show_layout(pdf->cairo, layout);
	pdf->empty = false;
	return x + width + 2 * SPACE + 3;
}

void pdf_tags(struct pdf *pdf, const char *label, double width,
	      const json_t *tags, bool line_below)
{
	double left = PDF_MARGIN + 3 + width * PDF_ROOM, x = left;
	char rest[64];
	size_t i;
	json_t *tag;
	if (pdf->full || json_array_size(tags) == 0)
		return;
	if (PDF_BOTTOM - pdf->y < 16)
		pdf_table_page(pdf);
	pdf->y += 2.5;
	if (label) {
		pdf_set(pdf, pdf->spare, PDF_LABEL, label, 0);
		pdf_draw(pdf, pdf->spare, PDF_LABEL, PDF_MARGIN + 3);
	}
	json_array_foreach (tags, i, tag) {
		const char *name =
		    json_string_value(json_object_get(tag, "name"));
		if (i >= TAGS_MAX || pdf->full)
			break;
		if (name && *name)
			x = pdf_tag(
			    pdf, name,
			    json_string_value(json_object_get(tag, "colour")),
			    left, x);
	}
	if (i >= TAGS_MAX && i < json_array_size(tags) && !pdf->full) {
		snprintf(rest, sizeof(rest), "and %zu more tags",
			 json_array_size(tags) - i);
		pdf_tag(pdf, rest, NULL, left, x);
	}
	pdf->y += 14;
	if (line_below)
		pdf_rule(pdf);
}
