/*
 * image_jp2.c: reading the header of JPEG 2000; see image_jp2.h.
 *
 * pkg-config: libopenjp2 (libopenjp2-7-dev)
 */
#include "image_jp2.h"

#include <openjpeg.h>
#include <string.h>

/* The most that leptonica takes: red, green, blue, and how opaque. */
#define COLOURS_MAX 4
#define BUFFER_SIZE 4096

struct source {
	const unsigned char *bytes;
	size_t size;
	size_t at;
};

static OPJ_SIZE_T source_read(void *buffer, OPJ_SIZE_T wanted, void *context)
{
	struct source *source = context;
	size_t left = source->size - source->at;
	if (left == 0)
		return (OPJ_SIZE_T)-1;
	size_t taken = wanted < left ? wanted : left;
	memcpy(buffer, source->bytes + source->at, taken);
	source->at += taken;
	return taken;
}

static OPJ_BOOL source_seek(OPJ_OFF_T to, void *context)
{
	struct source *source = context;
	if (to < 0 || (size_t)to > source->size)
		return OPJ_FALSE;
	source->at = (size_t)to;
	return OPJ_TRUE;
}

static OPJ_OFF_T source_skip(OPJ_OFF_T count, void *context)
{
	struct source *source = context;
	if (count < 0 || (size_t)count > source->size - source->at)
		return -1;
	source->at += (size_t)count;
	return count;
}

static opj_stream_t *stream_of(struct source *source)
{
	opj_stream_t *stream = opj_stream_create(BUFFER_SIZE, OPJ_TRUE);
	if (!stream)
		return NULL;
	opj_stream_set_read_function(stream, source_read);
	opj_stream_set_seek_function(stream, source_seek);
	opj_stream_set_skip_function(stream, source_skip);
	opj_stream_set_user_data(stream, source, NULL);
	opj_stream_set_user_data_length(stream, source->size);
	return stream;
}

static opj_image_t *header_of(opj_stream_t *stream)
{
	opj_codec_t *codec = opj_create_decompress(OPJ_CODEC_JP2);
	opj_dparameters_t parameters;
	opj_image_t *image = NULL;
	opj_set_default_decoder_parameters(&parameters);
	if (codec && opj_setup_decoder(codec, &parameters) &&
	    !opj_read_header(stream, codec, &image))
		image = NULL;
	if (codec)
		opj_destroy_codec(codec);
	return image;
}

/* Whether leptonica can be given a picture with these colours. */
static bool is_even(const opj_image_t *image)
{
	const opj_image_comp_t *colours = image->comps;
	if (image->numcomps == 0 || image->numcomps > COLOURS_MAX)
		return false;
	for (OPJ_UINT32 i = 0; i < image->numcomps; i++)
		if (colours[i].dx != 1 || colours[i].dy != 1 ||
		    colours[i].w != colours[0].w ||
		    colours[i].h != colours[0].h)
			return false;
	return true;
}

bool image_jp2_size(const unsigned char *bytes, size_t size, int64_t *width,
		    int64_t *height)
{
	struct source source = {bytes, size, 0};
	opj_stream_t *stream = stream_of(&source);
	opj_image_t *image = stream ? header_of(stream) : NULL;
	bool even = image && is_even(image);
	if (even) {
		*width = image->comps[0].w;
		*height = image->comps[0].h;
	}
	if (image)
		opj_image_destroy(image);
	if (stream)
		opj_stream_destroy(stream);
	return even;
}
