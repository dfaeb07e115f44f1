/*
 * template_parts.h: what the files of template.h share: a template is parsed
 * to nodes, which are then run. A value is JSON; NULL is what Jinja2 calls
 * undefined. Values and nodes live as long as the query.
 */
#ifndef MODULES_TEMPLATE_PARTS_H
#define MODULES_TEMPLATE_PARTS_H

#include "template.h"

#define TEMPLATE_DEPTH_MOST 200      /* of what is nested */
#define TEMPLATE_WORK_MOST 20000000L /* steps, and bytes that are handled */
#define TEMPLATE_ARGUMENTS_MOST 8

enum template_kind {
	TEMPLATE_LITERAL,
	TEMPLATE_NAME,
	TEMPLATE_LIST,
	TEMPLATE_DICT,  /* keys and values in turn */
	TEMPLATE_ITEM,  /* one[two], one.name */
	TEMPLATE_SLICE, /* one[two:three] */
	TEMPLATE_CALL,  /* one.text(list), text(list) */
	TEMPLATE_FILTER,
	TEMPLATE_TEST,
	TEMPLATE_NOT,
	TEMPLATE_NEGATIVE,
	TEMPLATE_AND,
	TEMPLATE_OR,
	TEMPLATE_BINARY,
	TEMPLATE_CONDITION, /* two if one else three */
	TEMPLATE_KEYWORD,   /* text=one, an argument */
	/* Statements */
	TEMPLATE_TEXT,
	TEMPLATE_OUTPUT,
	TEMPLATE_IF,  /* one: list, else other */
	TEMPLATE_FOR, /* names two in one, if three: list, else other */
	TEMPLATE_SET, /* names two = one, or list */
};

struct template_node {
	enum template_kind kind;
	size_t at; /* where it begins in the text */
	const char *text;
	json_t *value;
	struct template_node *one;
	struct template_node *two;
	struct template_node *three;
	struct template_node *list;
	struct template_node *other;
	struct template_node *next;
};

struct template_variable {
	const char *name;
	json_t *value;
	struct template_variable *next;
};

/* Where a loop is. */
struct template_loop {
	json_t *items;
	size_t index;
};

struct template_run {
	struct misp_query *query;
	char *problem;
	const char *text;
	const char *at; /* what is parsed next */
	size_t where;   /* of what runs, for the problem's line */
	unsigned depth;
	long work; /* that is left */
	FILE *out;
	json_t *data;
	struct template_variable *variables;
	const struct template_loop *loop;
};

/* Arguments of a filter, test or function. */
struct template_arguments {
	size_t count;
	const char *names[TEMPLATE_ARGUMENTS_MOST]; /* NULL: by position */
	json_t *values[TEMPLATE_ARGUMENTS_MOST];
};

/* ---- template.c ---- */

/* Says what is wrong, the first time; returns NULL. */
void *template_fail(struct template_run *run, const char *format, ...)
    MISP_PRINTF(2, 3);
bool template_failed(const struct template_run *run);

/* Takes some of the work that is left; false when there is none, or after a
 * failure. */
bool template_work(struct template_run *run, size_t amount);

/* The work of going through all of a value. A list may be in another one many
 * times, and so be far larger and deeper than what the template took to make
 * it: asked before anything goes through a value. */
bool template_weigh(struct template_run *run, const json_t *value);

/* One level deeper; false after template_fail when it is too deep. */
bool template_enter(struct template_run *run);
void template_leave(struct template_run *run);

/* A value that was made: stolen, borrowed from now on. */
json_t *template_keep(struct template_run *run, json_t *value);
json_t *template_string(struct template_run *run, const char *text);

struct template_node *template_node(struct template_run *run,
				    enum template_kind kind);
struct template_node *template_node_with(struct template_run *run,
					 enum template_kind kind,
					 struct template_node *one);

/* ---- template_parse.c ---- */

struct template_node *template_parse(struct template_run *run);

/* ---- template_marks.c ---- */

/* Whether a tag or comment begins. */
bool template_opens(const char *at);
/* Takes what opens a tag, and its "-" or "+". */
void template_open_mark(struct template_run *run);
/* Takes "}}" or "%}"; "-" before it takes the white space behind it as well.
 * false after template_fail. */
bool template_close_mark(struct template_run *run, const char *mark);
struct template_node *template_plain_text(struct template_run *run);
void template_skip_comment(struct template_run *run);
/* Behind the word raw: up to {% endraw %}. */
struct template_node *template_raw(struct template_run *run);

