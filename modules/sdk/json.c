/*
 * json.c: yajl reads, jansson keeps. Containers are put into their parent
 * when they open, so an explicit stack of borrowed pointers is all that is
 * needed, and whatever goes wrong, freeing the root frees everything.
 */
#include "json.h"

#include "json_check.h"

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#define NO_MEMORY "there is not enough memory"
#define TOO_DEEP "it is nested too deeply"
#define NO_NUMBER "the number is too large"
#define STOPPED "it is read no further"
#define TRAILING "something follows after its end"

/* yajl has seven blocks of memory at most. */
#define YAJL_BLOCKS 16

struct parser {
	json_t *root;
	json_t *open[MISP_JSON_DEPTH]; /* borrowed, from the root inwards */
	size_t depth;
	const struct misp_json_items *items; /* NULL: all is kept */
	struct misp_item item; /* the one to come, or that is being read */
	size_t list;           /* depth of the list it is of; 0: none is open */
	char *key;             /* of the value that comes next in an object */
	size_t key_size;
	size_t key_capacity;
	const char *failure; /* what a callback found wrong */
	size_t failure_size; /* bytes of the token it was */
	yajl_handle yajl;    /* while it reads; NULL when all was read */
	size_t end;          /* where the root ends */
	size_t position;     /* how far yajl got */
	void *blocks[YAJL_BLOCKS];
	jmp_buf out_of_memory;
};

/* What yajl says, what we say, and whether yajl has read past it by then. */
static const struct message {
	const char *yajl;
	const char *text;
	size_t read;
} messages[] = {
    {"premature EOF", "it ends too early", 0},
    {"after key and value", "a ',' or '}' is missing", 0},
    {"after array element", "a ',' or ']' is missing", 1},
    {"object key and value", "a ':' is missing behind a name", 1},
    {"invalid object key", "a name (a string) is missing", 1},
    {"unallowed token", "a value is missing", 1},
    {"invalid char in json", "this character does not belong here", 1},
    {"invalid string in json", "this word is not known", 0},
    {"inside a string, '\\'", "a '\\' stands before the wrong character", 0},
    {"invalid character inside", "a control character is in a string", 0},
    {"invalid (non-hex)", "\\u is not followed by four hexadecimal digits", 0},
    {"malformed number", "a digit is missing in a number", 0},
    {"probable comment", "comments are not allowed", 0},
    {"", "it cannot be read", 0},
};

static int fail(struct parser *parser, const char *failure, size_t size)
{
	parser->failure = failure;
	parser->failure_size = size;
	return 0;
}

/* A number at the very end comes when yajl is told that this was all. */
static void note_end(struct parser *parser)
{
	if (parser->yajl)
		parser->end = yajl_get_bytes_consumed(parser->yajl);
}

/* Whether what comes next is an entry of a list that is handed out. */
static bool at_item(const struct parser *parser)
{
	return parser->list > 0 && parser->depth == parser->list;
}

/* Hands out an entry that is complete. */
static int take_item(struct parser *parser)
{
	struct misp_item *item = &parser->item;
	bool goes_on = parser->items->take(parser->items->context, item);
	json_decref(item->value);
	item->value = NULL;
	item->index++;
	return goes_on ? 1 : fail(parser, STOPPED, 0);
}

/* A list that has just been opened may be one that is handed out. */
static void note_list(struct parser *parser)
{
	const char *const *name = parser->items ? parser->items->names : NULL;
	const json_t *holder =
	    parser->depth > 1 ? parser->open[parser->depth - 2] : NULL;
	if (parser->list > 0 || !json_is_object(holder))
		return;
	for (; name && *name; name++) {
		if (strcmp(*name, parser->key) != 0)
			continue;
		parser->item = (struct misp_item){
		    .list = *name, .holder = holder, .root = parser->root};
		parser->list = parser->depth;
	}
}

/* Puts a value where the parser is. Steals it. */
static int put(struct parser *parser, json_t *value)
{
	if (!value)
		return fail(parser, NO_MEMORY, 0);
	if (at_item(parser)) {
		parser->item.value = value;
		return json_is_object(value) || json_is_array(value)
			   ? 1
			   : take_item(parser);
	}
	if (parser->depth == 0) {
		parser->root = value;
		note_end(parser);
		return 1;
	}
	json_t *parent = parser->open[parser->depth - 1];
	int result = json_is_array(parent)
			 ? json_array_append_new(parent, value)
			 : json_object_setn_new_nocheck(
			       parent, parser->key, parser->key_size, value);
	return result == 0 ? 1 : fail(parser, NO_MEMORY, 0);
}

