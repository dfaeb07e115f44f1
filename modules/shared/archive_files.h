/*
 * archive_files.h: some files of an archive of strangers, which may be a ZIP
 * archive or a tar archive, packed with bzip2 or not. What unpacks to too much
 * is refused before it is unpacked.
 *
 * A module that includes this needs libarchive (libarchive-dev).
 */
#ifndef MODULES_ARCHIVE_FILES_H
#define MODULES_ARCHIVE_FILES_H

#include "misp-module.h"

/* All that an archive may unpack to, even if little of it is wanted: a tar
 * archive has to be unpacked to get at what is in it. */
#define ARCHIVE_UNPACKED_MAX (INT64_C(1) << 30)

/* The files in it. */
#define ARCHIVE_FILES_MAX 65536

/* One that is wanted. */
struct archive_file {
	bool found; /* it is in the archive */
	bool wanted;
	bool too_large;
	const unsigned char *bytes; /* NULL when it was not read */
	size_t size;
};

struct archive_files;

/*
 * Lists the files in an archive, which lives as long as the query. What is
 * called wanted is read at the same time, up to most bytes; NULL for none.
 * NULL after misp_fail.
 */
struct archive_files *archive_files_open(struct misp_query *query,
					 const void *bytes, size_t size,
					 const char *wanted, size_t most);

/* The file of that name; NULL when there is none. "./a" is "a". */
struct archive_file *archive_files_find(struct archive_files *files,
					const char *name);

/* Reads the files that have become wanted since, up to most bytes
 * altogether; what is too large for that is marked so. false after
 * misp_fail. */
bool archive_files_read(struct archive_files *files, size_t most);

#endif
