/*
 * file_object.c: a file's bytes as a file object.
 *
 * pkg-config: libarchive libcrypto libfuzzy libmagic (libarchive-dev libssl-dev
 * libfuzzy-dev libmagic-dev)
 */
#include "file_object.h"

#include "executable/executable.h"
#include "file_content.h"
#include "malware_sample_pack.h"

#include <magic.h>

static void add_mime_type(json_t *object, const unsigned char *bytes,
			  size_t size)
{
	magic_t magic = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS);
	const char *type = NULL;
	if (magic && magic_load(magic, NULL) == 0)
		type = magic_buffer(magic, bytes, size);
	misp_object_add(object, "mimetype", type);
	if (magic)
		magic_close(magic);
}

const char *file_object_name(struct misp_query *query, const char *name)
{
	char *safe = name ? misp_text(query, "%s", name) : NULL;
	for (char *at = safe; at && *at; at++)
		if ((unsigned char)*at < ' ')
			*at = '_';
	return safe;
}

/* false after misp_fail. */
static bool add_content(struct misp_query *query, json_t *object,
			const char *filename, const unsigned char *bytes,
			size_t size, bool with_sample)
{
	struct file_content content = {0};
	if (!file_content_add(query, object, bytes, size, false, &content))
		return false;
	if (with_sample && !malware_sample_add(
			       query, object, filename ? filename : content.md5,
			       content.md5, bytes, size))
		return false;
	add_mime_type(object, bytes, size);
	file_content_add_ssdeep(object, bytes, size);
	return true;
}

json_t *file_object_add(struct misp_query *query, json_t *results,
			const char *filename, const unsigned char *bytes,
			size_t size, bool with_sample)
{
	json_t *object = misp_add_object(results, "file");
	if (!object)
		return NULL;
	misp_object_add(object, "filename", filename);
	misp_object_add(object, "size-in-bytes", misp_text(query, "%zu", size));
	if (size == 0)
		return object;
	if (filename && !*filename)
		filename = NULL;
	if (!add_content(query, object, filename, bytes, size, with_sample))
		return NULL;
	struct executable executable = {.query = query,
					.results = results,
					.file = object,
					.bytes = bytes,
					.size = size};
	executable_pe(&executable);
	executable_elf(&executable);
	executable_macho(&executable);
	return misp_failure(query) ? NULL : object;
}
