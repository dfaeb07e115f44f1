/*
 * url_archive.h: web pages kept in a folder, as the Python library
 * url_archiver keeps them: .url_archiver/SHA1-OF-THE-URL/archive, and beside
 * it meta. Needs libcrypto.
 */
#ifndef MODULES_URL_ARCHIVE_H
#define MODULES_URL_ARCHIVE_H

#include "misp-module.h"

struct url_archive;

/*
 * The place of one URL in the archive below path, which is absolute. The
 * archive itself is made when it is not there. NULL after misp_fail, also
 * when somebody else could write into it.
 */
struct url_archive *url_archive_open(struct misp_query *query, const char *path,
				     const char *url);

/* The page that is kept there, and in *size its size; NULL when there is
 * none. Lives as long as the query. */
const unsigned char *url_archive_find(struct url_archive *archive,
				      size_t *size);

/* Keeps a page, and what is known about it (stolen). False after misp_fail;
 * what was there before is then still there. */
bool url_archive_keep(struct url_archive *archive, const void *page,
		      size_t size, json_t *meta);

#endif
