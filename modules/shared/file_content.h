/*
 * file_content.h: what can be said of bytes without knowing what they are:
 * entropy and hashes, as attributes of a file or of a section of it.
 */
#ifndef MODULES_FILE_CONTENT_H
#define MODULES_FILE_CONTENT_H

#include "misp-module.h"

/* The hexadecimal MD5 of some bytes, which names a sample, and how random
 * they are: 0 when all are the same, at most 8. */
struct file_content {
	char md5[33];
	double entropy;
};

/*
 * Adds entropy, md5, sha1, sha256 and sha512 of the bytes to an object of a
 * template that has these relations. A section whose bytes are all the same is
 * found in many files: its hashes do not correlate and are not for detection.
 * false after misp_fail.
 */
bool file_content_add(struct misp_query *query, json_t *object,
		      const unsigned char *bytes, size_t size, bool section,
		      struct file_content *content);

/* Adds ssdeep, where the bytes are enough for one. Returns the attribute,
 * borrowed, or NULL. */
json_t *file_content_add_ssdeep(json_t *object, const unsigned char *bytes,
				size_t size);

/* A digest in hexadecimal; text has room for twice its size and a NUL. Returns
 * text. */
const char *file_content_hex(char *text, const unsigned char *digest,
			     unsigned size);

/* No correlation, and not for detection; NULL is passed over. */
void file_content_hush(json_t *attribute);

#endif
