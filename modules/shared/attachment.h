/*
 * attachment.h: an attachment that is a document, and the answer of an
 * expansion that has read its text.
 */
#ifndef MODULES_ATTACHMENT_H
#define MODULES_ATTACHMENT_H

#include "long_text.h"

struct attachment {
	struct misp_query *query;
	const char *kind; /* for messages: ".docx" */
	const char *name;
	const unsigned char *bytes;
	size_t size;
	struct long_text *text; /* of the document, so far */
	/* Why the text is not the whole, for the comment; or NULL. */
	const char *incomplete;
	long milliseconds; /* that reading may leave over, see below */
};

/* Lives as long as the query. NULL after misp_fail. */
struct attachment *attachment_open(struct misp_query *query, const char *kind);

/* Says why the file cannot be read, after the words clients know; NULL. */
void *attachment_fail(const struct attachment *attachment, const char *format,
		      ...) MISP_PRINTF(2, 3);

/* Whether so much of the query's time is gone that reading has to end for an
 * answer to be there in time. */
bool attachment_late(const struct attachment *attachment);

/* The answer: the text as a row of each type, with its file in the comment.
 * NULL when anything has failed. */
json_t *attachment_rows(const struct attachment *attachment,
			const char *const *types);

#endif
