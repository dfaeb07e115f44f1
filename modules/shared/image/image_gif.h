/*
 * image_gif.h: the first picture of a GIF file. Its readers read all of a film
 * at once, however much that is. Needs giflib.
 */
#ifndef MODULES_IMAGE_GIF_H
#define MODULES_IMAGE_GIF_H

#include <stdbool.h>
#include <stddef.h>

struct image_gif {
	int width;
	int height;
	size_t end; /* where the first picture ends */
};

/* Finds it without reading a pixel; false when there is none. */
bool image_gif_find(const void *bytes, size_t size, struct image_gif *first);

#endif
