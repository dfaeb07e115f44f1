/*
 * dump.c: JSON as text; see dump.h.
 */
#include "dump.h"

#include <yajl/yajl_gen.h>

struct dump {
	bool (*add)(void *context, const char *bytes, size_t size);
	void *context;
	yajl_gen writer;
	bool failed;
};

static void on_text(void *context, const char *bytes, size_t size)
{
	struct dump *dump = context;

	if (!dump->failed)
		dump->failed = !dump->add(dump->context, bytes, size);
}

static void note(struct dump *dump, yajl_gen_status status)
{
	if (status != yajl_gen_status_ok)
		dump->failed = true;
}

static void write_string(struct dump *dump, const char *text, size_t size)
{
	note(dump,
	     yajl_gen_string(dump->writer, (const unsigned char *)text, size));
}

/* jansson minds the locale, and how many digits a number needs. */
static void write_number(struct dump *dump, const json_t *number)
{
	char text[64];
	size_t size = json_dumpb(number, text, sizeof(text), JSON_ENCODE_ANY);

	if (size == 0 || size > sizeof(text))
		dump->failed = true;
	else
		note(dump, yajl_gen_number(dump->writer, text, size));
}

static void write_value(struct dump *dump, const json_t *json);

static void write_object(struct dump *dump, const json_t *object)
{
	json_t *members = (json_t *)object; /* the iterator wants it so */
	void *at = json_object_iter(members);

	note(dump, yajl_gen_map_open(dump->writer));
	for (; at && !dump->failed; at = json_object_iter_next(members, at)) {
		write_string(dump, json_object_iter_key(at),
			     json_object_iter_key_len(at));
		write_value(dump, json_object_iter_value(at));
	}
	note(dump, yajl_gen_map_close(dump->writer));
}

static void write_array(struct dump *dump, const json_t *array)
{
	size_t size = json_array_size(array);

	note(dump, yajl_gen_array_open(dump->writer));
	for (size_t i = 0; i < size && !dump->failed; i++)
		write_value(dump, json_array_get(array, i));
	note(dump, yajl_gen_array_close(dump->writer));
}

/* As deep as yajl lets it be. */
static void write_value(struct dump *dump, const json_t *json)
{
	switch (json_typeof(json)) {
	case JSON_OBJECT:
		write_object(dump, json);
		break;
	case JSON_ARRAY:
		write_array(dump, json);
		break;
	case JSON_STRING:
		write_string(dump, json_string_value(json),
			     json_string_length(json));
		break;
	case JSON_INTEGER:
	case JSON_REAL:
		write_number(dump, json);
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		note(dump, yajl_gen_bool(dump->writer, json_is_true(json)));
		break;
	case JSON_NULL:
		note(dump, yajl_gen_null(dump->writer));
		break;
	}
}

bool dump_json(const json_t *json,
	       bool (*add)(void *context, const char *bytes, size_t size),
	       void *context)
{
	struct dump dump = {add, context, yajl_gen_alloc(NULL), false};

	if (!dump.writer)
		return false;
	yajl_gen_config(dump.writer, yajl_gen_print_callback, on_text, &dump);
	write_value(&dump, json);
	yajl_gen_free(dump.writer);
	return !dump.failed;
}
