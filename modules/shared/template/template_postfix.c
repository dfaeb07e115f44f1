/*
 * template_postfix.c: what stands behind a value in the expressions of a
 * template: members, arguments, filters and tests; and the signs before it.
 */
#include "template_parts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

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

static struct template_node *parse_subscript(struct template_run *run,
					     struct template_node *one)
{
	struct template_node *node =
	    template_node_with(run, TEMPLATE_ITEM, one);
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
	struct template_node *node =
	    template_node_with(run, TEMPLATE_ITEM, one);
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
	       (*before && strchr("\"'[{", *before) &&
		!template_at_close(before));
}

static struct template_node *parse_test(struct template_run *run,
					struct template_node *one)
{
	bool negated = template_take_word(run, "not");
	struct template_node *node =
	    template_node_with(run, TEMPLATE_TEST, one);
	if (!node)
		return NULL;
	node->text = template_word(run);
	if (!node->text)
		return template_fail(run, "a test is missing");
	if (template_take(run, "("))
		node->list = parse_arguments(run);
	else if (begins_argument(run))
		node->list = parse_postfix(run, template_primary(run));
	return negated ? template_node_with(run, TEMPLATE_NOT, node) : node;
}

static struct template_node *parse_filters(struct template_run *run,
					   struct template_node *node)
{
	while (node && !template_failed(run)) {
		if (template_take(run, "|")) {
			node = template_node_with(run, TEMPLATE_FILTER, node);
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
		node = template_node_with(run, TEMPLATE_NEGATIVE,
					  parse_unary(run, false));
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

struct template_node *template_unary(struct template_run *run)
{
	return parse_unary(run, true);
}
