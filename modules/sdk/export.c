/*
 * export.c: exports that write a text.
 */
#include "query.h"

#include <stdlib.h>

static void export_release(void *released)
{
	struct misp_export_file *file = released;

	if (file->out)
		fclose(file->out);
	free(file->text);
}

struct misp_export_file *misp_export_open(struct misp_query *query)
{
	if (!misp_events(query))
		return NULL;
	struct misp_export_file *file = misp_alloc(query, sizeof(*file));
	if (!file)
		return NULL;
	file->out = misp_text_file(query, &file->text, &file->size);
	return file->out ? misp_defer(query, file, export_release) : NULL;
}

json_t *misp_export_close(struct misp_query *query,
			  struct misp_export_file *file)
{
	if (!file)
		return NULL;
	bool written = fclose(file->out) == 0;
	file->out = NULL;
	json_t *answer = written ? misp_export(file->text, file->size) : NULL;
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