static int open_container(struct parser *parser, json_t *container)
{
	if (parser->depth == MISP_JSON_DEPTH) {
		json_decref(container);
		return fail(parser, TOO_DEEP, 1);
	}
	if (!put(parser, container))
		return 0;
	parser->open[parser->depth++] = container;
	return 1;
}

static int on_start_map(void *context)
{
	return open_container(context, json_object());
}

static int on_start_array(void *context)
{
	if (!open_container(context, json_array()))
		return 0;
	note_list(context);
	return 1;
}

static int on_end(void *context)
{
	struct parser *parser = context;
	if (--parser->depth == 0)
		note_end(parser);
	if (at_item(parser))
		return take_item(parser);
	if (parser->depth < parser->list)
		parser->list = 0;
	return 1;
}

/* yajl's text is gone when the value comes, so the key is copied. */
static int on_map_key(void *context, const unsigned char *text, size_t size)
{
	struct parser *parser = context;
	if (size >= parser->key_capacity) {
		char *key = realloc(parser->key, size + 1);
		if (!key)
			return fail(parser, NO_MEMORY, 0);
		parser->key = key;
		parser->key_capacity = size + 1;
	}
	memcpy(parser->key, text, size);
	parser->key[size] = '\0';
	parser->key_size = size;
	return 1;
}

static int on_string(void *context, const unsigned char *text, size_t size)
{
	return put(context, json_stringn_nocheck((const char *)text, size));
}

static int on_null(void *context)
{
	return put(context, json_null());
}

static int on_boolean(void *context, int value)
{
	return put(context, json_boolean(value));
}

static bool is_whole(const char *text, size_t size)
{
	for (size_t i = text[0] == '-' ? 1 : 0; i < size; i++)
		if (text[i] < '0' || text[i] > '9')
			return false;
	return true;
}

/* Whether a whole number is one that a json_int_t holds. */
static bool to_integer(const char *text, size_t size, json_int_t *integer)
{
	json_int_t value = 0;
	/* Downwards, for the smallest number has no positive twin. */
	for (size_t i = text[0] == '-' ? 1 : 0; i < size; i++)
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_sub_overflow(value, text[i] - '0', &value))
			return false;
	if (text[0] != '-' && __builtin_sub_overflow(0, value, &value))
		return false;
	*integer = value;
	return true;
}

static int on_number(void *context, const char *text, size_t size)
{
	json_int_t integer;
	if (is_whole(text, size))
		return put(context, to_integer(text, size, &integer)
					? json_integer(integer)
					: json_stringn_nocheck(text, size));
	/* jansson minds the locale, the length and what no double holds. */
	json_error_t error;
	json_t *real = json_loadb(
	    text, size, JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL, &error);
	if (!real)
		return fail(context, NO_NUMBER, size);
	return put(context, real);
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_start_map,
    .yajl_map_key = on_map_key,
    .yajl_end_map = on_end,
    .yajl_start_array = on_start_array,
    .yajl_end_array = on_end,
};

/* Of a value that is only looked at: what it is nested in. */
static int on_look_in(void *context)
{
	struct parser *parser = context;
	if (parser->depth == MISP_JSON_DEPTH)
		return fail(parser, TOO_DEEP, 1);
	parser->depth++;
	return 1;
}

static int on_look_out(void *context)
{
	struct parser *parser = context;
	if (--parser->depth == 0)
		note_end(parser);
	return 1;
}

static const yajl_callbacks looking = {
    .yajl_start_map = on_look_in,
    .yajl_end_map = on_look_out,
    .yajl_start_array = on_look_in,
    .yajl_end_array = on_look_out,
};

/* yajl does not look whether it got memory, so it never learns: the parser is
 * left at once, and what yajl held is freed from the table. */
static void *yajl_grow(void *context, void *pointer, size_t size)
{
	struct parser *parser = context;
	size_t i = 0;
	while (i < YAJL_BLOCKS && parser->blocks[i] != pointer)
		i++;
	void *grown = i < YAJL_BLOCKS ? realloc(pointer, size) : NULL;
	if (!grown)
		longjmp(parser->out_of_memory, 1);
	parser->blocks[i] = grown;
	return grown;
}

static void *yajl_new(void *context, size_t size)
{
	return yajl_grow(context, NULL, size);
}

