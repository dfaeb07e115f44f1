/*
 * yara_rename.c: see yara_rename.h.
 *
 * The source is read as YARA's own scanner reads it: "/" begins a regular
 * expression or a comment, for a division is written otherwise.
 */
#include "yara_rename.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum yara_kind { YARA_OTHER, YARA_NAME, YARA_COMMENT, YARA_OPEN_COMMENT };

struct yara_token {
	enum yara_kind kind;
	const char *text;
	size_t length;
};

struct yara_source {
	struct misp_query *query;
	const char *prefix;
	json_t *rules;
	const char *
	    *sorted; /* the names of the rules, while they are written */
	size_t count;
	json_t *wildcards;
	FILE *out;    /* NULL while the names are gathered */
	size_t depth; /* of braces */
	bool after_rule;
	bool in_condition;
	char before; /* what stood before the token */
};

/* Up to the end of a string or regular expression, or of its line. */
static size_t yara_quoted(const char *text, char quote)
{
	size_t i = 1;
	while (text[i] && text[i] != '\n' && text[i] != quote)
		i += text[i] == '\\' && text[i + 1] ? 2 : 1;
	return text[i] == quote ? i + 1 : i;
}

static bool yara_is_word(char byte)
{
	return isalnum((unsigned char)byte) || byte == '_';
}

static struct yara_token yara_next(const char *text)
{
	struct yara_token token = {YARA_OTHER, text, 1};
	if (strncmp(text, "//", 2) == 0) {
		token.kind = YARA_COMMENT;
		token.length = strcspn(text, "\n");
	} else if (strncmp(text, "/*", 2) == 0) {
		const char *end = strstr(text + 2, "*/");
		token.kind = end ? YARA_COMMENT : YARA_OPEN_COMMENT;
		token.length = end ? (size_t)(end + 2 - text) : strlen(text);
	} else if (*text == '"' || *text == '/') {
		token.length = yara_quoted(text, *text);
	} else if (yara_is_word(*text)) {
		token.kind = YARA_NAME;
		while (yara_is_word(text[token.length]))
			token.length++;
	} else if (isspace((unsigned char)*text)) {
		token.kind = YARA_COMMENT;
	}
	return token;
}

static bool yara_word_is(const struct yara_token *token, const char *word)
{
	return token->length == strlen(word) &&
	       strncasecmp(token->text, word, token->length) == 0;
}

static int yara_compare(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* The names of the rules in order: each name followed by '*' is looked for
 * there, and a source may have many of either. */
static bool yara_sort_rules(struct yara_source *source)
{
	const char *name;
	json_t *renamed;
	source->sorted =
	    misp_alloc(source->query, (json_object_size(source->rules) + 1) *
					  sizeof(*source->sorted));
	if (!source->sorted)
		return false;
	json_object_foreach (source->rules, name, renamed) {
		source->sorted[source->count++] = name;
	}
	qsort(source->sorted, source->count, sizeof(*source->sorted),
	      yara_compare);
	return true;
}

/* Whether a name followed by '*' stands for rules of this source. */
static bool yara_begins_rule(const struct yara_source *source,
			     const struct yara_token *token)
{
	size_t from = 0, to = source->count;
	if (token->text[token->length] != '*')
		return false;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int order =
		    strncmp(source->sorted[middle], token->text, token->length);
		if (order == 0)
			return true;
		if (order < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return false;
}

static void yara_write(const struct yara_source *source, const char *text,
		       size_t length)
{
	for (size_t i = 0; source->out && i < length; i++)
		if (text[i] != '\r')
			putc(text[i], source->out);
}

/* The name of a rule, where the rule begins or where another uses it. */
static void yara_write_name(const struct yara_source *source,
			    const struct yara_token *token)
{
	const char *name =
	    misp_text(source->query, "%.*s", (int)token->length, token->text);
	const char *renamed =
	    json_string_value(json_object_get(source->rules, name));
	bool many = yara_begins_rule(source, token);
	if (many && name) {
		renamed =
		    misp_text(source->query, "%s%s", source->prefix, name);
		json_array_append_new(source->wildcards,
				      renamed ? json_string(renamed) : NULL);
	}
	if (renamed)
		yara_write(source, renamed, strlen(renamed));
	else
		yara_write(source, token->text, token->length);
}

static void yara_note_rule(const struct yara_source *source,
			   const struct yara_token *token)
{
	const char *name =
	    misp_text(source->query, "%.*s", (int)token->length, token->text);
	if (name)
		json_object_set_new(source->rules, name, json_null());
}

static void yara_word(struct yara_source *source,
		      const struct yara_token *token)
{
	bool rule = yara_word_is(token, "rule") &&
		    (source->depth == 0 || *token->text == 'r');
	if (source->after_rule && !source->out) {
		yara_note_rule(source, token);
	} else if (rule) {
		yara_write(source, "rule", 4);
		source->in_condition = false;
	} else if (source->out &&
		   (source->after_rule ||
		    (source->in_condition && source->before != '.' &&
		     !strchr("$#@!", source->before)))) {
		yara_write_name(source, token);
	} else {
		yara_write(source, token->text, token->length);
	}
	if (strncmp(token->text, "condition", 9) == 0 && token->length == 9)
		source->in_condition = true;
	source->after_rule = rule;
}

/* Goes through the source once. false for a comment that has no end: it would
 * swallow what is behind it. */
static bool yara_go_through(struct yara_source *source, const char *text)
{
	source->depth = 0;
	source->after_rule = source->in_condition = false;
	source->before = '\n';
	while (*text) {
		struct yara_token token = yara_next(text);
		if (token.kind == YARA_OPEN_COMMENT)
			return false;
		if (token.kind == YARA_NAME) {
			yara_word(source, &token);
		} else {
			if (*text == '{')
				source->depth++;
			if (*text == '}' && source->depth > 0)
				source->depth--;
			if (token.kind == YARA_OTHER)
				source->after_rule = false;
			yara_write(source, text, token.length);
		}
		text += token.length;
		source->before = text[-1];
	}
	return true;
}

bool yara_find_rules(struct misp_query *query, const char *source,
		     json_t *rules)
{
	struct yara_source reading = {.query = query, .rules = rules};
	return yara_go_through(&reading, source);
}

const char *yara_rename(struct misp_query *query, const char *source,
			const char *prefix, json_t *rules, json_t *wildcards)
{
	char *text = NULL;
	size_t size = 0;
	struct yara_source reading = {.query = query,
				      .prefix = prefix,
				      .rules = rules,
				      .wildcards = wildcards,
				      .out =
					  misp_text_file(query, &text, &size)};
	if (!reading.out)
		return NULL;
	bool written =
	    yara_sort_rules(&reading) && yara_go_through(&reading, source);
	if (fclose(reading.out) != 0 || !written) {
		free(text);
		return NULL;
	}
	return misp_defer(query, text, free);
}
