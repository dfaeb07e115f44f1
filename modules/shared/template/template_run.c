/*
 * template_run.c: runs the statements of a template.
 */
#include "template_parts.h"

#include <stdlib.h>
#include <string.h>

static json_t *variable(struct template_run *run, const char *name)
{
	for (const struct template_variable *at = run->variables;
	     at && template_work(run, 1); at = at->next)
		if (strcmp(at->name, name) == 0)
			return at->value;
	return json_object_get(run->data, name);
}

void template_set(struct template_run *run, const char *name, json_t *value)
{
	struct template_variable *variable_of_name = NULL;
	if (template_work(run, sizeof(*variable_of_name)))
		variable_of_name =
		    misp_alloc(run->query, sizeof(*variable_of_name));
	if (!variable_of_name)
		return;
	*variable_of_name =
	    (struct template_variable){name, value, run->variables};
	run->variables = variable_of_name;
}

/* "loop", as it is now. */
static json_t *loop_value(struct template_run *run)
{
	const struct template_loop *loop = run->loop;
	json_int_t index = (json_int_t)loop->index;
	json_int_t length = (json_int_t)json_array_size(loop->items);
	json_t *before =
	    index > 0 ? json_array_get(loop->items, loop->index - 1) : NULL;
	json_t *after = json_array_get(loop->items, loop->index + 1);
	return template_keep(
	    run,
	    json_pack("{s:I, s:I, s:I, s:I, s:I, s:b, s:b, s:O*, s:O*}",
		      "index", index + 1, "index0", index, "revindex",
		      length - index, "revindex0", length - index - 1, "length",
		      length, "first", index == 0, "last", index + 1 == length,
		      "previtem", before, "nextitem", after));
}

json_t *template_variable_of(struct template_run *run, const char *name)
{
	if (run->loop && strcmp(name, "loop") == 0)
		return loop_value(run);
	return variable(run, name);
}

/* ---- Statements ---- */

/* Sets the names to the value, or to the items of it. */
static void unpack(struct template_run *run, const struct template_node *names,
		   json_t *value)
{
	if (!names->next) {
		template_set(run, names->text, value);
		return;
	}
	for (size_t i = 0; names; names = names->next, i++)
		template_set(run, names->text, json_array_get(value, i));
}

/* The items that a for goes through. */
static json_t *chosen_items(struct template_run *run,
			    const struct template_node *node)
{
	json_t *items = template_items(run, template_evaluate(run, node->one));
	if (!node->three || !items)
		return items;
	json_t *chosen = template_keep(run, json_array());
	size_t i;
	json_t *item;
	json_array_foreach (items, i, item) {
		struct template_variable *before = run->variables;
		unpack(run, node->two, item);
		if (template_true(template_evaluate(run, node->three)))
			json_array_append(chosen, item);
		run->variables = before;
		if (template_failed(run))
			return NULL;
	}
	return chosen;
}

static void run_for(struct template_run *run, const struct template_node *node)
{
	struct template_variable *outside = run->variables;
	const struct template_loop *outer = run->loop;
	struct template_loop loop = {.items = chosen_items(run, node)};
	size_t count = json_array_size(loop.items);
	if (count == 0)
		template_statements(run, node->other);
	for (; loop.index < count && template_work(run, 1); loop.index++) {
		run->loop = &loop;
		unpack(run, node->two, json_array_get(loop.items, loop.index));
		template_statements(run, node->list);
		run->variables = outside;
	}
	run->loop = outer;
}

/* What statements write, as text. */
static json_t *captured(struct template_run *run,
			const struct template_node *node)
{
	char *text = NULL;
	size_t size = 0;
	FILE *outer = run->out;
	run->out = misp_text_file(run->query, &text, &size);
	if (run->out) {
		template_statements(run, node);
		if (fclose(run->out) != 0)
			template_fail(run, "there is not enough memory");
	}
	run->out = outer;
	json_t *value = template_string(run, text);
	free(text);
	return value;
}

static void run_set(struct template_run *run, const struct template_node *node)
{
	unpack(run, node->two,
	       node->one ? template_evaluate(run, node->one)
			 : captured(run, node->list));
}

static void run_if(struct template_run *run, const struct template_node *node)
{
	bool holds = template_true(template_evaluate(run, node->one));
	if (!template_failed(run))
		template_statements(run, holds ? node->list : node->other);
}

static void run_output(struct template_run *run,
		       const struct template_node *node)
{
	json_t *value = template_evaluate(run, node->one);
	if (!template_failed(run))
		template_write(run, run->out, value);
}

static void run_text(struct template_run *run, const struct template_node *node)
{
	if (template_work(run, strlen(node->text)))
		fputs(node->text, run->out);
}

void template_statements(struct template_run *run,
			 const struct template_node *node)
{
	static void (*const runs[])(struct template_run * run,
				    const struct template_node *node) = {
	    [TEMPLATE_TEXT] = run_text, [TEMPLATE_OUTPUT] = run_output,
	    [TEMPLATE_IF] = run_if,     [TEMPLATE_FOR] = run_for,
	    [TEMPLATE_SET] = run_set,
	};
	if (!template_enter(run))
		return;
	for (; node && template_work(run, 1); node = node->next) {
		run->where = node->at;
		runs[node->kind](run, node);
		if (ftell(run->out) > TEMPLATE_OUTPUT_MOST)
			template_fail(run, "it makes more than %d bytes",
				      TEMPLATE_OUTPUT_MOST);
	}
	template_leave(run);
}
