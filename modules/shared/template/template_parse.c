/*
 * template_parse.c: the statements of a template.
 */
#include "template_parts.h"

#include <ctype.h>
#include <string.h>

static struct template_node *parse_until(struct template_run *run,
					 const char *const *ends);

/* ---- Marks, with their "-" ---- */

static void skip_blank(struct template_run *run)
{
	while (isspace((unsigned char)*run->at))
		run->at++;
}

/* Takes "}}" or "%}"; "-" before it takes the white space behind it as well.
 * false after template_fail. */
static bool close_mark(struct template_run *run, const char *mark)
{
	template_space(run);
	bool strips = *run->at == '-';
	run->at += strips || *run->at == '+';
	if (strncmp(run->at, mark, 2) != 0) {
		template_fail(run, "%s is missing, or something before it",
			      mark);
		return false;
	}
	run->at += 2;
	if (strips)
		skip_blank(run);
	return true;
}

/* Takes what opens a tag, and its "-" or "+". */
static void open_mark(struct template_run *run)
{
	run->at += 2;
	run->at += *run->at == '-' || *run->at == '+';
}

static bool opens(const char *at)
{
	return at[0] == '{' && at[1] && strchr("{%#", at[1]);
}

/* ---- Text ---- */

static struct template_node *text_node(struct template_run *run,
				       const char *from, const char *to)
{
	/* A tag that begins with "-" takes the white space before it. */
	if (opens(to) && to[2] == '-')
		while (to > from && isspace((unsigned char)to[-1]))
			to--;
	struct template_node *node = template_node(run, TEMPLATE_TEXT);
	if (node)
		node->text =
		    misp_text(run->query, "%.*s", (int)(to - from), from);
	return node;
}

static struct template_node *parse_text(struct template_run *run)
{
	const char *from = run->at;
	while (*run->at && !opens(run->at))
		run->at++;
	return text_node(run, from, run->at);
}

/* ---- Tags ---- */

static void skip_comment(struct template_run *run)
{
	const char *end = strstr(run->at + 2, "#}");
	if (!end) {
		template_fail(run, "the comment has no end");
		return;
	}
	bool strips = end[-1] == '-';
	run->at = end + 2;
	if (strips)
		skip_blank(run);
}

/* At {% endraw %}, in any of its forms. */
static bool is_endraw(const char *at)
{
	if (at[0] != '{' || at[1] != '%')
		return false;
	at += 2;
	at += *at == '-' || *at == '+';
	at += strspn(at, " \t\n");
	return strncmp(at, "endraw", 6) == 0 &&
	       !isalnum((unsigned char)at[6]) && at[6] != '_';
}

static struct template_node *parse_raw(struct template_run *run)
{
	if (!close_mark(run, "%}"))
		return NULL;
	const char *from = run->at;
	while (*run->at && !is_endraw(run->at))
		run->at++;
	if (!*run->at)
		return template_fail(run, "raw has no endraw");
	struct template_node *node = text_node(run, from, run->at);
	open_mark(run);
	template_take_word(run, "endraw");
	return close_mark(run, "%}") ? node : NULL;
}

/* "a", or "a, b" with or without brackets. */
static struct template_node *parse_names(struct template_run *run)
{
	struct template_node *first = NULL;
	struct template_node **last = &first;
	bool bracket = template_take(run, "(");
	do {
		struct template_node *name = template_node(run, TEMPLATE_NAME);
		if (!name)
			return NULL;
		name->text = template_word(run);
		if (!name->text)
			return template_fail(run, "a name is missing");
		*last = name;
		last = &name->next;
	} while (template_take(run, ","));
	if (bracket && !template_take(run, ")"))
		return template_fail(run, ") is missing");
	return first;
}

/* What an if or for has behind its body; its last tag is closed here. */
static struct template_node *parse_else(struct template_run *run,
					const char *end)
{
	if (template_take_word(run, end)) {
		close_mark(run, "%}");
		return NULL;
	}
	template_take_word(run, "else");
	if (!close_mark(run, "%}"))
		return NULL;
	struct template_node *body = parse_until(run, MISP_LIST(end));
	template_take_word(run, end);
	return close_mark(run, "%}") ? body : NULL;
}

