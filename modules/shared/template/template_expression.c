/*
 * template_expression.c: the operators in the expressions of a template. What
 * binds weakest comes last.
 */
#include "template_parts.h"

#include <string.h>

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
	if (template_at_close(run->at))
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
	struct template_node *node =
	    template_node_with(run, TEMPLATE_BINARY, one);
	if (node) {
		node->two = two;
		node->text = mark;
	}
	return node;
}

static struct template_node *parse_level(struct template_run *run, size_t level)
{
	if (level == 0)
		return template_unary(run);
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
		    node ? template_node_with(run, TEMPLATE_AND, node) : NULL;
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
		node = template_node_with(run, TEMPLATE_NOT, node);
	return node;
}

static struct template_node *parse_and(struct template_run *run)
{
	struct template_node *node = parse_not(run);
	while (!template_failed(run) && template_take_word(run, "and")) {
		node = template_node_with(run, TEMPLATE_AND, node);
		if (node)
			node->two = parse_not(run);
	}
	return node;
}

struct template_node *template_operand(struct template_run *run)
{
	struct template_node *node = parse_and(run);
	while (!template_failed(run) && template_take_word(run, "or")) {
		node = template_node_with(run, TEMPLATE_OR, node);
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
		    template_node_with(run, TEMPLATE_CONDITION, NULL);
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
		if (template_at_close(run->at))
			break;
		last->next = template_expression(run);
		last = last->next;
	}
	if (!tuple)
		return first;
	tuple->list = first;
	return tuple;
}
