/*
 * file_object.h: a file's bytes as a file object, and what is inside of a
 * program: objects for it and for its sections.
 *
 * A module that includes this names these libraries:
 *	pkg-config: libarchive libcrypto libelf libfuzzy libmagic yara
 *	(libarchive-dev libssl-dev libelf-dev libfuzzy-dev libmagic-dev
 *	libyara-dev), on one line
 */
#ifndef MODULES_FILE_OBJECT_H
#define MODULES_FILE_OBJECT_H

#include "misp-module.h"

/* For .reads of a caged module: MISP_LIST(FILE_OBJECT_READS). */
#define FILE_OBJECT_READS "/usr/lib/file/magic.mgc", "/usr/share/misc/magic.mgc"

/* A file's name without line breaks and the like, which MISP does not take in
 * one. NULL without memory, and for NULL. */
const char *file_object_name(struct misp_query *query, const char *name);

/*
 * Adds a file object to results in the standard format: name, size, entropy,
 * hashes, MIME type and, with_sample, the file itself as a malware sample. Of
 * a program for Windows (PE), Linux (ELF) or macOS (Mach-O) also an object pe,
 * elf or macho, to which the file refers, and one for each of its sections.
 * Of an empty file only name and size. filename may be NULL.
 *
 * Returns the file object, borrowed; the others are behind it in the results.
 * NULL after misp_fail, or without memory.
 */
json_t *file_object_add(struct misp_query *query, json_t *results,
			const char *filename, const unsigned char *bytes,
			size_t size, bool with_sample);

#endif
