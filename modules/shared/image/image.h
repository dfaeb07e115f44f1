/*
 * image.h: a picture that strangers made, read within bounds. Needs leptonica,
 * libtiff, giflib, openjpeg and libexif.
 */
#ifndef MODULES_IMAGE_H
#define MODULES_IMAGE_H

#include "misp-module.h"

#include <leptonica/allheaders.h>

/* What is larger is refused before any of its pixels is read. */
#define IMAGE_PIXELS_MAX 100000000

/*
 * The picture in a file (of several, the first) the way one would see it:
 * upright, and on white where it is transparent. It has 1 or 8 bits a pixel,
 * grey, or 32, and lives as long as the query. NULL after misp_fail: with the
 * message not_image when it is none, and with our own when it is too large.
 */
PIX *image_read(struct misp_query *query, const void *bytes, size_t size,
		const char *not_image);

/* The same of a page, from 0, and to be destroyed. */
PIX *image_page(struct misp_query *query, const void *bytes, size_t size,
		int page, const char *not_image);

/* How many pages there are, if it is TIFF: another picture has one. Counts to
 * IMAGE_PAGES_MAX. */
int image_pages(const void *bytes, size_t size);
#define IMAGE_PAGES_MAX 1000

/* Has a picture live as long as the query; NULL after misp_fail, for want of
 * memory. */
PIX *image_keep(struct misp_query *query, PIX *picture);

#endif
