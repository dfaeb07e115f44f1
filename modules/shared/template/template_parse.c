/*
 * template_parse.c: the statements of a template.
 */
#include "template_parts.h"

static struct template_node *parse_until(struct template_run *run,
					 const char *const *ends);

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
		template_close_mark(run, "%}");
		return NULL;
	}
	template_take_word(run, "else");
	if (!template_close_mark(run, "%}"))
		return NULL;
	struct template_node *body = parse_until(run, MISP_LIST(end));
	template_take_word(run, end);
	return template_close_mark(run, "%}") ? body : NULL;
}

static struct template_node *parse_if(struct template_run *run)
{
	struct template_node *node = template_node(run, TEMPLATE_IF);
	if (!node || !template_enter(run))
		return NULL;
	node->one = template_expression(run);
	if (template_close_mark(run, "%}")) {
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
	if (!template_close_mark(run, "%}"))
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
		return template_close_mark(run, "%}") ? node : NULL;
	}
	if (!template_close_mark(run, "%}"))
		return NULL;
	node->list = parse_until(run, MISP_LIST("endset"));
	template_take_word(run, "endset");
	return template_close_mark(run, "%}") ? node : NULL;
}

static struct template_node *parse_output(struct template_run *run)
{
	template_open_mark(run);
	struct template_node *node = template_node(run, TEMPLATE_OUTPUT);
	if (!node)
		return NULL;
	node->one = template_tuple(run);
	return template_close_mark(run, "}}") ? node : NULL;
}

static struct template_node *parse_tag(struct template_run *run)
{
	static const struct {
		const char *word;
		struct template_node *(*parse)(struct template_run *run);
	} tags[] = {{"if", parse_if},
		    {"for", parse_for},
		    {"set", parse_set},
		    {"raw", template_raw}};
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
			template_skip_comment(run);
			continue;
		}
		if (run->at[0] == '{' && run->at[1] == '%') {
			template_open_mark(run);
			if (at_end(run, ends)) {
				ended = true;
				break;
			}
			*last = parse_tag(run);
		} else {
			*last = template_opens(run->at)
				    ? parse_output(run)
				    : template_plain_text(run);
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
