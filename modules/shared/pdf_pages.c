/*
 * pdf_pages.c: drawing the pages of a PDF file; see pdf_pages.h.
 *
 * pkg-config: poppler-glib cairo lept (libpoppler-glib-dev libleptonica-dev)
 */
#include "pdf_pages.h"

#include "pdf_document.h"

#include <cairo.h>
#include <math.h>
#include <poppler.h>
#include <string.h>

/* Dots an inch: enough for small print. */
#define RESOLUTION 200.0
#define POINTS_PER_INCH 72.0
#define SIDE_MAX 32767 /* cairo's */
/* Readers look for the mark in so many first bytes. */
#define MARK_WITHIN 1024

struct pdf_pages {
	struct misp_query *query;
	PopplerDocument *document;
};

bool pdf_pages_are(const void *bytes, size_t size)
{
	static const char mark[] = "%PDF-";
	return memmem(bytes, size < MARK_WITHIN ? size : MARK_WITHIN, mark,
		      strlen(mark));
}

struct pdf_pages *pdf_pages_open(struct misp_query *query, const void *bytes,
				 size_t size, const char *not_pdf)
{
	bool locked = false;
	struct pdf_pages *pdf = misp_alloc(query, sizeof(*pdf));
	PopplerDocument *document =
	    pdf_document_open(query, bytes, size, &locked);
	if (locked)
		return misp_fail(query,
				 "The PDF file is locked with a password.");
	if (!document)
		return misp_fail(query, "%s", not_pdf);
	if (pdf)
		*pdf = (struct pdf_pages){query, document};
	return pdf;
}

int pdf_pages_count(const struct pdf_pages *pdf)
{
	return poppler_document_get_n_pages(pdf->document);
}

/* The size of a page in pixels, and by how much it is drawn larger. False for
 * one that has none. */
static bool size_of(PopplerPage *page, int *width, int *height, double *scale)
{
	double wide = 0, high = 0;
	poppler_page_get_size(page, &wide, &high);
	if (!isfinite(wide) || !isfinite(high) || wide <= 0 || high <= 0)
		return false;
	*scale = RESOLUTION / POINTS_PER_INCH;
	*scale = fmin(*scale, sqrt(PDF_PIXELS_MAX / (wide * high)));
	*scale = fmin(*scale, SIDE_MAX / fmax(wide, high));
	*width = (int)fmax(1, floor(wide * *scale));
	*height = (int)fmax(1, floor(high * *scale));
	return true;
}

static cairo_surface_t *draw(PopplerPage *page)
{
	int width = 0, height = 0;
	double scale = 0;
	if (!size_of(page, &width, &height, &scale))
		return NULL;
	cairo_surface_t *surface =
	    cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
	cairo_t *cairo = cairo_create(surface);
	cairo_set_source_rgb(cairo, 1, 1, 1);
	cairo_paint(cairo);
	cairo_scale(cairo, scale, scale);
	poppler_page_render_for_printing(page, cairo);
	cairo_destroy(cairo);
	cairo_surface_flush(surface);
	return surface;
}

/* leptonica's pixels are cairo's with a byte behind the colours; whether any
 * of them is not white. */
static bool take(PIX *picture, cairo_surface_t *surface)
{
	const unsigned char *bytes = cairo_image_surface_get_data(surface);
	size_t stride = (size_t)cairo_image_surface_get_stride(surface);
	size_t width = (size_t)pixGetWidth(picture);
	size_t height = (size_t)pixGetHeight(picture);
	bool drawn = false;
	for (size_t y = 0; y < height; y++) {
		const uint32_t *from = (const void *)(bytes + y * stride);
		l_uint32 *to =
		    pixGetData(picture) + y * (size_t)pixGetWpl(picture);
		for (size_t x = 0; x < width; x++) {
			to[x] = from[x] << 8;
			drawn = drawn || to[x] != 0xffffff00;
		}
	}
	return drawn;
}

static PIX *picture_of(cairo_surface_t *surface)
{
	if (!surface || cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
		return NULL;
	PIX *picture = pixCreate(cairo_image_surface_get_width(surface),
				 cairo_image_surface_get_height(surface), 32);
	if (picture && !take(picture, surface))
		pixDestroy(&picture);
	return picture;
}

PIX *pdf_pages_draw(struct pdf_pages *pdf, int index)
{
	PopplerPage *page = poppler_document_get_page(pdf->document, index);
	cairo_surface_t *surface = page ? draw(page) : NULL;
	PIX *picture = picture_of(surface);
	if (surface)
		cairo_surface_destroy(surface);
	if (page)
		g_object_unref(page);
	return picture;
}
