/*
 * pdf.c: see pdf.h. The document: its pages, its bytes, its end.
 *
 * pkg-config: pangocairo fontconfig (libpango1.0-dev)
 */
#include "pdf_parts.h"

#include <cairo-pdf.h>
#include <stdlib.h>
#include <string.h>

#define PAGES_MAX 5000
#define BYTES_MAX ((size_t)64 << 20)
#define FULL_TEXT                                                         \
	"This report ends here: the event has more in it than there was " \
	"room or time for."

static cairo_status_t pdf_write(void *context, const unsigned char *bytes,
				unsigned length)
{
	struct pdf *pdf = context;
	if (length > BYTES_MAX - pdf->size)
		return CAIRO_STATUS_WRITE_ERROR;
	if (pdf->size + length > pdf->capacity) {
		size_t capacity = (pdf->size + length) * 2;
		unsigned char *larger = realloc(pdf->bytes, capacity);
		if (!larger)
			return CAIRO_STATUS_WRITE_ERROR;
		pdf->bytes = larger;
		pdf->capacity = capacity;
	}
	memcpy(pdf->bytes + pdf->size, bytes, length);
	pdf->size += length;
	return CAIRO_STATUS_SUCCESS;
}

static void pdf_unref(void *object)
{
	if (object)
		g_object_unref(object);
}

static void pdf_release(void *context)
{
	struct pdf *pdf = context;
	for (size_t i = 0; i < PDF_STYLES; i++)
		pango_font_description_free(pdf->fonts[i]);
	for (size_t i = 0; i < PDF_COLUMNS; i++)
		pdf_unref(pdf->cells[i]);
	pdf_unref(pdf->spare);
	pdf_unref(pdf->context);
	if (pdf->text)
		g_string_free(pdf->text, TRUE);
	cairo_destroy(pdf->cairo);
	/* This writes, if it was not finished. */
	cairo_surface_destroy(pdf->surface);
	free(pdf->bytes);
}

/* Hyphens at the ends of lines would be taken for a part of the value. */
static PangoLayout *pdf_layout(const struct pdf *pdf)
{
	PangoLayout *layout = pango_layout_new(pdf->context);
	PangoAttrList *attributes = pango_attr_list_new();
	pango_attr_list_insert(attributes,
			       pango_attr_insert_hyphens_new(FALSE));
	pango_layout_set_attributes(layout, attributes);
	pango_attr_list_unref(attributes);
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	return layout;
}

static void pdf_prepare(struct pdf *pdf, const struct pdf_font *font)
{
	pdf->context = pango_font_map_create_context(font->map);
	pango_context_set_round_glyph_positions(pdf->context, FALSE);
	pango_cairo_update_context(pdf->cairo, pdf->context);
	for (size_t i = 0; i < PDF_COLUMNS; i++)
		pdf->cells[i] = pdf_layout(pdf);
	pdf->spare = pdf_layout(pdf);
	for (size_t i = 0; i < PDF_STYLES; i++) {
		PangoFontDescription *look = pango_font_description_new();
		pango_font_description_set_family(look, font->family);
		pango_font_description_set_absolute_size(
		    look, pdf_looks[i].size * PANGO_SCALE);
		if (pdf_looks[i].bold)
			pango_font_description_set_weight(look,
							  PANGO_WEIGHT_BOLD);
		pdf->fonts[i] = look;
	}
	pdf->text = g_string_new(NULL);
}

struct pdf *pdf_open(struct misp_query *query, const char *footer,
		     const char *font_path)
{
	struct pdf_font font;
	struct pdf *pdf = misp_alloc(query, sizeof(*pdf));
	if (!pdf || !pdf_font_open(query, font_path, &font))
		return NULL;
	pdf->query = query;
	pdf->footer = footer;
	pdf->time = misp_remaining(query);
	pdf->surface = cairo_pdf_surface_create_for_stream(
	    pdf_write, pdf, PDF_WIDTH, PDF_HEIGHT);
	pdf->cairo = cairo_create(pdf->surface);
	pdf_prepare(pdf, &font);
	pdf->y = PDF_MARGIN;
	pdf->empty = true;
	return misp_defer(query, pdf, pdf_release);
}

void pdf_describe(struct pdf *pdf, const struct pdf_metadata *metadata)
{
	const struct {
		cairo_pdf_metadata_t kind;
		const char *text;
	} all[] = {{CAIRO_PDF_METADATA_TITLE, metadata->title},
		   {CAIRO_PDF_METADATA_AUTHOR, metadata->author},
		   {CAIRO_PDF_METADATA_CREATOR, metadata->creator},
		   {CAIRO_PDF_METADATA_SUBJECT, metadata->subject},
		   {CAIRO_PDF_METADATA_KEYWORDS, metadata->keywords}};
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		if (!all[i].text)
			continue;
		pdf_clean(pdf->text, all[i].text);
		cairo_pdf_surface_set_metadata(pdf->surface, all[i].kind,
					       pdf->text->str);
	}
}

void pdf_rule(struct pdf *pdf)
{
	cairo_set_source_rgb(pdf->cairo, 0.78, 0.8, 0.83);
	cairo_set_line_width(pdf->cairo, 0.5);
	cairo_move_to(pdf->cairo, PDF_MARGIN, pdf->y);
	cairo_line_to(pdf->cairo, PDF_RIGHT, pdf->y);
	cairo_stroke(pdf->cairo);
}

static void pdf_end_page(struct pdf *pdf)
{
	char number[32];
	pdf->pages++;
	pdf->y = PDF_BOTTOM + 6;
	pdf_rule(pdf);
	pdf->y += 3;
	pdf_set(pdf, pdf->spare, PDF_SMALL, pdf->footer, 0);
	pdf_draw(pdf, pdf->spare, PDF_SMALL, PDF_MARGIN);
	snprintf(number, sizeof(number), "Page %zu", pdf->pages);
	pdf_set(pdf, pdf->spare, PDF_SMALL, number, 0);
	int width;
	pango_layout_get_size(pdf->spare, &width, NULL);
	pdf_draw(pdf, pdf->spare, PDF_SMALL,
		 PDF_RIGHT - (double)width / PANGO_SCALE);
	cairo_show_page(pdf->cairo);
	pdf->y = PDF_MARGIN;
	pdf->empty = true;
}

void pdf_next_page(struct pdf *pdf)
{
	if (pdf->full)
		return;
	pdf_end_page(pdf);
	/* What is there can still be finished and sent. */
	pdf->full = pdf->pages >= PAGES_MAX || pdf->size > BYTES_MAX / 4 * 3 ||
		    misp_remaining(pdf->query) < pdf->time / 3;
}

void pdf_page(struct pdf *pdf)
{
	if (!pdf->empty)
		pdf_next_page(pdf);
}

bool pdf_is_full(const struct pdf *pdf)
{
	return pdf->full;
}

json_t *pdf_close(struct pdf *pdf)
{
	if (pdf->full) {
		pdf_set(pdf, pdf->spare, PDF_RED, FULL_TEXT, PDF_ROOM);
		pdf_draw(pdf, pdf->spare, PDF_RED, PDF_MARGIN);
	}
	if (pdf->full || !pdf->empty || pdf->pages == 0)
		pdf_end_page(pdf);
	cairo_surface_finish(pdf->surface);
	cairo_status_t status = cairo_surface_status(pdf->surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_status(pdf->cairo);
	if (status != CAIRO_STATUS_SUCCESS)
		return misp_fail(pdf->query, "The PDF cannot be written: %s",
				 cairo_status_to_string(status));
	return misp_export(pdf->bytes, pdf->size);
}
