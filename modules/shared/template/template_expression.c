/*
 * template_expression.c: the expressions of a template. What binds weakest
 * comes last.
 */
#include "template_parts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Whether a tag ends here: "-%}" is no minus. */
static bool at_close(const char *at)
{
	at += *at == '-' || *at == '+';
	return strncmp(at, "%}", 2) == 0 || strncmp(at, "}}", 2) == 0;
}

/* ---- What stands behind a value ---- */

static struct template_node *parse_argument(struct template_run *run)
{
	const char *before = run->at;
	const char *name = template_word(run);
	template_space(run);
	if (!name || *run->at != '=' || run->at[1] == '=') {
		run->at = before;
		return template_expression(run);
	}
	run->at++;
	struct template_node *node = template_node(run, TEMPLATE_KEYWORD);
	if (!node)
		return NULL;
	node->text = name;
	node->one = template_expression(run);
	return node;
}

/* "(a, b=c)", behind the bracket; NULL for none. */
static struct template_node *parse_arguments(struct template_run *run)
{
	struct template_node *first = NULL;
	struct template_node **last = &first;
	while (!template_take(run, ")") && !template_failed(run)) {
		*last = parse_argument(run);
		last = *last ? &(*last)->next : last;
		template_space(run);
		if (*run->at != ')' && !template_take(run, ","))
			return template_fail(run, ") is missing");
	}
	return first;
}

static struct template_node *with(struct template_run *run,
				  enum template_kind kind,
				  struct template_node *one)
{
	struct template_node *node = template_node(run, kind);
	if (node)
		node->one = one;
	return node;
}

static struct template_node *parse_subscript(struct template_run *run,
					     struct template_node *one)
{
	struct template_node *node = with(run, TEMPLATE_ITEM, one);
	if (!node)
		return NULL;
	template_space(run);
	if (*run->at != ':')
		node->two = template_expression(run);
	if (template_take(run, ":")) {
		node->kind = TEMPLATE_SLICE;
		template_space(run);
		if (*run->at != ']')
			node->three = template_expression(run);
	}
	return template_take(run, "]") ? node
				       : template_fail(run, "] is missing");
}

/* ".name", ".0" or ".name(…)". */
static struct template_node *parse_member(struct template_run *run,
					  struct template_node *one)
{
	struct template_node *node = with(run, TEMPLATE_ITEM, one);
	if (!node)
		return NULL;
	if (isdigit((unsigned char)*run->at)) {
		char *end = NULL;
		node->two = template_literal(
		    run, json_integer(strtoll(run->at, &end, 10)));
		run->at = end;
		return node;
	}
	node->text = template_word(run);
	if (!node->text)
		return template_fail(run, "a name is missing behind the dot");
	if (template_take(run, "(")) {
		node->kind = TEMPLATE_CALL;
		node->list = parse_arguments(run);
	} else {
		node->two = template_literal(run, json_string(node->text));
	}
	return node;
}

static struct template_node *parse_postfix(struct template_run *run,
					   struct template_node *node)
{
	while (node && !template_failed(run)) {
		if (template_take(run, ".")) {
			node = parse_member(run, node);
		} else if (template_take(run, "[")) {
			node = parse_subscript(run, node);
		} else if (node->kind == TEMPLATE_NAME &&
			   template_take(run, "(")) {
			node->kind = TEMPLATE_CALL;
			node->list = parse_arguments(run);
		} else {
			break;
		}
	}
	return node;
}

/* "is divisibleby 3": one argument may stand without brackets. */
static bool begins_argument(struct template_run *run)
{
	static const char *const others[] = {"and", "or",  "else", "if",
					     "is",  "not", "in",   NULL};
	template_space(run);
	const char *before = run->at;
	for (const char *const *word = others; *word; word++)
		if (template_take_word(run, *word)) {
			run->at = before;
			return false;
		}
	return template_in_word(*before) ||
	       (*before && strchr("\"'[{", *before) && !at_close(before));
}

static struct template_node *parse_test(struct template_run *run,
					struct template_node *one)
{
	bool negated = template_take_word(run, "not");
	struct template_node *node = with(run, TEMPLATE_TEST, one);
	if (!node)
		return NULL;
	node->text = template_word(run);
	if (!node->text)
		return template_fail(run, "a test is missing");
	if (template_take(run, "("))
		node->list = parse_arguments(run);
	else if (begins_argument(run))
		node->list = parse_postfix(run, template_primary(run));
	return negated ? with(run, TEMPLATE_NOT, node) : node;
}

static struct template_node *parse_filters(struct template_run *run,
					   struct template_node *node)
{
	while (node && !template_failed(run)) {
		if (template_take(run, "|")) {
			node = with(run, TEMPLATE_FILTER, node);
			const char *name = template_word(run);
			if (!name)
				return template_fail(run,
						     "a filter is missing");
			if (node)
				node->text = name;
			if (node && template_take(run, "("))
				node->list = parse_arguments(run);
		} else if (template_take_word(run, "is")) {
			node = parse_test(run, node);
		} else {
			break;
		}
	}
	return node;
}

