/*
 * image_jp2.h: the size of a JPEG 2000 picture, by the library that will
 * unpack it: leptonica believes another header than that, and reads past the
 * end of colours that are coarser than the first. Needs openjpeg.
 */
#ifndef MODULES_IMAGE_JP2_H
#define MODULES_IMAGE_JP2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* False when it cannot be read, or one of its colours has another size. */
bool image_jp2_size(const unsigned char *bytes, size_t size, int64_t *width,
		    int64_t *height);

#endif
