/*
 * document.c: the ZIP archive that a document is; see document.h.
 *
 * pkg-config: libzip (libzip-dev)
 */
#include "document_parts.h"

#include <string.h>

/* A file may unpack to a thousand times its size. */
#define UNPACKED_MAX 67108864
#define MEMBERS_MAX 20000

static void document_release(void *archive)
{
	zip_discard(archive);
}

static zip_t *document_archive(const struct attachment *attachment)
{
	zip_source_t *source = zip_source_buffer_create(
	    attachment->bytes, attachment->size, 0, NULL);
	zip_t *archive =
	    source ? zip_open_from_source(source, ZIP_RDONLY, NULL) : NULL;
	if (!archive) {
		zip_source_free(source);
		return NULL;
	}
	return misp_defer(attachment->query, archive, document_release);
}

/* The documents of Office before 2007, and the shell around those with a
 * password since. */
static bool document_is_compound(const struct attachment *attachment)
{
	static const unsigned char magic[] = {0xd0, 0xcf, 0x11, 0xe0,
					      0xa1, 0xb1, 0x1a, 0xe1};
	return attachment->size >= sizeof(magic) &&
	       memcmp(attachment->bytes, magic, sizeof(magic)) == 0;
}

struct document *document_open(struct misp_query *query, const char *kind)
{
	struct document *document = misp_alloc(query, sizeof(*document));
	struct attachment *attachment =
	    document ? attachment_open(query, kind) : NULL;
	if (!attachment)
		return NULL;
	document->attachment = attachment;
	document->archive = document_archive(attachment);
	if (!document->archive && document_is_compound(attachment))
		return document_fail(document,
				     "File is not a zip file: it is encrypted "
				     "with a password, or in the format of "
				     "Office before 2007");
	if (!document->archive)
		return document_fail(document, "File is not a zip file");
	if (zip_get_num_entries(document->archive, 0) > MEMBERS_MAX)
		return document_fail(document, "it has more than %d members",
				     MEMBERS_MAX);
	return document;
}

struct attachment *document_attachment(struct document *document)
{
	return document->attachment;
}

zip_file_t *document_member(struct document *document, const char *name)
{
	zip_int64_t index = zip_name_locate(document->archive, name, 0);
	if (index < 0)
		return NULL;
	zip_file_t *member =
	    zip_fopen_index(document->archive, (zip_uint64_t)index, 0);
	if (member)
		return member;
	const zip_error_t *error = zip_get_error(document->archive);
	if (zip_error_code_zip(error) == ZIP_ER_NOPASSWD)
		return document_fail(document,
				     "%s is encrypted with a password", name);
	return document_fail(document, "%s cannot be unpacked", name);
}

int document_read(struct document *document, zip_file_t *member, char *bytes,
		  int size)
{
	if (attachment_late(document->attachment)) {
		document_fail(document, "reading it takes too much time");
		return -1;
	}
	zip_int64_t got = zip_fread(member, bytes, (zip_uint64_t)size);
	if (got < 0) {
		document_fail(document, "it cannot be unpacked: %s",
			      zip_error_strerror(zip_file_get_error(member)));
		return -1;
	}
	document->unpacked += (size_t)got;
	if (document->unpacked > UNPACKED_MAX) {
		document_fail(document, "it unpacks to more than %d MiB",
			      UNPACKED_MAX / 1048576);
		return -1;
	}
	return (int)got;
}
