/*
 * template_filter.c: the filters of templates that make text.
 */
#include "template_parts.h"

#include "python_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <unistr.h>

#define TRUNCATE_LENGTH 255
#define TRUNCATE_LEEWAY 5
#define INDENT_WIDTH 4
#define WIDTH_MOST 200

json_t *template_argument(const struct template_arguments *arguments,
			  size_t position, const char *name)
{
	for (size_t i = 0; i < arguments->count; i++)
		if (arguments->names[i] &&
		    strcmp(arguments->names[i], name) == 0)
			return arguments->values[i];
	return position < arguments->count && !arguments->names[position]
		   ? arguments->values[position]
		   : NULL;
}

const char *template_text_argument(struct template_run *run,
				   const struct template_arguments *arguments,
				   size_t position, const char *name,
				   const char *otherwise)
{
	const json_t *value = template_argument(arguments, position, name);
	return value ? template_text(run, value) : otherwise;
}

json_int_t template_number_argument(const struct template_arguments *arguments,
				    size_t position, const char *name,
				    json_int_t otherwise)
{
	const json_t *value = template_argument(arguments, position, name);
	return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

/* A text that write makes of the value's. */
static json_t *written(struct template_run *run, json_t *value,
		       void (*write)(FILE *out, const char *text,
				     const struct template_arguments *),
		       const struct template_arguments *arguments)
{
	char *made = NULL;
	size_t size = 0;
	const char *text = template_text(run, value);
	FILE *out = text ? misp_text_file(&made, &size) : NULL;
	if (!out)
		return NULL;
	write(out, text, arguments);
	json_t *result = fclose(out) == 0 ? template_string(run, made) : NULL;
	free(made);
	return result;
}

/* ---- Letters ---- */

static json_t *in_case(struct template_run *run, json_t *value,
		       uint8_t *(*change)(const uint8_t *, size_t, const char *,
					  uninorm_t, uint8_t *, size_t *))
{
	size_t size = 0;
	const char *text = template_text(run, value);
	if (!text || !template_work(run, strlen(text)))
		return NULL;
	char *changed = (char *)change((const uint8_t *)text, strlen(text),
				       NULL, NULL, NULL, &size);
	if (!changed)
		return template_fail(run, "there is not enough memory");
	json_t *result = template_keep(run, misp_string(changed, size));
	free(changed);
	return result;
}

static json_t *filter_upper(struct template_run *run, json_t *value,
			    const struct template_arguments *arguments)
{
	(void)arguments;
	return in_case(run, value, u8_toupper);
}

static json_t *filter_lower(struct template_run *run, json_t *value,
			    const struct template_arguments *arguments)
{
	(void)arguments;
	return in_case(run, value, u8_tolower);
}

/* Large letters where a word begins, small ones else; all is one word to
 * capitalize. */
static void write_words(FILE *out, const char *text, bool all)
{
	const uint8_t *at = (const uint8_t *)text;
	bool begins = true;
	ucs4_t letter;
	uint8_t bytes[6];
	while ((at = u8_next(&letter, at))) {
		ucs4_t changed =
		    begins ? uc_toupper(letter) : uc_tolower(letter);
		int size = u8_uctomb(bytes, changed, sizeof(bytes));
		fwrite(bytes, 1, size > 0 ? (size_t)size : 0, out);
		begins =
		    !all &&
		    (uc_is_space(letter) ||
		     (letter < 0x80 && letter && strchr("-({[<", (int)letter)));
	}
}

static void write_title(FILE *out, const char *text,
			const struct template_arguments *arguments)
{
	(void)arguments;
	write_words(out, text, false);
}

static void write_capitalized(FILE *out, const char *text,
			      const struct template_arguments *arguments)
{
	(void)arguments;
	write_words(out, text, true);
}

static json_t *filter_title(struct template_run *run, json_t *value,
			    const struct template_arguments *arguments)
{
	return written(run, value, write_title, arguments);
}

static json_t *filter_capitalize(struct template_run *run, json_t *value,
				 const struct template_arguments *arguments)
{
	return written(run, value, write_capitalized, arguments);
}

static json_t *filter_trim(struct template_run *run, json_t *value,
			   const struct template_arguments *arguments)
{
	const char *text = template_text(run, value);
	const char *marks =
	    template_text_argument(run, arguments, 0, "chars", " \t\n\v\f\r");
	if (!text || !marks)
		return NULL;
	text += strspn(text, marks);
	size_t length = strlen(text);
	while (length > 0 && strchr(marks, text[length - 1]) &&
	       template_work(run, strlen(marks)))
		length--;
	return template_work(run, length)
		   ? template_keep(run, misp_string(text, length))
		   : NULL;
}

/* ---- Changed text ---- */

static json_t *filter_replace(struct template_run *run, json_t *value,
			      const struct template_arguments *arguments)
{
	const char *text = template_text(run, value);
	const char *old =
	    template_text_argument(run, arguments, 0, "old", NULL);
	const char *new =
	    template_text_argument(run, arguments, 1, "new", NULL);
	json_int_t left = template_number_argument(arguments, 2, "count", -1);
	char *made = NULL;
	size_t size = 0;
	if (!text || !old || !new || !*old)
		return template_fail(run, "replace wants two texts");
	FILE *out = misp_text_file(&made, &size);
	if (!out)
		return NULL;
	for (const char *found; left-- != 0 && (found = strstr(text, old)) &&
				template_work(run, 1 + strlen(new));) {
		fwrite(text, 1, (size_t)(found - text), out);
		fputs(new, out);
		text = found + strlen(old);
	}
	fputs(text, out);
	json_t *result = fclose(out) == 0 ? template_string(run, made) : NULL;
	free(made);
	return result;
}

static json_t *filter_truncate(struct template_run *run, json_t *value,
			       const struct template_arguments *arguments)
{
	json_t *text = template_string(run, template_text(run, value));
	json_int_t length =
	    template_number_argument(arguments, 0, "length", TRUNCATE_LENGTH);
	bool kills =
	    template_true(template_argument(arguments, 1, "killwords"));
	const char *end =
	    template_text_argument(run, arguments, 2, "end", "...");
	json_int_t leeway =
	    template_number_argument(arguments, 3, "leeway", TRUNCATE_LEEWAY);
	if (!text || !end ||
	    (json_int_t)template_length(run, text) <=
		length + (leeway < 0 ? 0 : leeway))
		return text;
	json_int_t kept =
	    length - (json_int_t)u8_mbsnlen((const uint8_t *)end, strlen(end));
	json_t *cut = template_slice(
	    run, text, NULL,
	    template_keep(run, json_integer(kept > 0 ? kept : 0)));
	const char *words = json_string_value(cut);
	const char *space = words && !kills ? strrchr(words, ' ') : NULL;
	if (!words)
		return NULL;
	return template_string(
	    run,
	    misp_text(run->query, "%.*s%s",
		      (int)(space ? (size_t)(space - words) : strlen(words)),
		      words, end));
}

static void write_indented(FILE *out, const char *text,
			   const struct template_arguments *arguments)
{
	const json_t *text_width = template_argument(arguments, 0, "width");
	json_int_t width =
	    template_number_argument(arguments, 0, "width", INDENT_WIDTH);
	bool first = template_true(template_argument(arguments, 1, "first"));
	bool blank = template_true(template_argument(arguments, 2, "blank"));
	if (width < 0 || width > WIDTH_MOST)
		width = WIDTH_MOST;
	for (bool begins = first; *text; text++) {
		if (begins && (blank || *text != '\n')) {
			if (json_is_string(text_width))
				fputs(json_string_value(text_width), out);
			else
				fprintf(out, "%*s", (int)width, "");
		}
		fputc(*text, out);
		begins = *text == '\n';
	}
}

static json_t *filter_indent(struct template_run *run, json_t *value,
			     const struct template_arguments *arguments)
{
	/* The same width before each line: many make much of little. */
	const char *text = template_text(run, value);
	size_t width =
	    1 + json_string_length(template_argument(arguments, 0, "width"));
	for (; text && *text; text++)
		if (*text == '\n' && !template_work(run, width))
			return NULL;
	return written(run, value, write_indented, arguments);
}

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
	return written(run, value, write_escaped, arguments);
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
	return written(run, value, write_url, arguments);
}

