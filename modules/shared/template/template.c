/*
 * template.c: rendering a template, and the limits of it.
 */
#include "template_parts.h"

#include <stdlib.h>
#include <string.h>

#define VALUE_WORK 20 /* a value takes memory until the query ends */

bool template_failed(const struct template_run *run)
{
	return *run->problem;
}

/* The line of what is parsed, or else of what runs. */
static size_t line_of(const struct template_run *run)
{
	const char *end = run->at ? run->at : run->text + run->where;
	size_t line = 1;
	for (const char *at = run->text; at < end && *at; at++)
		line += *at == '\n';
	return line;
}

void *template_fail(struct template_run *run, const char *format, ...)
{
	if (template_failed(run))
		return NULL;
	int used = snprintf(run->problem, TEMPLATE_PROBLEM_SIZE,
			    "line %zu: ", line_of(run));
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(run->problem + used, TEMPLATE_PROBLEM_SIZE - (size_t)used,
		  format, arguments);
	va_end(arguments);
	return NULL;
}

bool template_work(struct template_run *run, size_t amount)
{
	if (amount > (size_t)run->work)
		template_fail(run, "it takes too much work");
	else
		run->work -= (long)amount;
	return !template_failed(run);
}

bool template_enter(struct template_run *run)
{
	if (++run->depth > TEMPLATE_DEPTH_MOST)
		template_fail(run, "it is nested too deep");
	return !template_failed(run);
}

void template_leave(struct template_run *run)
{
	run->depth--;
}

bool template_weigh(struct template_run *run, const json_t *value)
{
	const char *name;
	json_t *member;
	size_t i;
	if (!template_work(run, 1 + json_string_length(value)) ||
	    !template_enter(run))
		return false;
	json_object_foreach ((json_t *)value, name, member) {
		if (!template_work(run, strlen(name)) ||
		    !template_weigh(run, member))
			return false;
	}
	json_array_foreach (value, i, member) {
		if (!template_weigh(run, member))
			return false;
	}
	template_leave(run);
	return true;
}

json_t *template_keep(struct template_run *run, json_t *value)
{
	json_t *kept = misp_keep(run->query, value);
	if (!kept)
		return template_fail(run, "there is not enough memory");
	return template_work(run, VALUE_WORK) ? kept : NULL;
}

json_t *template_string(struct template_run *run, const char *text)
{
	size_t length = text ? strlen(text) : 0;
	if (!text || !template_work(run, length))
		return NULL;
	return template_keep(run, misp_string(text, length));
}

struct template_node *template_node(struct template_run *run,
				    enum template_kind kind)
{
	struct template_node *node =
	    misp_alloc(run->query, sizeof(struct template_node));
	if (!node)
		return template_fail(run, "there is not enough memory");
	node->kind = kind;
	node->at = (size_t)(run->at - run->text);
	return node;
}

struct template_node *template_node_with(struct template_run *run,
					 enum template_kind kind,
					 struct template_node *one)
{
	struct template_node *node = template_node(run, kind);
	if (node)
		node->one = one;
	return node;
}

/* The ends of lines are as Jinja2 has them: one kind, and none at the end. */
static char *with_plain_line_ends(struct misp_query *query, const char *text)
{
	char *plain = misp_text(query, "%s", text);
	char *to = plain;
	for (const char *from = plain; from && *from; from++) {
		bool pair = *from == '\r' && from[1] == '\n';
		*to++ = (char)(*from == '\r' ? '\n' : *from);
		from += pair;
	}
	if (to && to > plain && to[-1] == '\n')
		to--;
	if (to)
		*to = '\0';
	return plain;
}

static const char *run_all(struct template_run *run)
{
	char *text = NULL;
	size_t size = 0;
	run->at = run->text;
	const struct template_node *nodes = template_parse(run);
	run->at = NULL;
	if (template_failed(run))
		return NULL;
	run->out = misp_text_file(run->query, &text, &size);
	if (!run->out)
		return template_fail(run, "there is not enough memory");
	template_statements(run, nodes);
	if (fclose(run->out) != 0)
		template_fail(run, "there is not enough memory");
	misp_defer(run->query, text, free);
	return template_failed(run) ? NULL : text;
}

const char *template_render(struct misp_query *query, const char *text,
			    json_t *data, char problem[TEMPLATE_PROBLEM_SIZE])
{
	struct template_run run = {.query = query,
				   .problem = problem,
				   .text = text,
				   .work = TEMPLATE_WORK_MOST,
				   .data = data};
	*problem = '\0';
	if (strlen(text) > TEMPLATE_TEXT_MOST)
		return template_fail(&run, "it has more than %d bytes",
				     TEMPLATE_TEXT_MOST);
	run.text = with_plain_line_ends(query, text);
	return run.text ? run_all(&run) : NULL;
}
