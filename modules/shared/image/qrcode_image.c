/*
 * qrcode_image.c: reading codes with zbar; see qrcode_image.h.
 *
 * pkg-config: zbar lept (libzbar-dev libleptonica-dev)
 */
#include "qrcode_image.h"

#include <zbar.h>

/* The format of zbar that is one byte of grey a pixel. */
#define GREY ('Y' | '8' << 8 | '0' << 16 | (unsigned long)'0' << 24)

static void scanner_release(void *scanner)
{
	zbar_image_scanner_destroy(scanner);
}

static void image_release(void *image)
{
	zbar_image_destroy(image);
}

/* Rows of bytes: leptonica has words, whose first byte is the highest. */
static unsigned char *grey_bytes(struct misp_query *query, PIX *grey)
{
	size_t width = (size_t)pixGetWidth(grey);
	size_t height = (size_t)pixGetHeight(grey);
	size_t size = 0;
	unsigned char *bytes = NULL;
	if (!__builtin_mul_overflow(width, height, &size))
		bytes = misp_alloc(query, size);
	for (size_t y = 0; bytes && y < height; y++) {
		const l_uint32 *row =
		    pixGetData(grey) + y * (size_t)pixGetWpl(grey);
		for (size_t x = 0; x < width; x++)
			bytes[y * width + x] =
			    (unsigned char)GET_DATA_BYTE(row, x);
	}
	return bytes;
}

static zbar_image_t *zbar_image(struct misp_query *query, PIX *grey)
{
	unsigned char *bytes = grey_bytes(query, grey);
	zbar_image_t *image =
	    bytes ? misp_defer(query, zbar_image_create(), image_release)
		  : NULL;
	if (!image)
		return NULL;
	unsigned width = (unsigned)pixGetWidth(grey);
	unsigned height = (unsigned)pixGetHeight(grey);
	zbar_image_set_format(image, GREY);
	zbar_image_set_size(image, width, height);
	zbar_image_set_data(image, bytes, (unsigned long)width * height, NULL);
	return image;
}

/* NULL, when strict, for a text that is no UTF-8. */
static json_t *text_of(const zbar_symbol_t *symbol, bool strict)
{
	const char *bytes = zbar_symbol_get_data(symbol);
	size_t size = zbar_symbol_get_data_length(symbol);
	json_t *text = strict ? json_stringn(bytes, size) : NULL;
	if (strict && !text)
		return NULL;
	json_decref(text);
	return misp_string(bytes, size);
}

static bool is_there(const json_t *texts, const json_t *text)
{
	size_t i;
	const json_t *other;
	json_array_foreach (texts, i, other) {
		if (json_equal(other, text))
			return true;
	}
	return false;
}

/* Each once; NULL when one of them is missing. */
static json_t *texts_of(const zbar_image_t *image, bool strict)
{
	json_t *texts = json_array();
	const zbar_symbol_t *symbol = zbar_image_first_symbol(image);
	for (; symbol && json_array_size(texts) < QRCODE_MAX;
	     symbol = zbar_symbol_next(symbol)) {
		json_t *text = text_of(symbol, strict);
		if (is_there(texts, text)) {
			json_decref(text);
		} else if (json_array_append_new(texts, text) != 0) {
			json_decref(texts);
			return NULL;
		}
	}
	return texts;
}

/*
 * zbar takes much UTF-8 for Japanese. So the bytes are taken as they are, and
 * only when they are none is it asked what they may be.
 */
static json_t *scan(zbar_image_scanner_t *scanner, zbar_image_t *image)
{
	json_t *texts = NULL;
	/* Light codes on dark ground, which phones read as well. */
	zbar_image_scanner_set_config(scanner, ZBAR_NONE,
				      ZBAR_CFG_TEST_INVERTED, 1);
	for (int bytes = 1; bytes >= 0 && !texts; bytes--) {
		zbar_image_scanner_set_config(scanner, ZBAR_QRCODE,
					      ZBAR_CFG_BINARY, bytes);
		if (zbar_scan_image(scanner, image) >= 0)
			texts = texts_of(image, bytes);
	}
	return texts;
}

json_t *qrcode_texts(struct misp_query *query, PIX *picture)
{
	PIX *grey = image_keep(query, pixConvertTo8(picture, 0));
	zbar_image_t *image = grey ? zbar_image(query, grey) : NULL;
	zbar_image_scanner_t *scanner =
	    misp_defer(query, zbar_image_scanner_create(), scanner_release);
	json_t *texts = image && scanner ? scan(scanner, image) : NULL;
	if (!texts)
		return misp_fail(query,
				 "There is not enough memory for the image");
	return misp_keep(query, texts);
}
