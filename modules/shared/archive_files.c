/*
 * archive_files.c: reads some files of an archive, in one pass for those that
 * are known by name and in another for what these name.
 *
 * pkg-config: libarchive (libarchive-dev)
 */
#include "archive_files.h"

#include <archive.h>
#include <archive_entry.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What is read at a time of a file whose size is not known before. */
#define PIECE 65536

#define NAME_MAX_BYTES 4096

struct archive_files {
	struct misp_query *query;
	const void *archive;
	size_t size;
	json_t *names; /* to positions in files; a name of our own is kept */
	struct archive_file files[ARCHIVE_FILES_MAX];
	size_t count;
	size_t wanted; /* files that are still to be read */
	size_t left;   /* bytes that they may have */
};

/* One pass over it. */
struct pass {
	struct archive_files *files;
	struct archive *archive;
	bool packed; /* to pass over a file means to unpack it */
};

static const char *clean(const char *name)
{
	while (name && strncmp(name, "./", 2) == 0)
		name += 2;
	return name;
}

/* NULL for folders, links and what has no name, or an endless one. */
static const char *entry_name(struct archive_entry *entry)
{
	if (archive_entry_filetype(entry) != AE_IFREG ||
	    archive_entry_hardlink(entry))
		return NULL;
	const char *name = archive_entry_pathname_utf8(entry);
	name = clean(name ? name : archive_entry_pathname(entry));
	return name && strnlen(name, NAME_MAX_BYTES) < NAME_MAX_BYTES ? name
								      : NULL;
}

static struct archive_file *files_find(struct archive_files *files,
				       const char *name)
{
	const json_t *position = json_object_get(files->names, name);
	return position ? &files->files[json_integer_value(position)] : NULL;
}

struct archive_file *archive_files_find(struct archive_files *files,
					const char *name)
{
	struct archive_file *file = files_find(files, clean(name));
	return file && file->found ? file : NULL;
}

/* Notes a name, the first time that it comes. NULL after misp_fail; also for
 * a name that is no UTF-8, of which nobody asks. */
static struct archive_file *files_note(struct archive_files *files,
				       const char *name)
{
	struct archive_file *file = files_find(files, name);
	if (file)
		return file;
	if (files->count == ARCHIVE_FILES_MAX)
		return misp_fail(files->query,
				 "There are more than %d files in the archive",
				 ARCHIVE_FILES_MAX);
	if (json_object_set_new(files->names, name,
				json_integer((json_int_t)files->count)) != 0)
		return NULL;
	return &files->files[files->count++];
}

/* Makes the buffer larger when it is full. false without memory. */
static bool file_room(const struct archive_files *files, unsigned char **bytes,
		      size_t used, size_t *capacity)
{
	if (used < *capacity)
		return true;
	size_t larger = *capacity < PIECE ? PIECE : *capacity * 2;
	/* One byte more than may be shows that there is more. */
	if (larger > files->left + 1)
		larger = files->left + 1;
	unsigned char *longer = realloc(*bytes, larger);
	if (!longer)
		return false;
	*bytes = longer;
	*capacity = larger;
	return true;
}

/* All of the file that comes next. It is too large if there are more bytes than
 * are left. false after misp_fail. */
static bool file_unpack(const struct pass *pass, unsigned char **bytes,
			size_t *used)
{
	const struct archive_files *files = pass->files;
	size_t capacity = 0;
	while (*used <= files->left) {
		if (!file_room(files, bytes, *used, &capacity))
			return misp_fail(files->query,
					 "There is not enough memory for a "
					 "file of the archive");
		la_ssize_t got = archive_read_data(
		    pass->archive, *bytes + *used, capacity - *used);
		if (got < 0)
			return misp_fail(files->query,
					 "A file of the archive cannot be "
					 "unpacked: %s",
					 archive_error_string(pass->archive));
		if (got == 0)
			break;
		*used += (size_t)got;
	}
	return true;
}

