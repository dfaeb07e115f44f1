/*
 * text_file.c: a file in memory that tells when memory ran out.
 */
#include "query.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#define TEXT_FIRST 512

struct text_file {
	struct misp_query *query; /* borrowed; NULL: none is told */
	char **text;              /* the caller's */
	size_t *size;
	size_t capacity;
	bool failed;
};

static void text_lost(struct misp_query *query)
{
	if (query)
		query->out_of_memory = true;
}

/* Room for size more bytes and a NUL. */
static bool text_grow(struct text_file *file, size_t size)
{
	size_t capacity = file->capacity, wanted;
	if (__builtin_add_overflow(*file->size, size, &wanted))
		return false;
	while (capacity <= wanted) {
		if (capacity > SIZE_MAX / 2)
			return false;
		capacity *= 2;
	}
	if (capacity == file->capacity)
		return true;
	char *text = realloc(*file->text, capacity);
	if (!text)
		return false;
	*file->text = text;
	file->capacity = capacity;
	return true;
}

/* As fopencookie wants it: how many bytes were written, 0 is an error. What
 * comes after an error would stand behind a gap. */
static ssize_t text_write(void *cookie, const char *bytes, size_t size)
{
	struct text_file *file = cookie;

	if (file->failed || !text_grow(file, size)) {
		file->failed = true;
		text_lost(file->query);
		return 0;
	}
	char *end = *file->text + *file->size;
	memcpy(end, bytes, size);
	end[size] = '\0';
	*file->size += size;
	return (ssize_t)size;
}

/* Only what ftell asks for: where the end is. */
static int text_seek(void *cookie, off64_t *offset, int whence)
{
	const struct text_file *file = cookie;

	if (*offset != 0 || whence != SEEK_CUR) {
		errno = EINVAL;
		return -1;
	}
	*offset = (off64_t)*file->size;
	return 0;
}

static int text_close(void *cookie)
{
	struct text_file *file = cookie;
	bool failed = file->failed;

	free(file);
	return failed ? EOF : 0;
}

FILE *misp_text_file(struct misp_query *query, char **text, size_t *size)
{
	struct text_file *file = malloc(sizeof(*file));
	*size = 0;
	*text = file ? calloc(1, TEXT_FIRST) : NULL;
	if (!*text) {
		text_lost(query);
		free(file);
		return NULL;
	}
	*file = (struct text_file){query, text, size, TEXT_FIRST, false};
	FILE *out = fopencookie(file, "w",
				(cookie_io_functions_t){.write = text_write,
							.seek = text_seek,
							.close = text_close});
	if (!out) {
		text_lost(query);
		free(file);
		free(*text);
		*text = NULL;
	}
	return out;
}
