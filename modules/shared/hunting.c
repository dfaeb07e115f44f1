/*
 * hunting.c: exports that make a query of another product of each attribute.
 */
#include "hunting.h"

#include <string.h>

static const char *hunting_find(const struct hunting *hunting, const char *type)
{
	const struct hunting_template *found = hunting->templates;
	while (found->type && strcmp(found->type, type) != 0)
		found++;
	return found->text;
}

static bool hunting_takes(const struct hunting *hunting, const char *value)
{
	return !hunting->characters ||
	       !value[strspn(value, hunting->characters)];
}

/* A '$' in a template is always $1 or $2. */
static void hunting_write(FILE *out, const char *text, const char *value,
			  const char *period, const struct escape *escapes)
{
	/* A query is one line. */
	static const struct escape one_line[] = {{'\n', " "}, {'\r', " "}, {0}};
	while (*text) {
		size_t plain = strcspn(text, "$");
		fwrite(text, 1, plain, out);
		text += plain;
		if (strncmp(text, "$1", 2) == 0)
			escape_write(out, value, escapes);
		if (strncmp(text, "$2", 2) == 0)
			escape_write(out, period, one_line);
		text += *text ? 2 : 0;
	}
	putc('\n', out);
}

json_t *hunting_export(struct misp_query *query, const struct hunting *hunting)
{
	struct misp_export_file *file = misp_export_open(query);
	struct misp_walk walk = {.with_objects = hunting->with_objects};
	const char *period = misp_setting(query, "Period");
	while (file && period && misp_walk(query, &walk)) {
		const char *text = hunting_find(hunting, walk.type);
		if (text && hunting_takes(hunting, walk.value))
			hunting_write(file->out, text, walk.value, period,
				      hunting->escapes);
	}
	return misp_export_close(query, file);
}
