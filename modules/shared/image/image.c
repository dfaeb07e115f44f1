/*
 * image.c: reading a picture; see image.h.
 *
 * pkg-config: lept libtiff-4 libexif (libleptonica-dev libtiff-dev libexif-dev)
 */
#include "image.h"

#include "image_header.h"

#include <libexif/exif-data.h>
#include <string.h>
#include <tiffio.h>

#define NO_MEMORY "There is not enough memory for the image"

static void release(void *picture)
{
	PIX *pix = picture;
	pixDestroy(&pix);
}

PIX *image_keep(struct misp_query *query, PIX *picture)
{
	if (!picture)
		return misp_fail(query, NO_MEMORY);
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
static PIX *read_gif(struct misp_query *query, const unsigned char *bytes,
		     size_t end)
{
	unsigned char *first = misp_alloc(query, end + 1);
	if (!first)
		return NULL;
	memcpy(first, bytes, end);
	first[end] = ';';
	return pixReadMem(first, end + 1);
}

static PIX *read_pixels(struct misp_query *query, const unsigned char *bytes,
			size_t size, const struct image_header *header)
{
	switch (header->format) {
	case IFF_GIF:
		return read_gif(query, bytes, header->gif_end);
	case IFF_TIFF:
		return pixReadMemTiff(bytes, size, header->page);
	default:
		return pixReadMem(bytes, size);
	}
}

/* The libraries do not tell want of memory from rubbish, and most of them need
 * the picture's pixels more than once. */
static bool is_room_for(const struct image_header *header)
{
	PIX *copies[3] = {NULL};
	bool room = true;
	for (size_t i = 0; i < 3; i++) {
		copies[i] = pixCreateNoInit((l_int32)header->width,
					    (l_int32)header->height, 32);
		room = room && copies[i];
	}
	for (size_t i = 0; i < 3; i++)
		pixDestroy(&copies[i]);
	return room;
}

/* The libraries say nothing. */
static void hush(void)
{
	setMsgSeverity(L_SEVERITY_NONE);
	TIFFSetWarningHandler(NULL);
	TIFFSetErrorHandler(NULL);
}

PIX *image_page(struct misp_query *query, const void *bytes, size_t size,
		int page, const char *not_image)
{
	struct image_header header = {.page = page};
	hush();
	if (!image_header_read(bytes, size, &header))
		return misp_fail(query, "%s", not_image);
	if (header.width > IMAGE_PIXELS_MAX / header.height)
		return misp_fail(
		    query, "The image is too large (%jd × %jd pixels)",
		    (intmax_t)header.width, (intmax_t)header.height);
	PIX *picture = read_pixels(query, bytes, size, &header);
	if (!picture)
		return misp_fail(query, "%s",
				 is_room_for(&header) ? not_image : NO_MEMORY);
	picture = upright(plain(picture), orientation(bytes, size));
	return picture ? picture : misp_fail(query, NO_MEMORY);
}

PIX *image_read(struct misp_query *query, const void *bytes, size_t size,
		const char *not_image)
{
	PIX *picture = image_page(query, bytes, size, 0, not_image);
	return picture ? image_keep(query, picture) : NULL;
}

int image_pages(const void *bytes, size_t size)
{
	struct image_header header = {0};
	int pages = 1;
	hush();
	if (!image_header_read(bytes, size, &header) ||
	    header.format != IFF_TIFF)
		return pages;
	while (pages < IMAGE_PAGES_MAX &&
	       image_header_page(bytes, size, &header, pages))
		pages++;
	return pages;
}