static void yajl_release(void *context, void *pointer)
{
	struct parser *parser = context;
	for (size_t i = 0; pointer && i < YAJL_BLOCKS; i++)
		if (parser->blocks[i] == pointer)
			parser->blocks[i] = NULL;
	free(pointer);
}

/* Puts yajl's failure in our words, without the quotation of the input. */
static void translate(struct parser *parser, yajl_handle yajl)
{
	unsigned char *error = yajl_get_error(yajl, 0, NULL, 0);
	const struct message *message = messages;
	while (!strstr((char *)error, message->yajl))
		message++;
	fail(parser, message->text, message->read);
}

/* yajl says nothing of a string that follows the value and is not closed. */
static void check_rest(struct parser *parser, const char *bytes, size_t size)
{
	for (size_t i = parser->end; i < size; i++) {
		if (bytes[i] != '\0' && strchr(" \t\r\n", bytes[i]))
			continue;
		fail(parser, TRAILING, 0);
		parser->position = i;
		return;
	}
}

/* Parses; what failed, if anything, is in parser->failure. */
static void run(struct parser *parser, const yajl_callbacks *calls,
		const char *bytes, size_t size)
{
	if (setjmp(parser->out_of_memory) != 0) {
		fail(parser, NO_MEMORY, 0);
		return;
	}
	yajl_alloc_funcs memory = {yajl_new, yajl_grow, yajl_release, parser};
	yajl_handle yajl = yajl_alloc(calls, &memory, parser);
	parser->yajl = yajl;
	yajl_config(yajl, yajl_dont_validate_strings, 1);  /* we have */
	yajl_config(yajl, yajl_allow_trailing_garbage, 1); /* check_rest */
	yajl_status status =
	    yajl_parse(yajl, (const unsigned char *)bytes, size);
	parser->position = yajl_get_bytes_consumed(yajl);
	if (status == yajl_status_ok) {
		parser->yajl = NULL;
		parser->end = parser->end > 0 ? parser->end : size;
		parser->position = size;
		status = yajl_complete_parse(yajl);
	}
	if (status == yajl_status_error)
		translate(parser, yajl);
	/* From the end of what is wrong to its beginning. */
	if (parser->position >= parser->failure_size)
		parser->position -= parser->failure_size;
	if (status == yajl_status_ok)
		check_rest(parser, bytes, size);
}

static void free_blocks(struct parser *parser)
{
	for (size_t i = 0; i < YAJL_BLOCKS; i++)
		free(parser->blocks[i]);
}

static void describe(struct misp_json_error *error, const char *text,
		     const char *bytes, size_t position)
{
	const char *line = bytes;
	error->position = position;
	error->line = 1;
	for (const char *end = bytes + position;; error->line++) {
		const char *next = memchr(line, '\n', (size_t)(end - line));
		if (!next)
			break;
		line = next + 1;
	}
	error->column = (unsigned)(bytes + position - line) + 1;
	error->no_memory = strcmp(text, NO_MEMORY) == 0;
	snprintf(error->text, sizeof(error->text), "%s", text);
}

static json_t *parse(const char *bytes, size_t size,
		     const struct misp_json_items *items,
		     struct misp_json_error *error)
{
	size_t position = 0;
	const char *failure = json_check_text(bytes, size, &position);
	if (failure) {
		describe(error, failure, bytes, position);
		return NULL;
	}
	struct parser parser = {.items = items};
	run(&parser, &callbacks, bytes, size);
	free_blocks(&parser);
	free(parser.key);
	if (!parser.failure)
		return parser.root;
	describe(error, parser.failure, bytes, parser.position);
	json_decref(parser.item.value);
	json_decref(parser.root);
	return NULL;
}

json_t *misp_json_parse_items(const void *bytes, size_t size,
			      const struct misp_json_items *items,
			      struct misp_json_error *error)
{
	if (!bytes || size == 0) {
		describe(error, "it is empty", "", 0);
		return NULL;
	}
	return parse(bytes, size, items, error);
}

json_t *misp_json_parse(const void *bytes, size_t size,
			struct misp_json_error *error)
{
	return misp_json_parse_items(bytes, size, NULL, error);
}

bool misp_json_is_object(const char *bytes, size_t size)
{
	struct parser parser = {0};
	size_t position = 0;
	if (size == 0 || bytes[0] != '{' ||
	    json_check_text(bytes, size, &position))
		return false;
	run(&parser, &looking, bytes, size);
	free_blocks(&parser);
	return !parser.failure;
}
