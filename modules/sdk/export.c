/*
 * export.c: exports that write a text.
 *
 * Not by open_memstream: glibc's says neither to ferror nor to fclose that
 * memory ran out, and half an export would pass for a whole one.
 */
#include "query.h"

#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#define EXPORT_FIRST ((size_t)64 << 10)

static void export_release(void *released)
{
	struct misp_export_file *file = released;

	if (file->out)
		fclose(file->out);
	free(file->text);
}

/* Room for size more bytes. */
static bool export_grow(struct misp_export_file *file, size_t size)
{
	size_t capacity = file->capacity ? file->capacity : EXPORT_FIRST;
	while (capacity - file->size < size) {
		if (capacity > SIZE_MAX / 2)
			return false;
		capacity *= 2;
	}
	char *text = realloc(file->text, capacity);
	if (!text)
		return false;
	file->text = text;
	file->capacity = capacity;
	return true;
}

/* As fopencookie wants it: how many bytes were written, 0 is an error. */
static ssize_t export_write(void *cookie, const char *bytes, size_t size)
{
	struct misp_export_file *file = cookie;

	if (file->capacity - file->size < size && !export_grow(file, size))
		return 0;
	memcpy(file->text + file->size, bytes, size);
	file->size += size;
	return (ssize_t)size;
}

struct misp_export_file *misp_export_open(struct misp_query *query)
{
	static const cookie_io_functions_t writer = {.write = export_write};

	if (!misp_events(query))
		return NULL;
	struct misp_export_file *file = misp_alloc(query, sizeof(*file));
	if (!file)
		return NULL;
	file->out = fopencookie(file, "w", writer);
	query->out_of_memory |= !file->out;
	return file->out ? misp_defer(query, file, export_release) : NULL;
}

json_t *misp_export_close(struct misp_query *query,
			  struct misp_export_file *file)
{
	if (!file)
		return NULL;
	bool written = !ferror(file->out);
	written &= fclose(file->out) == 0;
	file->out = NULL;
	json_t *answer =
	    written ? misp_export(file->text ? file->text : "", file->size)
		    : NULL;
	query->out_of_memory |= !answer;
	/* As long as the query, it would lie beside the answer. */
	free(file->text);
	file->text = NULL;
	return misp_finish(query, answer);
}

json_t *misp_export_attributes(struct misp_query *query,
			       void (*write)(FILE *out, const char *type,
					     const char *value,
					     const json_t *attribute))
{
	struct misp_export_file *file = misp_export_open(query);
	struct misp_walk walk = {0};

	while (file && misp_walk(query, &walk))
		write(file->out, walk.type, walk.value, walk.attribute);
	return misp_export_close(query, file);
}
