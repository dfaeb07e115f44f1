/*
 * python_text.c: JSON as Python writes it.
 */
#include "python_text.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SHORT_DIGITS 15 /* these many of a double are always exact */
#define ALL_DIGITS 17

void python_json_escapes(char *text)
{
	for (; text && *text; text++) {
		if (*text != '\\')
			continue;
		text++;
		for (int i = 1; *text == 'u' && i <= 4; i++)
			text[i] = (char)tolower((unsigned char)text[i]);
	}
}

const char *python_json(struct misp_query *query, const json_t *json,
			bool sorted)
{
	char *text =
	    json_dumps(json, JSON_ENSURE_ASCII | JSON_ENCODE_ANY |
				 (sorted ? (size_t)JSON_SORT_KEYS : 0));
	python_json_escapes(text);
	return misp_defer(query, text, free);
}

/* The shortest text that is read as the same number. */
static void write_real(FILE *out, double number)
{
	char text[64] = "";
	/* Python begins with exponents at 1e16, %g with a digit more than it
	 * may write. */
	int digits = fabs(number) < 1e15 || fabs(number) >= 1e16
			 ? SHORT_DIGITS
			 : SHORT_DIGITS + 1;
	do {
		snprintf(text, sizeof(text), "%.*g", digits, number);
	} while (strtod(text, NULL) != number && ++digits <= ALL_DIGITS);
	bool whole = isfinite(number) && !text[strcspn(text, ".e")];
	fprintf(out, "%s%s", text, whole ? ".0" : "");
}

void python_number(FILE *out, const json_t *number)
{
	if (json_is_integer(number))
		fprintf(out, "%" JSON_INTEGER_FORMAT,
			json_integer_value(number));
	else
		write_real(out, json_real_value(number));
}

static void write_character(FILE *out, unsigned char character, char quote)
{
	static const char escaped[] = "\n\r\t\\";
	static const char letters[] = "nrt\\";
	const char *found = character ? strchr(escaped, character) : NULL;
	if (found)
		fprintf(out, "\\%c", letters[found - escaped]);
	else if (character == (unsigned char)quote)
		fprintf(out, "\\%c", quote);
	else if (character < ' ' || character == 0x7f)
		fprintf(out, "\\x%02x", character);
	else
		fputc(character, out);
}

static void write_string(FILE *out, const char *text, size_t length, long most)
{
	bool doubled = memchr(text, '\'', length) && !memchr(text, '"', length);
	char quote = doubled ? '"' : '\'';
	if (most >= 0 && length > (size_t)most)
		length = (size_t)most;
	fputc(quote, out);
	for (size_t i = 0; i < length; i++)
		write_character(out, (unsigned char)text[i], quote);
	fputc(quote, out);
}

static void write_members(FILE *out, const json_t *json, long most)
{
	const char *before = "";
	const char *name;
	json_t *member;
	size_t i;
	json_object_foreach ((json_t *)json, name, member) {
		if (ftell(out) > most)
			return;
		fputs(before, out);
		write_string(out, name, strlen(name), most);
		fputs(": ", out);
		python_repr(out, member, most);
		before = ", ";
	}
	json_array_foreach (json, i, member) {
		if (ftell(out) > most)
			return;
		fputs(before, out);
		python_repr(out, member, most);
		before = ", ";
	}
}

/* JSON that was read is not nested deeper than jansson reads. */
void python_repr(FILE *out, const json_t *json, long most)
{
	bool list = json_is_array(json);
	switch (json_typeof(json)) {
	case JSON_OBJECT:
	case JSON_ARRAY:
		fputc(list ? '[' : '{', out);
		write_members(out, json, most);
		fputc(list ? ']' : '}', out);
		break;
	case JSON_STRING:
		write_string(out, json_string_value(json),
			     json_string_length(json), most);
		break;
	case JSON_INTEGER:
	case JSON_REAL:
		python_number(out, json);
		break;
	case JSON_TRUE:
		fputs("True", out);
		break;
	case JSON_FALSE:
		fputs("False", out);
		break;
	case JSON_NULL:
		fputs("None", out);
		break;
	}
}