static struct template_node *parse_unary(struct template_run *run,
					 bool with_filters)
{
	struct template_node *node = NULL;
	if (!template_enter(run))
		return NULL;
	if (template_take(run, "-"))
		node = with(run, TEMPLATE_NEGATIVE, parse_unary(run, false));
	else if (template_take(run, "+"))
		node = parse_unary(run, false);
	else
		node = template_primary(run);
	node = parse_postfix(run, node);
	if (with_filters)
		node = parse_filters(run, node);
	template_leave(run);
	return node;
}

/* ---- Operators between values ---- */

static struct template_node *parse_power(struct template_run *run)
{
	return parse_unary(run, true);
}

/* Operators that bind alike, from left to right; the longer mark first. */
static const struct level {
	const char *const marks[5];
} levels[] = {
    {{"*", "//", "/", "%"}},
    {{"~"}},
    {{"+", "-"}},
};

#define LEVEL_COUNT (sizeof(levels) / sizeof(*levels))

static const char *take_operator(struct template_run *run,
				 const char *const *marks)
{
	template_space(run);
	if (at_close(run->at))
		return NULL;
	for (; *marks; marks++)
		if (template_take(run, *marks))
			return *marks;
	return NULL;
}

static struct template_node *binary(struct template_run *run, const char *mark,
				    struct template_node *one,
				    struct template_node *two)
{
	struct template_node *node = with(run, TEMPLATE_BINARY, one);
	if (node) {
		node->two = two;
		node->text = mark;
	}
	return node;
}

static struct template_node *parse_level(struct template_run *run, size_t level)
{
	if (level == 0)
		return parse_power(run);
	struct template_node *node = parse_level(run, level - 1);
	const char *mark;
	while (!template_failed(run) &&
	       (mark = take_operator(run, levels[level - 1].marks)))
		node = binary(run, mark, node, parse_level(run, level - 1));
	return node;
}

static const char *take_comparison(struct template_run *run)
{
	static const char *const marks[] = {
	    "==", "!=", "<=", ">=", "<", ">", NULL};
	const char *before = run->at;
	if (template_take_word(run, "in"))
		return "in";
	if (template_take_word(run, "not") && template_take_word(run, "in"))
		return "not in";
	run->at = before;
	return take_operator(run, marks);
}

static struct template_node *parse_comparison(struct template_run *run)
{
	struct template_node *left = parse_level(run, LEVEL_COUNT);
	struct template_node *node = NULL;
	const char *mark;
	while (!template_failed(run) && (mark = take_comparison(run))) {
		struct template_node *right = parse_level(run, LEVEL_COUNT);
		struct template_node *pair = binary(run, mark, left, right);
		/* "a < b < c" is "a < b and b < c". */
		struct template_node *both =
		    node ? with(run, TEMPLATE_AND, node) : NULL;
		if (both)
			both->two = pair;
		node = node ? both : pair;
		left = right;
	}
	return node ? node : left;
}

static struct template_node *parse_not(struct template_run *run)
{
	size_t count = 0;
	while (template_take_word(run, "not"))
		count++;
	struct template_node *node = parse_comparison(run);
	/* "not not a" is true or false, not a. */
	for (count = count > 2 ? 2 - count % 2 : count; count > 0; count--)
		node = with(run, TEMPLATE_NOT, node);
	return node;
}

static struct template_node *parse_and(struct template_run *run)
{
	struct template_node *node = parse_not(run);
	while (!template_failed(run) && template_take_word(run, "and")) {
		node = with(run, TEMPLATE_AND, node);
		if (node)
			node->two = parse_not(run);
	}
	return node;
}

struct template_node *template_operand(struct template_run *run)
{
	struct template_node *node = parse_and(run);
	while (!template_failed(run) && template_take_word(run, "or")) {
		node = with(run, TEMPLATE_OR, node);
		if (node)
			node->two = parse_and(run);
	}
	return node;
}

struct template_node *template_expression(struct template_run *run)
{
	if (!template_enter(run))
		return NULL;
	struct template_node *node = template_operand(run);
	while (!template_failed(run) && template_take_word(run, "if")) {
		struct template_node *choice =
		    with(run, TEMPLATE_CONDITION, NULL);
		if (!choice)
			return NULL;
		choice->two = node;
		choice->one = template_operand(run);
		if (template_take_word(run, "else"))
			choice->three = template_expression(run);
		node = choice;
	}
	template_leave(run);
	return template_failed(run) ? NULL : node;
}

struct template_node *template_tuple(struct template_run *run)
{
	struct template_node *first = template_expression(run);
	struct template_node *last = first;
	struct template_node *tuple = NULL;
	while (last && template_take(run, ",")) {
		tuple = tuple ? tuple : template_node(run, TEMPLATE_LIST);
		template_space(run);
		if (at_close(run->at))
			break;
		last->next = template_expression(run);
		last = last->next;
	}
	if (!tuple)
		return first;
	tuple->list = first;
	return tuple;
}