/* ---- template_expression.c, template_postfix.c, template_primary.c ---- */

struct template_node *template_expression(struct template_run *run);
/* Without "if … else …". */
struct template_node *template_operand(struct template_run *run);
/* "a, b" is a list. */
struct template_node *template_tuple(struct template_run *run);
/* A value with the sign before it and all that stands behind it. */
struct template_node *template_unary(struct template_run *run);
struct template_node *template_primary(struct template_run *run);
struct template_node *template_literal(struct template_run *run, json_t *value);
bool template_in_word(char character);
const char *template_word(struct template_run *run);
void template_space(struct template_run *run);
bool template_take(struct template_run *run, const char *mark);
bool template_take_word(struct template_run *run, const char *word);
/* Whether a tag ends here: "-%}" is no minus. */
bool template_at_close(const char *at);

/* ---- template_run.c, template_evaluate.c ---- */

void template_statements(struct template_run *run,
			 const struct template_node *node);
json_t *template_evaluate(struct template_run *run,
			  const struct template_node *node);
void template_set(struct template_run *run, const char *name, json_t *value);
json_t *template_variable_of(struct template_run *run, const char *name);

/* ---- template_values.c, template_binary.c ---- */

bool template_true(const json_t *value);
/* As Python has it: true is 1. */
bool template_is_number(const json_t *value);
double template_number(const json_t *value);
bool template_equal(struct template_run *run, const json_t *left,
		    const json_t *right);
/* Below, at or above 0; fails for what has no order. */
int template_compare(struct template_run *run, const json_t *left,
		     const json_t *right);
bool template_contains(struct template_run *run, const json_t *list,
		       const json_t *item);
json_t *template_binary(struct template_run *run, const char *operation,
			json_t *left, json_t *right);

/* ---- template_write.c ---- */

/* Writes it as {{ }} does. */
void template_write(struct template_run *run, FILE *out, const json_t *value);
/* The same as text; "" when it is undefined. NULL after a failure. */
const char *template_text(struct template_run *run, const json_t *value);
/* Closes what was written to memory; the text in it, which is freed, as a
 * value. NULL without memory. */
json_t *template_written(struct template_run *run, FILE *out, char **text);
/* The text that write makes of the value's. */
json_t *template_written_by(struct template_run *run, json_t *value,
			    void (*write)(FILE *out, const char *text,
					  const struct template_arguments *),
			    const struct template_arguments *arguments);

/* ---- template_sequence.c ---- */

/* What a for loop goes through: a list, the names in an object, letters. */
json_t *template_items(struct template_run *run, json_t *value);
json_t *template_item(struct template_run *run, json_t *value,
		      const json_t *key);
json_t *template_slice(struct template_run *run, json_t *value,
		       const json_t *from, const json_t *to);
/* The length of a list, object or text (in letters); 0 for others. */
size_t template_length(struct template_run *run, const json_t *value);

/* ---- template_filter.c ---- */

json_t *template_argument(const struct template_arguments *arguments,
			  size_t position, const char *name);
const char *template_text_argument(struct template_run *run,
				   const struct template_arguments *arguments,
				   size_t position, const char *name,
				   const char *otherwise);
json_int_t template_number_argument(const struct template_arguments *arguments,
				    size_t position, const char *name,
				    json_int_t otherwise);
json_t *template_filter(struct template_run *run, const char *name,
			json_t *value,
			const struct template_arguments *arguments);

typedef json_t *
template_filter_function(struct template_run *run, json_t *value,
			 const struct template_arguments *arguments);

struct template_filter_entry {
	const char *name;
	template_filter_function *filter;
};

/* Tables end empty. */
extern const struct template_filter_entry template_list_filters[];
extern const struct template_filter_entry template_order_filters[];
extern const struct template_filter_entry template_each_filters[];
extern const struct template_filter_entry template_number_filters[];
extern const struct template_filter_entry template_text_filters[];
extern const struct template_filter_entry template_escape_filters[];

/* ---- template_lists.c ---- */

/* What is at a path in an item: "Tag.0.name"; NULL path: the item itself. */
json_t *template_at_path(json_t *item, const json_t *path);

/* ---- template_test.c, template_call.c ---- */

bool template_test(struct template_run *run, const char *name,
		   const json_t *value,
		   const struct template_arguments *arguments);
json_t *template_call(struct template_run *run, const char *name,
		      json_t *object,
		      const struct template_arguments *arguments);

#endif
