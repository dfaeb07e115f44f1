/*
 * image_gif.c: finding the first picture of a GIF file; see image_gif.h.
 *
 * pkg-config: libgif (libgif-dev)
 */
#include "image_gif.h"

#include <gif_lib.h>
#include <string.h>

/* The file and how much of it was read. */
struct reading {
	const unsigned char *bytes;
	size_t size;
	size_t at;
};

static int read_bytes(GifFileType *gif, GifByteType *bytes, int count)
{
	struct reading *reading = gif->UserData;
	size_t left = reading->size - reading->at;
	size_t taken = count < 0 ? 0 : (size_t)count;
	if (taken > left)
		taken = left;
	memcpy(bytes, reading->bytes + reading->at, taken);
	reading->at += taken;
	return (int)taken;
}

static bool extension_skip(GifFileType *gif)
{
	int code = 0;
	GifByteType *block = NULL;
	bool skipped = DGifGetExtension(gif, &code, &block) == GIF_OK;
	while (skipped && block)
		skipped = DGifGetExtensionNext(gif, &block) == GIF_OK;
	return skipped;
}

/* The picture's bytes, as they are packed. */
static bool picture_skip(GifFileType *gif)
{
	int bits = 0;
	GifByteType *block = NULL;
	bool skipped = DGifGetImageDesc(gif) == GIF_OK &&
		       DGifGetCode(gif, &bits, &block) == GIF_OK;
	while (skipped && block)
		skipped = DGifGetCodeNext(gif, &block) == GIF_OK;
	return skipped;
}

static bool find(GifFileType *gif)
{
	GifRecordType record = UNDEFINED_RECORD_TYPE;
	while (DGifGetRecordType(gif, &record) == GIF_OK) {
		if (record == IMAGE_DESC_RECORD_TYPE)
			return picture_skip(gif);
		if (record != EXTENSION_RECORD_TYPE || !extension_skip(gif))
			break;
	}
	return false;
}

bool image_gif_find(const void *bytes, size_t size, struct image_gif *first)
{
	struct reading reading = {.bytes = bytes, .size = size};
	GifFileType *gif = DGifOpen(&reading, read_bytes, NULL);
	if (!gif)
		return false;
	bool found = find(gif);
	if (found) {
		first->width = gif->Image.Width;
		first->height = gif->Image.Height;
		first->end = reading.at;
	}
	DGifCloseFile(gif, NULL);
	return found;
}
