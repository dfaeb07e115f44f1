/*
 * template_write.c: the values of a template as text.
 */
#include "template_parts.h"

#include "python_text.h"

#include <stdlib.h>

void template_write(struct template_run *run, FILE *out, const json_t *value)
{
	long before = ftell(out);
	if (json_is_string(value))
		fwrite(json_string_value(value), 1, json_string_length(value),
		       out);
	else if (value && template_weigh(run, value))
		python_repr(out, value, before + TEMPLATE_OUTPUT_MOST);
	template_work(run, (size_t)(ftell(out) - before));
}

const char *template_text(struct template_run *run, const json_t *value)
{
	char *text = NULL;
	size_t size = 0;
	if (json_is_string(value))
		return json_string_value(value);
	FILE *out = misp_text_file(run->query, &text, &size);
	if (!out)
		return NULL;
	template_write(run, out, value);
	if (fclose(out) != 0)
		template_fail(run, "there is not enough memory");
	misp_defer(run->query, text, free);
	return template_failed(run) ? NULL : text;
}

json_t *template_written(struct template_run *run, FILE *out, char **text)
{
	json_t *value = fclose(out) == 0 ? template_string(run, *text) : NULL;
	free(*text);
	return value;
}

json_t *template_written_by(struct template_run *run, json_t *value,
			    void (*write)(FILE *out, const char *text,
					  const struct template_arguments *),
			    const struct template_arguments *arguments)
{
	char *made = NULL;
	size_t size = 0;
	const char *text = template_text(run, value);
	FILE *out = text ? misp_text_file(run->query, &made, &size) : NULL;
	if (!out)
		return NULL;
	write(out, text, arguments);
	return template_written(run, out, &made);
}
