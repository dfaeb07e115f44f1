/*
 * image_header.h: what the header of a picture says, for a look at it before
 * any pixel is read. Needs leptonica, giflib and
 * openjpeg.
 */
#ifndef MODULES_IMAGE_HEADER_H
#define MODULES_IMAGE_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct image_header {
	int64_t width;
	int64_t height;
	int page;       /* of TIFF, from 0: says which header is to be read */
	int format;     /* leptonica's; which of TIFF's is not told */
	size_t gif_end; /* of the first picture in a GIF file */
};

/* False for what is no picture. */
bool image_header_read(const unsigned char *bytes, size_t size,
		       struct image_header *header);

/* Reads that of a page of a TIFF file; false when there is none. */
bool image_header_page(const unsigned char *bytes, size_t size,
		       struct image_header *header, int page);

#endif
