/*
 * image_header.c: reading the header of a picture; see image_header.h.
 *
 * pkg-config: lept (libleptonica-dev)
 */
#include "image_header.h"

#include "image_gif.h"
#include "image_jp2.h"

#include <leptonica/allheaders.h>
#include <stdlib.h>

/* leptonica looks at the first bytes without asking how many there are. */
#define SMALLEST 16
#define BMP_HEADER 26 /* up to its width and height */

static int64_t bmp_number(const unsigned char *bytes)
{
	uint32_t number = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 |
			  (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
	/* A height below 0: its rows come from top to bottom. */
	return llabs((int64_t)(int32_t)number);
}

/* leptonica would read the whole picture for it. */
static bool bmp_header(const unsigned char *bytes, size_t size,
		       struct image_header *header)
{
	if (size < BMP_HEADER)
		return false;
	header->width = bmp_number(bytes + 18);
	header->height = bmp_number(bytes + 22);
	return true;
}

static bool gif_header(const unsigned char *bytes, size_t size,
		       struct image_header *header)
{
	struct image_gif first;
	if (!image_gif_find(bytes, size, &first))
		return false;
	header->width = first.width;
	header->height = first.height;
	header->gif_end = first.end;
	return true;
}

static bool jp2_header(const unsigned char *bytes, size_t size,
		       struct image_header *header)
{
	return image_jp2_size(bytes, size, &header->width, &header->height);
}

static bool other_header(const unsigned char *bytes, size_t size,
			 struct image_header *header)
{
	l_int32 format, width, height, bits, samples, has_map;
	if (pixReadHeaderMem(bytes, size, &format, &width, &height, &bits,
			     &samples, &has_map) != 0)
		return false;
	header->width = width;
	header->height = height;
	return true;
}

bool image_header_page(const unsigned char *bytes, size_t size,
		       struct image_header *header, int page)
{
	l_int32 width, height, bits, samples, resolution, has_map, format;
	if (readHeaderMemTiff(bytes, size, page, &width, &height, &bits,
			      &samples, &resolution, &has_map, &format) != 0)
		return false;
	header->width = width;
	header->height = height;
	return true;
}

static bool tiff_header(const unsigned char *bytes, size_t size,
			struct image_header *header)
{
	return image_header_page(bytes, size, header, header->page);
}

bool image_header_read(const unsigned char *bytes, size_t size,
		       struct image_header *header)
{
	static const struct {
		l_int32 format;
		bool (*read)(const unsigned char *bytes, size_t size,
			     struct image_header *header);
	} formats[] = {
	    {IFF_BMP, bmp_header},   {IFF_GIF, gif_header},
	    {IFF_PNG, other_header}, {IFF_JFIF_JPEG, other_header},
	    {IFF_PNM, other_header}, {IFF_TIFF, tiff_header},
	    {IFF_JP2, jp2_header},   {IFF_WEBP, other_header},
	};
	if (size < SMALLEST ||
	    findFileFormatBuffer(bytes, &header->format) != 0)
		return false;
	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		if (formats[i].format == header->format)
			return formats[i].read(bytes, size, header) &&
			       header->width > 0 && header->height > 0;
	return false;
}