static struct template_node *parse_if(struct template_run *run)
{
	struct template_node *node = template_node(run, TEMPLATE_IF);
	if (!node || !template_enter(run))
		return NULL;
	node->one = template_expression(run);
	if (close_mark(run, "%}")) {
		node->list =
		    parse_until(run, MISP_LIST("elif", "else", "endif"));
		if (template_failed(run))
			return NULL;
		node->other = template_take_word(run, "elif")
				  ? parse_if(run)
				  : parse_else(run, "endif");
	}
	template_leave(run);
	return node;
}

static struct template_node *parse_for(struct template_run *run)
{
	struct template_node *node = template_node(run, TEMPLATE_FOR);
	if (!node)
		return NULL;
	node->two = parse_names(run);
	if (!template_take_word(run, "in"))
		return template_fail(run, "\"in\" is missing");
	/* What "if" stands behind is no condition of the list. */
	node->one = template_operand(run);
	if (template_take_word(run, "if"))
		node->three = template_expression(run);
	if (!close_mark(run, "%}"))
		return NULL;
	node->list = parse_until(run, MISP_LIST("else", "endfor"));
	if (!template_failed(run))
		node->other = parse_else(run, "endfor");
	return node;
}

static struct template_node *parse_set(struct template_run *run)
{
	struct template_node *node = template_node(run, TEMPLATE_SET);
	if (!node)
		return NULL;
	node->two = parse_names(run);
	if (template_take(run, "=")) {
		node->one = template_tuple(run);
		return close_mark(run, "%}") ? node : NULL;
	}
	if (!close_mark(run, "%}"))
		return NULL;
	node->list = parse_until(run, MISP_LIST("endset"));
	template_take_word(run, "endset");
	return close_mark(run, "%}") ? node : NULL;
}

static struct template_node *parse_output(struct template_run *run)
{
	open_mark(run);
	struct template_node *node = template_node(run, TEMPLATE_OUTPUT);
	if (!node)
		return NULL;
	node->one = template_tuple(run);
	return close_mark(run, "}}") ? node : NULL;
}

static struct template_node *parse_tag(struct template_run *run)
{
	static const struct {
		const char *word;
		struct template_node *(*parse)(struct template_run *run);
	} tags[] = {{"if", parse_if},
		    {"for", parse_for},
		    {"set", parse_set},
		    {"raw", parse_raw}};
	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++)
		if (template_take_word(run, tags[i].word))
			return tags[i].parse(run);
	const char *word = template_word(run);
	return template_fail(run, "the tag %s%s", word ? word : "has no name",
			     word ? " is not known here" : "");
}

/* Whether the tag that was opened is one of the ends; it is not taken. */
static bool at_end(struct template_run *run, const char *const *ends)
{
	const char *before = run->at;
	for (; *ends; ends++)
		if (template_take_word(run, *ends)) {
			run->at = before;
			return true;
		}
	return false;
}

/* Nodes up to {% and one of the words, or to the end when there are none. */
static struct template_node *parse_until(struct template_run *run,
					 const char *const *ends)
{
	struct template_node *first = NULL;
	struct template_node **last = &first;
	bool ended = !*ends;
	if (!template_enter(run))
		return NULL;
	while (*run->at && !template_failed(run)) {
		if (run->at[0] == '{' && run->at[1] == '#') {
			skip_comment(run);
			continue;
		}
		if (run->at[0] == '{' && run->at[1] == '%') {
			open_mark(run);
			if (at_end(run, ends)) {
				ended = true;
				break;
			}
			*last = parse_tag(run);
		} else {
			*last = opens(run->at) ? parse_output(run)
					       : parse_text(run);
		}
		if (*last)
			last = &(*last)->next;
	}
	template_leave(run);
	while (*ends && ends[1])
		ends++;
	if (!ended)
		template_fail(run, "%s is missing", *ends);
	return template_failed(run) ? NULL : first;
}

struct template_node *template_parse(struct template_run *run)
{
	return parse_until(run, MISP_LIST(NULL));
}
