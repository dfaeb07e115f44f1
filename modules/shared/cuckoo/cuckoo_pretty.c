/*
 * cuckoo_pretty.c: what a mark of a signature says, whose members are as the
 * signature's author thought of them: in their order, values cut. Values are
 * written as Python has them, since rules in MISP may look for them.
 */
#include "cuckoo.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Characters of a value. */
#define VALUE_MAX 30

/* Members of a mark. */
#define MEMBERS_MAX 100

/* A value as far as it is shown, and a character more if it goes on. */
struct value {
	char text[4 * (VALUE_MAX + 1) + 1];
	size_t length;
	size_t characters;
};

static bool value_full(const struct value *value)
{
	return value->characters > VALUE_MAX;
}

/* Adds UTF-8, character by character. */
static void value_add(struct value *value, const char *text)
{
	for (; *text; text++) {
		bool begins = ((unsigned char)*text & 0xc0) != 0x80;
		if ((begins && value_full(value)) ||
		    value->length + 1 >= sizeof(value->text))
			return;
		value->characters += begins;
		value->text[value->length++] = *text;
		value->text[value->length] = '\0';
	}
}

/* Leaves out the character that is too many; whether there was one. */
static bool value_cut(struct value *value)
{
	if (!value_full(value))
		return false;
	do
		value->length--;
	while (((unsigned char)value->text[value->length] & 0xc0) == 0x80);
	value->text[value->length] = '\0';
	value->characters = VALUE_MAX;
	return true;
}

/* A string in a list. */
static void value_quote(struct value *value, const char *text)
{
	const char *quote =
	    strchr(text, '\'') && !strchr(text, '"') ? "\"" : "'";
	value_add(value, quote);
	for (; *text && !value_full(value); text++) {
		char one[] = {*text, '\0'};
		if (*text == '\\' || *text == *quote)
			value_add(value, "\\");
		if (*text == '\n' || *text == '\r' || *text == '\t')
			value_add(value, *text == '\n'   ? "\\n"
					 : *text == '\r' ? "\\r"
							 : "\\t");
		else
			value_add(value, one);
	}
	value_add(value, quote);
}

/* The fewest digits that are the same number. */
static void value_real(struct value *value, double number)
{
	char text[64];
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, number);
		if (strtod(text, NULL) == number)
			break;
	}
	value_add(value, text);
	if (strspn(text, "-0123456789") == strlen(text))
		value_add(value, ".0");
}

static void value_json(struct value *value, const json_t *json, bool quoted);

/* Each value of an object is cut by itself, as marks are by cuckoo_pretty. */
static void value_object(struct value *value, const json_t *object)
{
	const char *name;
	json_t *member;
	const char *between = "";
	json_object_foreach ((json_t *)object, name, member) {
		struct value inside = {0};
		if (value_full(value))
			return;
		value_json(&inside, member, false);
		const char *cut = value_cut(&inside) ? ",cut" : "";
		const char *parts[] = {between, "(",  name,
				       cut,     ") ", inside.text};
		for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
			value_add(value, parts[i]);
		between = "; ";
	}
}

static void value_list(struct value *value, const json_t *list)
{
	size_t i;
	json_t *entry;
	value_add(value, "[");
	json_array_foreach (list, i, entry) {
		if (value_full(value))
			return;
		value_add(value, i > 0 ? ", " : "");
		value_json(value, entry, true);
	}
	value_add(value, "]");
}

/* Goes as deep as JSON may be. */
static void value_json(struct value *value, const json_t *json, bool quoted)
{
	char number[32];
	switch (json_typeof(json)) {
	case JSON_OBJECT:
		value_object(value, json);
		break;
	case JSON_ARRAY:
		value_list(value, json);
		break;
	case JSON_STRING:
		if (quoted)
			value_quote(value, json_string_value(json));
		else
			value_add(value, json_string_value(json));
		break;
	case JSON_INTEGER:
		snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
			 json_integer_value(json));
		value_add(value, number);
		break;
	case JSON_REAL:
		value_real(value, json_real_value(json));
		break;
	default:
		value_add(value, json_is_true(json)    ? "True"
				 : json_is_false(json) ? "False"
						       : "None");
	}
}

const char *cuckoo_pretty(struct misp_query *query, const json_t *object,
			  const char *without)
{
	const char *text = NULL;
	const char *name;
	json_t *member;
	size_t count = 0;
	json_object_foreach ((json_t *)object, name, member) {
		struct value value = {0};
		if (without && strcmp(name, without) == 0)
			continue;
		if (++count > MEMBERS_MAX)
			break;
		value_json(&value, member, false);
		const char *cut = value_cut(&value) ? ",cut" : "";
		misp_append(
		    query, &text, "; ",
		    misp_text(query, "(%s%s) %s", name, cut, value.text));
	}
	return text;
}