static json_t *filter_string(struct template_run *run, json_t *value,
			     const struct template_arguments *arguments)
{
	(void)arguments;
	return json_is_string(value)
		   ? value
		   : template_string(run, template_text(run, value));
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
			? misp_text_file(&made, &size)
			: NULL;
	if (!out)
		return NULL;
	for (; *json; json++)
		fprintf(out, strchr(marks, *json) ? "\\u%04x" : "%c",
			(unsigned char)*json);
	json_t *result = fclose(out) == 0 ? template_string(run, made) : NULL;
	free(made);
	return result;
}

/* ---- Others ---- */

static json_t *filter_default(struct template_run *run, json_t *value,
			      const struct template_arguments *arguments)
{
	json_t *otherwise = template_argument(arguments, 0, "default_value");
	bool false_as_well =
	    template_true(template_argument(arguments, 1, "boolean"));
	if (value && (!false_as_well || template_true(value)))
		return value;
	return otherwise ? otherwise : template_string(run, "");
}

static json_t *filter_length(struct template_run *run, json_t *value,
			     const struct template_arguments *arguments)
{
	(void)arguments;
	return template_keep(
	    run, json_integer((json_int_t)template_length(run, value)));
}

static json_t *filter_safe(struct template_run *run, json_t *value,
			   const struct template_arguments *arguments)
{
	(void)run;
	(void)arguments;
	return value;
}

static const struct {
	const char *name;
	template_filter_function *filter;
} filters[] = {
    {"capitalize", filter_capitalize},
    {"count", filter_length},
    {"d", filter_default},
    {"default", filter_default},
    {"e", filter_escape},
    {"escape", filter_escape},
    {"forceescape", filter_escape},
    {"indent", filter_indent},
    {"length", filter_length},
    {"lower", filter_lower},
    {"replace", filter_replace},
    {"safe", filter_safe},
    {"string", filter_string},
    {"title", filter_title},
    {"tojson", filter_tojson},
    {"trim", filter_trim},
    {"truncate", filter_truncate},
    {"upper", filter_upper},
    {"urlencode", filter_urlencode},
};

json_t *template_filter(struct template_run *run, const char *name,
			json_t *value,
			const struct template_arguments *arguments)
{
	template_filter_function *filter = template_list_filter(name);
	if (!filter)
		filter = template_number_filter(name);
	for (size_t i = 0; !filter && i < sizeof(filters) / sizeof(*filters);
	     i++)
		if (strcmp(filters[i].name, name) == 0)
			filter = filters[i].filter;
	return filter ? filter(run, value, arguments)
		      : template_fail(run, "the filter %s is not known here",
				      name);
}
