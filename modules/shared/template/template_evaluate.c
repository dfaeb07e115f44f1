/*
 * template_evaluate.c: what the expressions of a template are worth.
 */
#include "template_parts.h"

#include <string.h>

static json_t *boolean(struct template_run *run, bool value)
{
	return template_keep(run, json_boolean(value));
}

static json_t *evaluate_name(struct template_run *run,
			     const struct template_node *node)
{
	return template_variable_of(run, node->text);
}

static json_t *evaluate_literal(struct template_run *run,
				const struct template_node *node)
{
	(void)run;
	return node->value;
}

static json_t *evaluate_list(struct template_run *run,
			     const struct template_node *node)
{
	json_t *list = template_keep(run, json_array());
	const struct template_node *item = node->list;
	for (; item && !template_failed(run); item = item->next) {
		json_t *value = template_evaluate(run, item);
		json_array_append_new(list,
				      value ? json_incref(value) : json_null());
	}
	return list;
}

static json_t *evaluate_dict(struct template_run *run,
			     const struct template_node *node)
{
	json_t *dict = template_keep(run, json_object());
	const struct template_node *key = node->list;
	for (; key && key->next && !template_failed(run);
	     key = key->next->next) {
		const char *name =
		    template_text(run, template_evaluate(run, key));
		json_t *value = template_evaluate(run, key->next);
		if (name)
			json_object_set_new(dict, name,
					    value ? json_incref(value)
						  : json_null());
	}
	return dict;
}

/* A name for messages. */
static const char *name_of(const struct template_node *node)
{
	if (node->kind == TEMPLATE_ITEM)
		return node->text ? node->text : "an item";
	return node->kind == TEMPLATE_NAME ? node->text : "a value";
}

static json_t *evaluate_item(struct template_run *run,
			     const struct template_node *node)
{
	json_t *value = template_evaluate(run, node->one);
	if (!value)
		return template_fail(run, "%s is undefined",
				     name_of(node->one));
	return template_item(run, value, template_evaluate(run, node->two));
}

static json_t *evaluate_slice(struct template_run *run,
			      const struct template_node *node)
{
	json_t *value = template_evaluate(run, node->one);
	json_t *from = node->two ? template_evaluate(run, node->two) : NULL;
	json_t *to = node->three ? template_evaluate(run, node->three) : NULL;
	return template_failed(run) ? NULL
				    : template_slice(run, value, from, to);
}

/* false after template_fail. */
static bool arguments_of(struct template_run *run,
			 const struct template_node *node,
			 struct template_arguments *arguments)
{
	*arguments = (struct template_arguments){0};
	for (; node && !template_failed(run); node = node->next) {
		bool named = node->kind == TEMPLATE_KEYWORD;
		if (arguments->count == TEMPLATE_ARGUMENTS_MOST) {
			template_fail(run, "there are too many arguments");
			break;
		}
		arguments->names[arguments->count] = named ? node->text : NULL;
		arguments->values[arguments->count] =
		    template_evaluate(run, named ? node->one : node);
		arguments->count++;
	}
	return !template_failed(run);
}

static json_t *evaluate_call(struct template_run *run,
			     const struct template_node *node)
{
	struct template_arguments arguments;
	json_t *object = node->one ? template_evaluate(run, node->one) : NULL;
	if (node->one && !object)
		return template_fail(run, "%s is undefined",
				     name_of(node->one));
	if (!arguments_of(run, node->list, &arguments))
		return NULL;
	return template_call(run, node->text, object, &arguments);
}

static json_t *evaluate_filter(struct template_run *run,
			       const struct template_node *node)
{
	struct template_arguments arguments;
	json_t *value = template_evaluate(run, node->one);
	if (!arguments_of(run, node->list, &arguments))
		return NULL;
	return template_filter(run, node->text, value, &arguments);
}

static json_t *evaluate_test(struct template_run *run,
			     const struct template_node *node)
{
	struct template_arguments arguments;
	json_t *value = template_evaluate(run, node->one);
	if (!arguments_of(run, node->list, &arguments))
		return NULL;
	return boolean(run, template_test(run, node->text, value, &arguments));
}

static json_t *evaluate_not(struct template_run *run,
			    const struct template_node *node)
{
	return boolean(run, !template_true(template_evaluate(run, node->one)));
}

static json_t *evaluate_negative(struct template_run *run,
				 const struct template_node *node)
{
	json_t *zero = template_keep(run, json_integer(0));
	return template_binary(run, "-", zero,
			       template_evaluate(run, node->one));
}

static json_t *evaluate_either(struct template_run *run,
			       const struct template_node *node)
{
	json_t *value = template_evaluate(run, node->one);
	bool decided = template_true(value) == (node->kind == TEMPLATE_OR);
	return decided || template_failed(run)
		   ? value
		   : template_evaluate(run, node->two);
}

static json_t *evaluate_binary(struct template_run *run,
			       const struct template_node *node)
{
	json_t *left = template_evaluate(run, node->one);
	json_t *right = template_evaluate(run, node->two);
	return template_failed(run)
		   ? NULL
		   : template_binary(run, node->text, left, right);
}

static json_t *evaluate_condition(struct template_run *run,
				  const struct template_node *node)
{
	const struct template_node *chosen =
	    template_true(template_evaluate(run, node->one)) ? node->two
							     : node->three;
	return chosen && !template_failed(run) ? template_evaluate(run, chosen)
					       : NULL;
}

json_t *template_evaluate(struct template_run *run,
			  const struct template_node *node)
{
	static json_t *(*const kinds[])(struct template_run * run,
					const struct template_node *node) = {
	    [TEMPLATE_LITERAL] = evaluate_literal,
	    [TEMPLATE_NAME] = evaluate_name,
	    [TEMPLATE_LIST] = evaluate_list,
	    [TEMPLATE_DICT] = evaluate_dict,
	    [TEMPLATE_ITEM] = evaluate_item,
	    [TEMPLATE_SLICE] = evaluate_slice,
	    [TEMPLATE_CALL] = evaluate_call,
	    [TEMPLATE_FILTER] = evaluate_filter,
	    [TEMPLATE_TEST] = evaluate_test,
	    [TEMPLATE_NOT] = evaluate_not,
	    [TEMPLATE_NEGATIVE] = evaluate_negative,
	    [TEMPLATE_AND] = evaluate_either,
	    [TEMPLATE_OR] = evaluate_either,
	    [TEMPLATE_BINARY] = evaluate_binary,
	    [TEMPLATE_CONDITION] = evaluate_condition,
	};
	if (!template_enter(run))
		return NULL;
	json_t *value =
	    template_work(run, 1) ? kinds[node->kind](run, node) : NULL;
	template_leave(run);
	return template_failed(run) ? NULL : value;
}
