/*
 * zip_bytes.h: a ZIP archive that is in memory, and its files. Needs libzip.
 */
#ifndef MODULES_ZIP_BYTES_H
#define MODULES_ZIP_BYTES_H

#include "misp-module.h"

#include <zip.h>

static inline void zip_bytes_discard(void *archive)
{
	zip_discard(archive);
}

static inline void zip_bytes_close(void *file)
{
	zip_fclose(file);
}

/* Lives as long as the query, as the bytes have to; NULL when it is none that
 * can be read. Files with a password are tried with the usual one. */
static inline zip_t *zip_bytes_open(struct misp_query *query, const void *bytes,
				    size_t size)
{
	zip_source_t *source = zip_source_buffer_create(bytes, size, 0, NULL);
	zip_t *archive =
	    source ? zip_open_from_source(source, ZIP_RDONLY, NULL) : NULL;
	if (!archive) {
		zip_source_free(source);
		return NULL;
	}
	zip_set_default_password(archive, "infected");
	return misp_defer(query, archive, zip_bytes_discard);
}

/* The size that a file says it unpacks to; SIZE_MAX when it does not say. */
static inline size_t zip_bytes_size(zip_t *archive, zip_uint64_t index)
{
	zip_stat_t about;
	if (zip_stat_index(archive, index, 0, &about) != 0 ||
	    !(about.valid & ZIP_STAT_SIZE) || about.size > SIZE_MAX)
		return SIZE_MAX;
	return about.size;
}

/* libzip forgets to free some memory when it opens a file that was packed in a
 * way that it does not know. */
static inline bool zip_bytes_known(zip_t *archive, zip_uint64_t index)
{
	zip_stat_t about;
	return zip_stat_index(archive, index, 0, &about) == 0 &&
	       zip_compression_method_supported(about.comp_method, 0) &&
	       zip_encryption_method_supported(about.encryption_method, 0);
}

/* Unpacks a file of that size to bytes, which lives as long as the query; false
 * when that fails. */
static inline bool zip_bytes_unpack(struct misp_query *query, zip_t *archive,
				    zip_uint64_t index, void *bytes,
				    size_t size)
{
	if (!zip_bytes_known(archive, index))
		return false;
	zip_file_t *file = misp_defer(query, zip_fopen_index(archive, index, 0),
				      zip_bytes_close);
	return file && zip_fread(file, bytes, size) == (zip_int64_t)size;
}

#endif
