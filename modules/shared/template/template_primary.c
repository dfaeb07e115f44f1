/*
 * template_primary.c: the smallest parts of a template's expressions: marks,
 * words, literals and what stands in brackets.
 */
#include "template_parts.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- Marks and words ---- */

void template_space(struct template_run *run)
{
	while (isspace((unsigned char)*run->at))
		run->at++;
}

bool template_in_word(char character)
{
	return isalnum((unsigned char)character) || character == '_';
}

bool template_take(struct template_run *run, const char *mark)
{
	template_space(run);
	size_t length = strlen(mark);
	if (strncmp(run->at, mark, length) != 0)
		return false;
	run->at += length;
	return true;
}

bool template_take_word(struct template_run *run, const char *word)
{
	template_space(run);
	size_t length = strlen(word);
	if (strncmp(run->at, word, length) != 0 ||
	    template_in_word(run->at[length]))
		return false;
	run->at += length;
	return true;
}

const char *template_word(struct template_run *run)
{
	template_space(run);
	size_t length = 0;
	while (template_in_word(run->at[length]))
		length++;
	if (length == 0 || isdigit((unsigned char)*run->at))
		return NULL;
	run->at += length;
	return misp_text(run->query, "%.*s", (int)length, run->at - length);
}

bool template_at_close(const char *at)
{
	at += *at == '-' || *at == '+';
	return strncmp(at, "%}", 2) == 0 || strncmp(at, "}}", 2) == 0;
}

/* ---- Literals ---- */

struct template_node *template_literal(struct template_run *run, json_t *value)
{
	struct template_node *node = template_node(run, TEMPLATE_LITERAL);
	json_t *kept = template_keep(run, value);
	if (node)
		node->value = kept;
	return node;
}

/* The text between quotes, with what the usual escapes stand for. */
static struct template_node *parse_string(struct template_run *run)
{
	static const char escapes[] = "ntr\\'\"";
	static const char bytes[] = "\n\t\r\\'\"";
	char quote = *run->at++;
	size_t length = 0;
	while (run->at[length] && run->at[length] != quote)
		length +=
		    run->at[length] == '\\' && run->at[length + 1] ? 2 : 1;
	if (!run->at[length])
		return template_fail(run, "a quote is left open");
	char *text = misp_text(run->query, "%.*s", (int)length, run->at);
	char *to = text;
	for (const char *from = text; from && *from; from++) {
		const char *found =
		    *from == '\\' && from[1] ? strchr(escapes, from[1]) : NULL;
		*to++ = (char)(found ? bytes[found - escapes] : *from);
		from += found != NULL;
	}
	if (to)
		*to = '\0';
	run->at += length + 1;
	return text ? template_literal(run, misp_string(text, strlen(text)))
		    : template_fail(run, "there is not enough memory");
}

static struct template_node *parse_number(struct template_run *run)
{
	const char *end = run->at + strspn(run->at, "0123456789");
	bool fraction = *end == '.' && isdigit((unsigned char)end[1]);
	bool exponent = *end == 'e' || *end == 'E';
	bool real = fraction || exponent;
	char *stop = NULL;
	errno = 0;
	json_t *value = real ? json_real(strtod(run->at, &stop))
			     : json_integer(strtoll(run->at, &stop, 10));
	if (errno != 0 || template_in_word(*stop)) {
		json_decref(value);
		return template_fail(run, "this is no number");
	}
	run->at = stop;
	return template_literal(run, value);
}

/* Items up to a bracket; keys and values in turn when between is ":". */
static struct template_node *
parse_items(struct template_run *run, enum template_kind kind, const char *end)
{
	struct template_node *node = template_node(run, kind);
	struct template_node **last = node ? &node->list : NULL;
	while (last && !template_take(run, end)) {
		*last = template_expression(run);
		if (*last && kind == TEMPLATE_DICT) {
			last = &(*last)->next;
			if (!template_take(run, ":"))
				template_fail(run, ": is missing");
			else
				*last = template_expression(run);
		}
		last = *last ? &(*last)->next : NULL;
		if (last && !template_take(run, ",")) {
			if (template_take(run, end))
				break;
			return template_fail(run, "%s is missing", end);
		}
	}
	return template_failed(run) ? NULL : node;
}

/* "(a)" is a, "(a, b)" a list. */
static struct template_node *parse_bracket(struct template_run *run)
{
	struct template_node *node = parse_items(run, TEMPLATE_LIST, ")");
	const char *before = run->at - 1;
	while (node && before > run->text && isspace((unsigned char)before[-1]))
		before--;
	bool comma = before > run->text && before[-1] == ',';
	bool alone = node && node->list && !node->list->next && !comma;
	return alone ? node->list : node;
}

static struct template_node *parse_name(struct template_run *run)
{
	static const struct {
		const char *words[2];
		json_t *(*make)(void);
	} constants[] = {{{"true", "True"}, json_true},
			 {{"false", "False"}, json_false},
			 {{"none", "None"}, json_null}};
	const char *name = template_word(run);
	if (!name)
		return template_fail(run, "an expression is missing");
	for (size_t i = 0; i < sizeof(constants) / sizeof(*constants); i++)
		if (strcmp(name, constants[i].words[0]) == 0 ||
		    strcmp(name, constants[i].words[1]) == 0)
			return template_literal(run, constants[i].make());
	struct template_node *node = template_node(run, TEMPLATE_NAME);
	if (node)
		node->text = name;
	return node;
}

struct template_node *template_primary(struct template_run *run)
{
	template_space(run);
	char first = *run->at;
	if (first == '"' || first == '\'')
		return parse_string(run);
	if (isdigit((unsigned char)first))
		return parse_number(run);
	if (template_take(run, "("))
		return parse_bracket(run);
	if (template_take(run, "["))
		return parse_items(run, TEMPLATE_LIST, "]");
	if (template_take(run, "{"))
		return parse_items(run, TEMPLATE_DICT, "}");
	return parse_name(run);
}
