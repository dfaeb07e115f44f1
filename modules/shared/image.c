/*
 * image.c: reading a picture; see image.h.
 *
 * pkg-config: lept libtiff-4 libexif (libleptonica-dev libtiff-dev libexif-dev)
 */
#include "image.h"

#include "image_gif.h"

#include <libexif/exif-data.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

/* leptonica looks at the first bytes without asking how many there are. */
#define SMALLEST 16
#define BMP_HEADER 26 /* up to its width and height */

/* What a header says. */
struct header {
	int64_t width;
	int64_t height;
	size_t gif_end; /* of the first picture in a GIF file; 0: no GIF */
};

/* ---- The size, from the header alone ---- */

static int64_t bmp_number(const unsigned char *bytes)
{
	uint32_t number = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 |
			  (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
	/* A height below 0: its rows come from top to bottom. */
	return llabs((int64_t)(int32_t)number);
}

/* leptonica would read the whole picture for it. */
static bool bmp_header(const unsigned char *bytes, size_t size,
		       struct header *header)
{
	if (size < BMP_HEADER)
		return false;
	header->width = bmp_number(bytes + 18);
	header->height = bmp_number(bytes + 22);
	return true;
}

static bool gif_header(const unsigned char *bytes, size_t size,
		       struct header *header)
{
	struct image_gif first;
	if (!image_gif_find(bytes, size, &first))
		return false;
	header->width = first.width;
	header->height = first.height;
	header->gif_end = first.end;
	return true;
}

static bool other_header(const unsigned char *bytes, size_t size,
			 struct header *header)
{
	l_int32 format, width, height, bits, samples, has_map;
	if (pixReadHeaderMem(bytes, size, &format, &width, &height, &bits,
			     &samples, &has_map) != 0)
		return false;
	header->width = width;
	header->height = height;
	return true;
}

/* false for what is no picture. */
static bool read_header(const unsigned char *bytes, size_t size,
			struct header *header)
{
	static const struct {
		l_int32 format; /* which of TIFF's is not looked for yet */
		bool (*read)(const unsigned char *bytes, size_t size,
			     struct header *header);
	} formats[] = {
	    {IFF_BMP, bmp_header},   {IFF_GIF, gif_header},
	    {IFF_PNG, other_header}, {IFF_JFIF_JPEG, other_header},
	    {IFF_PNM, other_header}, {IFF_TIFF, other_header},
	    {IFF_JP2, other_header}, {IFF_WEBP, other_header},
	};
	l_int32 format = IFF_UNKNOWN;
	if (size < SMALLEST || findFileFormatBuffer(bytes, &format) != 0)
		return false;
	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		if (formats[i].format == format)
			return formats[i].read(bytes, size, header) &&
			       header->width > 0 && header->height > 0;
	return false;
}

/* ---- The picture ---- */

static void release(void *picture)
{
	PIX *pix = picture;
	pixDestroy(&pix);
}

PIX *image_keep(struct misp_query *query, PIX *picture)
{
	if (!picture)
		return misp_fail(query,
				 "There is not enough memory for the image");
	return misp_defer(query, picture, release);
}

/* What step makes of the picture, which it takes the place of; NULL is passed
 * on. */
static PIX *replaced(PIX *picture, PIX *other)
{
	pixDestroy(&picture);
	return other;
}

/* Without a palette, and what is transparent on white. */
static PIX *plain(PIX *picture)
{
	l_int32 opaque = 1;
	PIXCMAP *map = picture ? pixGetColormap(picture) : NULL;
	if (map && pixcmapIsOpaque(map, &opaque) == 0)
		picture = replaced(
		    picture, pixRemoveColormap(
				 picture, opaque ? REMOVE_CMAP_BASED_ON_SRC
						 : REMOVE_CMAP_WITH_ALPHA));
	if (picture && pixGetDepth(picture) == 32 && pixGetSpp(picture) == 4)
		picture = replaced(picture, pixRemoveAlpha(picture));
	if (picture && pixGetDepth(picture) != 1 && pixGetDepth(picture) != 8 &&
	    pixGetDepth(picture) != 32)
		picture = replaced(picture, pixConvertTo8(picture, 0));
	return picture;
}

/* The number from 1 to 8 by which a camera says how it was held; 0: it does
 * not. */
static unsigned orientation(const unsigned char *bytes, size_t size)
{
	ExifData *exif =
	    size <= UINT32_MAX
		? exif_data_new_from_data(bytes, (unsigned int)size)
		: NULL;
	const ExifEntry *entry =
	    exif ? exif_content_get_entry(exif->ifd[EXIF_IFD_0],
					  EXIF_TAG_ORIENTATION)
		 : NULL;
	unsigned number = 0;
	if (entry && entry->format == EXIF_FORMAT_SHORT && entry->size >= 2)
		number =
		    exif_get_short(entry->data, exif_data_get_byte_order(exif));
	exif_data_unref(exif);
	return number;
}

static PIX *upright(PIX *picture, unsigned number)
{
	/* Turned by so many right angles, and then mirrored. */
	static const struct {
		int quarters;
		bool mirrored;
	} turns[] = {[2] = {0, true}, [3] = {2, false}, [4] = {2, true},
		     [5] = {1, true}, [6] = {1, false}, [7] = {3, true},
		     [8] = {3, false}};
	if (number >= sizeof(turns) / sizeof(*turns))
		return picture;
	if (picture && turns[number].quarters)
		picture = replaced(
		    picture, pixRotateOrth(picture, turns[number].quarters));
	if (picture && turns[number].mirrored)
		picture = replaced(picture, pixFlipLR(NULL, picture));
	return picture;
}

/* Of a film in GIF the first picture alone is a file as well. */
static PIX *read_pixels(struct misp_query *query, const unsigned char *bytes,
			size_t size, size_t gif_end)
{
	if (gif_end == 0)
		return pixReadMem(bytes, size);
	unsigned char *first = misp_alloc(query, gif_end + 1);
	if (!first)
		return NULL;
	memcpy(first, bytes, gif_end);
	first[gif_end] = ';';
	return pixReadMem(first, gif_end + 1);
}

PIX *image_read(struct misp_query *query, const void *bytes, size_t size,
		const char *not_image)
{
	struct header header = {0};
	setMsgSeverity(L_SEVERITY_NONE);
	TIFFSetWarningHandler(NULL);
	TIFFSetErrorHandler(NULL);
	if (!read_header(bytes, size, &header))
		return misp_fail(query, "%s", not_image);
	if (header.width > IMAGE_PIXELS_MAX / header.height)
		return misp_fail(
		    query, "The image is too large (%jd × %jd pixels)",
		    (intmax_t)header.width, (intmax_t)header.height);
	PIX *picture = read_pixels(query, bytes, size, header.gif_end);
	if (!picture)
		return misp_fail(query, "%s", not_image);
	picture = upright(plain(picture), orientation(bytes, size));
	return image_keep(query, picture);
}
