/*
 * openioc.h: what an OpenIOC file (version 1.0 or 1.1) says. Needs libxml2.
 */
#ifndef MODULES_OPENIOC_H
#define MODULES_OPENIOC_H

#include "misp-module.h"

/* A file with more is refused. */
#define OPENIOC_ITEMS_MAX 100000
#define OPENIOC_SIZE_MAX 16777216

/* An IndicatorItem. Texts have no white space around them; what is missing is
 * "". */
struct openioc_item {
	const char *search; /* the term: "FileItem/Md5sum" */
	const char *content_type;
	const char *content;
	const char *comment;
	bool pair; /* this one and the next have to hold together, alone */
};

struct openioc {
	const char *description;
	const char *author;
	const struct openioc_item *items;
	size_t count;
};

/* Lives as long as the query; NULL after misp_fail. */
const struct openioc *openioc_read(struct misp_query *query, const void *bytes,
				   size_t size);

#endif