static bool file_read(const struct pass *pass, struct archive_entry *entry,
		      struct archive_file *file)
{
	struct archive_files *files = pass->files;
	files->wanted--;
	file->wanted = false;
	if (archive_entry_size_is_set(entry) &&
	    (uint64_t)archive_entry_size(entry) > files->left) {
		file->too_large = true;
		return true;
	}
	unsigned char *bytes = NULL;
	size_t size = 0;
	bool unpacked = file_unpack(pass, &bytes, &size);
	if (!unpacked || size > files->left) {
		free(bytes);
		file->too_large = unpacked;
		return unpacked;
	}
	file->size = size;
	file->bytes = misp_defer(files->query, bytes, free);
	files->left -= size;
	return file->bytes;
}

/* One entry. false after misp_fail, or without memory. */
static bool pass_entry(const struct pass *pass, struct archive_entry *entry)
{
	struct archive_files *files = pass->files;
	if (pass->packed &&
	    archive_entry_size(entry) >
		ARCHIVE_UNPACKED_MAX - archive_filter_bytes(pass->archive, 0))
		return misp_fail(files->query,
				 "The archive unpacks to more than %" PRId64
				 " bytes",
				 ARCHIVE_UNPACKED_MAX);
	const char *name = entry_name(entry);
	struct archive_file *file = name ? files_note(files, name) : NULL;
	if (misp_failure(files->query))
		return false;
	if (!file)
		return true;
	file->found = true;
	return !file->wanted || file_read(pass, entry, file);
}

/* Goes through all entries, or until no more is wanted. */
static bool pass_entries(struct pass *pass, bool all)
{
	struct archive_entry *entry;
	while (all || pass->files->wanted > 0) {
		int got = archive_read_next_header(pass->archive, &entry);
		if (got == ARCHIVE_EOF)
			break;
		if (got != ARCHIVE_OK && got != ARCHIVE_WARN)
			return false;
		int format = archive_format(pass->archive);
		pass->packed =
		    (format & ARCHIVE_FORMAT_BASE_MASK) != ARCHIVE_FORMAT_ZIP;
		if (!pass_entry(pass, entry))
			return false;
	}
	return true;
}

static bool files_pass(struct archive_files *files, bool all, size_t most)
{
	struct pass pass = {.files = files, .archive = archive_read_new()};
	files->left = most;
	bool done =
	    pass.archive &&
	    archive_read_support_format_zip(pass.archive) == ARCHIVE_OK &&
	    archive_read_support_format_tar(pass.archive) == ARCHIVE_OK &&
	    archive_read_support_filter_bzip2(pass.archive) == ARCHIVE_OK &&
	    archive_read_open_memory(pass.archive, files->archive,
				     files->size) == ARCHIVE_OK &&
	    pass_entries(&pass, all);
	const char *error =
	    pass.archive ? archive_error_string(pass.archive) : NULL;
	if (!done)
		misp_fail(files->query,
			  "The file cannot be read as a ZIP archive or a tar "
			  "archive packed with bzip2: %s",
			  error ? error : "it is damaged");
	archive_read_free(pass.archive);
	return done;
}

struct archive_files *archive_files_open(struct misp_query *query,
					 const void *bytes, size_t size,
					 const char *wanted, size_t most)
{
	struct archive_files *files = misp_alloc(query, sizeof(*files));
	if (!files)
		return NULL;
	files->query = query;
	files->archive = bytes;
	files->size = size;
	files->names = misp_keep(query, json_object());
	if (wanted) {
		struct archive_file *file = files_note(files, wanted);
		if (!file)
			return NULL;
		file->wanted = true;
		files->wanted = 1;
	}
	return files_pass(files, true, most) ? files : NULL;
}

bool archive_files_read(struct archive_files *files, size_t most)
{
	files->wanted = 0;
	for (size_t i = 0; i < files->count; i++)
		files->wanted += files->files[i].wanted;
	return files->wanted == 0 || files_pass(files, false, most);
}
