/*
 * template_texts.c: the filters of templates that change text.
 */
#include "template_parts.h"

#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <unistr.h>

#define TRUNCATE_LENGTH 255
#define TRUNCATE_LEEWAY 5
#define INDENT_WIDTH 4
#define WIDTH_MOST 200

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
	return template_written_by(run, value, write_title, arguments);
}

static json_t *filter_capitalize(struct template_run *run, json_t *value,
				 const struct template_arguments *arguments)
{
	return template_written_by(run, value, write_capitalized, arguments);
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
	FILE *out = misp_text_file(run->query, &made, &size);
	if (!out)
		return NULL;
	for (const char *found; left-- != 0 && (found = strstr(text, old)) &&
				template_work(run, 1 + strlen(new));) {
		fwrite(text, 1, (size_t)(found - text), out);
		fputs(new, out);
		text = found + strlen(old);
	}
	fputs(text, out);
	return template_written(run, out, &made);
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
	return template_written_by(run, value, write_indented, arguments);
}

const struct template_filter_entry template_text_filters[] = {
    {"capitalize", filter_capitalize},
    {"indent", filter_indent},
    {"lower", filter_lower},
    {"replace", filter_replace},
    {"title", filter_title},
    {"trim", filter_trim},
    {"truncate", filter_truncate},
    {"upper", filter_upper},
    {0},
};
