/*
 * template_escape.c: the filters of templates that write text as it may stand
 * in HTML, a URL or JSON.
 */
#include "template_parts.h"

#include "python_text.h"

#include <ctype.h>
#include <string.h>

static void write_escaped(FILE *out, const char *text,
			  const struct template_arguments *arguments)
{
	static const char marks[] = "&<>\"'";
	static const char *const names[] = {"&amp;", "&lt;", "&gt;", "&#34;",
					    "&#39;"};
	(void)arguments;
	for (; *text; text++) {
		const char *found = strchr(marks, *text);
		if (found)
			fputs(names[found - marks], out);
		else
			fputc(*text, out);
	}
}

static json_t *filter_escape(struct template_run *run, json_t *value,
			     const struct template_arguments *arguments)
{
	return template_written_by(run, value, write_escaped, arguments);
}

static void write_url(FILE *out, const char *text,
		      const struct template_arguments *arguments)
{
	(void)arguments;
	for (; *text; text++)
		fprintf(out,
			isalnum((unsigned char)*text) || strchr("-._~/", *text)
			    ? "%c"
			    : "%%%02X",
			(unsigned char)*text);
}

static json_t *filter_urlencode(struct template_run *run, json_t *value,
				const struct template_arguments *arguments)
{
	return template_written_by(run, value, write_url, arguments);
}

/* JSON that may stand in HTML as well. */
static json_t *filter_tojson(struct template_run *run, json_t *value,
			     const struct template_arguments *arguments)
{
	static const char marks[] = "<>&'";
	json_int_t indent = template_number_argument(arguments, 0, "indent", 0);
	const char *json =
	    template_weigh(run, value)
		? python_json(run->query, value ? value : json_null(), true)
		: NULL;
	char *made = NULL;
	size_t size = 0;
	if (indent > 0)
		return template_fail(run, "tojson does not indent here");
	FILE *out = json && template_work(run, strlen(json))
			? misp_text_file(run->query, &made, &size)
			: NULL;
	if (!out)
		return NULL;
	for (; *json; json++)
		fprintf(out, strchr(marks, *json) ? "\\u%04x" : "%c",
			(unsigned char)*json);
	return template_written(run, out, &made);
}

const struct template_filter_entry template_escape_filters[] = {
    {"e", filter_escape},
    {"escape", filter_escape},
    {"forceescape", filter_escape},
    {"tojson", filter_tojson},
    {"urlencode", filter_urlencode},
    {0},
};
