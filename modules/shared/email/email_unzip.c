/*
 * email_unzip.c: the files in an attached ZIP archive.
 *
 * Archives in the archive stay in one piece.
 *
 * pkg-config: gmime-3.0 libzip (libgmime-3.0-dev libzip-dev)
 */
#include "email.h"

#include "zip_bytes.h"

#include <string.h>
#include <time.h>

/* What is unpacked of one mail, all together. */
#define UNPACKED_MAX (64 << 20)
#define PART_SIZE 65536
/* Processor time that the search for passwords may take, of all archives
 * together. */
#define GUESSING_CLOCKS (3 * CLOCKS_PER_SEC)

/* Closed with the attachment, not with the query as those of zip_bytes.h: its
 * bytes do not live any longer. */
static zip_t *archive_open(const GByteArray *bytes)
{
	zip_source_t *source =
	    zip_source_buffer_create(bytes->data, bytes->len, 0, NULL);
	zip_t *archive =
	    source ? zip_open_from_source(source, ZIP_RDONLY, NULL) : NULL;
	if (!archive)
		zip_source_free(source);
	return archive;
}

/* The file's bytes; NULL when it cannot be unpacked, or has more than most. */
static GByteArray *archive_read(zip_t *archive, zip_uint64_t index,
				const char *password, size_t most)
{
	static _Thread_local unsigned char part[PART_SIZE];
	if (!zip_bytes_known(archive, index))
		return NULL;
	zip_file_t *file =
	    password ? zip_fopen_index_encrypted(archive, index, 0, password)
		     : zip_fopen_index(archive, index, 0);
	if (!file)
		return NULL;
	GByteArray *bytes = g_byte_array_new();
	zip_int64_t got;
	while ((got = zip_fread(file, part, sizeof(part))) > 0 &&
	       (size_t)got <= most - bytes->len)
		g_byte_array_append(bytes, part, (guint)got);
	zip_fclose(file);
	if (got == 0)
		return bytes;
	g_byte_array_unref(bytes);
	return NULL;
}

/* ---- Passwords ---- */

/* The smallest of the encrypted files, on which a password is tried; false
 * when there is none. An empty one opens with many wrong passwords: it is the
 * last resort. */
static bool find_encrypted(zip_t *archive, zip_uint64_t *index)
{
	zip_int64_t count = zip_get_num_entries(archive, 0);
	zip_uint64_t smallest = UINT64_MAX;
	zip_stat_t about;
	for (zip_int64_t i = 0; i < count; i++) {
		if (zip_stat_index(archive, (zip_uint64_t)i, 0, &about) != 0 ||
		    about.encryption_method == ZIP_EM_NONE ||
		    !zip_bytes_known(archive, (zip_uint64_t)i))
			continue;
		zip_uint64_t size =
		    about.size > 0 ? about.comp_size : UINT64_MAX - 1;
		if (size >= smallest)
			continue;
		smallest = size;
		*index = (zip_uint64_t)i;
	}
	return smallest < UINT64_MAX;
}

/* Only the whole file tells: of the check before it, one in 256 wrong passwords
 * passes the old encryption. */
static bool opens(zip_t *archive, zip_uint64_t index, const char *password)
{
	GByteArray *bytes =
	    archive_read(archive, index, password, UNPACKED_MAX);
	if (bytes)
		g_byte_array_unref(bytes);
	return bytes;
}

/* One of the passwords, borrowed, or NULL; then *given_up says whether some
 * that may be it were not tried. */
static const char *find_password(struct email *email, zip_t *archive,
				 zip_uint64_t index, const GPtrArray *passwords,
				 bool *given_up)
{
	const char *found = NULL;
	clock_t begin = clock();
	guint count = passwords ? passwords->len : 0;
	guint i = 0;
	while (i < count && !found) {
		const char *password = g_ptr_array_index(passwords, i++);
		if (opens(archive, index, password))
			found = password;
		/* The most usual one is tried in any case. */
		if (email->guessing + (clock() - begin) > GUESSING_CLOCKS)
			break;
	}
	email->guessing += clock() - begin;
	*given_up = i < count || count == EMAIL_PASSWORDS_MAX;
	return found;
}

/* ---- Files ---- */

/* Whether the archive's file, unless it is a folder, could be added. */
static bool add_from(struct email *email, zip_t *archive, zip_uint64_t index,
		     const char *comment)
{
	const char *name = zip_get_name(archive, index, 0);
	size_t length = name ? strlen(name) : 0;
	if (length == 0)
		return false;
	if (name[length - 1] == '/')
		return true;
	if (email->files >= EMAIL_FILES_MAX)
		return false;
	GByteArray *bytes =
	    archive_read(archive, index, NULL, UNPACKED_MAX - email->unpacked);
	if (!bytes)
		return false;
	email->unpacked += bytes->len;
	email_add_file(email, name, bytes, comment);
	g_byte_array_unref(bytes);
	return true;
}

static bool add_all(struct email *email, zip_t *archive, const char *comment)
{
	zip_int64_t count = zip_get_num_entries(archive, 0);
	for (zip_int64_t i = 0; i < count; i++)
		if (!add_from(email, archive, (zip_uint64_t)i, comment))
			return false;
	return true;
}

enum email_unzip email_unzip(struct email *email, const char *name,
			     const GByteArray *bytes,
			     const GPtrArray *passwords)
{
	zip_uint64_t encrypted;
	zip_t *archive = bytes->len > 0 ? archive_open(bytes) : NULL;
	if (!archive)
		return EMAIL_UNZIP_NONE;
	const char *comment =
	    misp_text(email->query, "Extracted from %s", name);
	enum email_unzip result = EMAIL_UNZIP_LOCKED;
	const char *password = NULL;
	bool given_up = false;
	bool locked = find_encrypted(archive, &encrypted);
	if (locked) {
		password = find_password(email, archive, encrypted, passwords,
					 &given_up);
		zip_set_default_password(archive, password);
		comment = misp_text(email->query, "%s with password \"%s\"",
				    comment, password ? password : "");
	}
	if (!locked || password)
		result = add_all(email, archive, comment) ? EMAIL_UNZIP_DONE
							  : EMAIL_UNZIP_PARTLY;
	else if (given_up)
		result = EMAIL_UNZIP_GIVEN_UP;
	zip_discard(archive);
	return result;
}
