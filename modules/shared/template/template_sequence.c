/*
 * template_sequence.c: lists, objects and texts as a template goes through
 * them. A text is counted in letters, not bytes.
 */
#include "template_parts.h"

#include <string.h>
#include <unistr.h>

size_t template_length(struct template_run *run, const json_t *value)
{
	if (json_is_string(value))
		return !template_work(run, json_string_length(value))
			   ? 0
			   : u8_mbsnlen(
				 (const uint8_t *)json_string_value(value),
				 json_string_length(value));
	return json_is_array(value) ? json_array_size(value)
				    : json_object_size(value);
}

/* Where the letter of this number begins, or the end. */
static const char *letter_at(const char *text, size_t index)
{
	while (*text && index > 0) {
		do {
			text++;
		} while (((unsigned char)*text & 0xc0) == 0x80);
		index--;
	}
	return text;
}

/* Letters from one number to another. */
static json_t *letters(struct template_run *run, const json_t *text,
		       size_t from, size_t to)
{
	const char *start = letter_at(json_string_value(text), from);
	const char *end = letter_at(start, to - from);
	if (!template_work(run, json_string_length(text)))
		return NULL;
	return template_keep(run, json_stringn(start, (size_t)(end - start)));
}

static json_t *all_letters(struct template_run *run, const json_t *text)
{
	json_t *list = template_keep(run, json_array());
	const char *at = json_string_value(text);
	if (!template_work(run, json_string_length(text)))
		return NULL;
	while (*at && template_work(run, 10)) {
		const char *end = letter_at(at, 1);
		json_array_append_new(list,
				      json_stringn(at, (size_t)(end - at)));
		at = end;
	}
	return list;
}

json_t *template_items(struct template_run *run, json_t *value)
{
	if (json_is_array(value))
		return value;
	if (json_is_string(value))
		return all_letters(run, value);
	if (value && !json_is_object(value))
		return template_fail(run, "this is no list");
	json_t *list = template_keep(run, json_array());
	const char *name;
	json_t *member;
	json_object_foreach (value, name, member) {
		if (!template_work(run, 1 + strlen(name)))
			return NULL;
		json_array_append_new(list, json_string(name));
	}
	return list;
}

/* A position from the start or, below 0, from the end. */
static size_t position(json_int_t wanted, size_t length)
{
	if (wanted < 0)
		wanted += (json_int_t)length;
	if (wanted < 0)
		return 0;
	return (size_t)wanted < length ? (size_t)wanted : length;
}

/* What groupby makes are pairs, and their parts have names. */
static json_t *group_part(json_t *group, const char *name)
{
	if (json_array_size(group) == 2 && strcmp(name, "grouper") == 0)
		return json_array_get(group, 0);
	if (json_array_size(group) == 2 && strcmp(name, "list") == 0)
		return json_array_get(group, 1);
	return NULL;
}

json_t *template_item(struct template_run *run, json_t *value,
		      const json_t *key)
{
	if (json_is_object(value) && json_is_string(key))
		return json_object_get(value, json_string_value(key));
	if (json_is_array(value) && json_is_string(key))
		return group_part(value, json_string_value(key));
	if (!json_is_integer(key) || json_is_object(value))
		return NULL;
	json_int_t wanted = json_integer_value(key);
	size_t length = template_length(run, value);
	if (wanted < -(json_int_t)length || wanted >= (json_int_t)length)
		return NULL;
	size_t at = position(wanted, length);
	return json_is_array(value) ? json_array_get(value, at)
				    : letters(run, value, at, at + 1);
}

json_t *template_slice(struct template_run *run, json_t *value,
		       const json_t *from, const json_t *to)
{
	size_t length = template_length(run, value);
	size_t start = json_is_integer(from)
			   ? position(json_integer_value(from), length)
			   : 0;
	size_t end = json_is_integer(to)
			 ? position(json_integer_value(to), length)
			 : length;
	if (start > end)
		end = start;
	if (json_is_string(value))
		return letters(run, value, start, end);
	if (!json_is_array(value))
		return template_fail(run, "this is neither text nor a list");
	json_t *list = template_keep(run, json_array());
	for (; start < end && template_work(run, 1); start++)
		json_array_append(list, json_array_get(value, start));
	return list;
}
