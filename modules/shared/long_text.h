/*
 * long_text.h: a text that grows piece by piece as a document is read, up to a
 * length beyond which it helps nobody.
 */
#ifndef MODULES_LONG_TEXT_H
#define MODULES_LONG_TEXT_H

#include "misp-module.h"

/* Bytes of a text: some thousand pages. */
#define LONG_TEXT_MAX 8388608

struct long_text {
	char *bytes; /* NULL while there are none; no NUL behind them */
	size_t size;
	size_t capacity;
	bool cut;       /* more was added than fits */
	bool no_memory; /* then nothing is added any more */
};

/* An empty one, that lives as long as the query; NULL without memory. */
struct long_text *long_text(struct misp_query *query);

/* What does not fit is left out, but for no part of a character. */
void long_text_add(struct long_text *text, const char *bytes, size_t size);
void long_text_put(struct long_text *text, const char *string);

/* Adds size spaces. */
void long_text_pad(struct long_text *text, size_t size);

/* Adds once more what stands at a place in it. */
void long_text_repeat(struct long_text *text, size_t start, size_t size);

/* Adds another text, and is as incomplete as that one. */
void long_text_join(struct long_text *text, const struct long_text *other);

/* Nothing can be added any more: who reads on does so in vain. */
bool long_text_full(const struct long_text *text);

#endif
