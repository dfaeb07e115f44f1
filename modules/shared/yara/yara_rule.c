/*
 * yara_rule.c: see yara_rule.h.
 *
 * pkg-config: yara (libyara-dev)
 */
#include "yara_rule.h"

#include "event_objects.h"
#include "yara_check.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* YARA has no more of them in one rule. */
#define STRINGS_MAX 10000

/* Names of MISP, "-" and all, as YARA's: one '_' for each character. */
static void yara_write_word(FILE *out, const char *text, size_t most)
{
	for (; *text && most > 0; text++) {
		bool word = isalnum((unsigned char)*text) || *text == '_';
		if (((unsigned char)*text & 0xc0) == 0x80)
			continue;
		putc(word ? *text : '_', out);
		most--;
	}
}

static void yara_write_text(FILE *out, const char *text)
{
	putc('"', out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fprintf(out, "\\%c", *text);
		else if ((unsigned char)*text < ' ' || *text == '\x7f')
			fprintf(out, "\\x%02x", (unsigned char)*text);
		else
			putc(*text, out);
	}
	fputs("\"\n", out);
}

static void yara_write_line(FILE *out, const char *name, const char *text)
{
	if (!text || strlen(text) > YARA_STRING_MAX)
		return;
	fprintf(out, "        %s = ", name);
	yara_write_text(out, text);
}

static void yara_write_links(const struct yara_rule *rule, FILE *out)
{
	size_t i;
	json_t *link;
	bool alone = json_array_size(rule->links) == 1;
	json_array_foreach (rule->links, i, link) {
		char name[32];
		snprintf(name, sizeof(name), alone ? "link" : "link_%zu", i);
		yara_write_line(out, name, json_string_value(link));
	}
}

static void yara_write_meta(const struct yara_rule *rule, FILE *out)
{
	static const char *const members[][2] = {{"misp_event_date", "date"},
						 {"misp_event_id", "id"},
						 {"misp_event_uuid", "uuid"}};
	const char *author = misp_text_at(
	    rule->query, event_member(rule->event, "Orgc"), "name");
	fputs("    meta:\n", out);
	yara_write_line(out, "description",
			event_text(rule->query, rule->event, "info"));
	if (author)
		yara_write_line(out, "author",
				misp_text(rule->query, "MISP - %s", author));
	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++)
		yara_write_line(
		    out, members[i][0],
		    event_text(rule->query, rule->event, members[i][1]));
	yara_write_links(rule, out);
}

/* What the event is about, as far as it can be in a name. NULL without
 * memory. */
static const char *yara_rule_name(const struct yara_rule *rule)
{
	const char *info = event_text(rule->query, rule->event, "info");
	char name[YARA_NAME_MAX + 1] = "";
	FILE *out = fmemopen(name, sizeof(name), "w");
	if (!out)
		return NULL;
	yara_write_word(out, info ? info : "", YARA_NAME_MAX - 40);
	if (fclose(out) != 0)
		return NULL;
	return yara_names_new(rule->names, rule->event_id, name);
}

/* Of all the strings, those from number first on. */
static void yara_write_strings(const struct yara_rule *rule, FILE *out,
			       size_t first)
{
	size_t number = 0, i;
	const char *type;
	json_t *list, *string;
	fputs("    strings:\n", out);
	json_object_foreach (rule->strings, type, list) {
		json_array_foreach (list, i, string) {
			if (number++ < first || number > first + STRINGS_MAX)
				continue;
			fputs("        $", out);
			yara_write_word(out, type, YARA_NAME_MAX);
			fprintf(out, "_%zu = ", i);
			yara_write_text(out, json_string_value(string));
		}
	}
}

/* One rule as text, to be freed; NULL without memory. */
static char *yara_rule_text(const struct yara_rule *rule, const char *name,
			    size_t first)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = misp_text_file(rule->query, &text, &size);
	if (!out)
		return NULL;
	fprintf(out, "rule %s {\n", name);
	yara_write_meta(rule, out);
	yara_write_strings(rule, out, first);
	fputs("    condition:\n        any of them\n}\n", out);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

static bool yara_write_one(const struct yara_rule *rule, FILE *out,
			   size_t first)
{
	struct yara_verdict verdict;
	const char *name = yara_rule_name(rule);
	char *text = name ? yara_rule_text(rule, name, first) : NULL;
	if (!text)
		return false;
	if (yara_check(text, NULL, 0, &verdict))
		fputs(text, out);
	else
		fprintf(out, "// Left out: the rule %s does not compile: %s\n",
			name, verdict.text);
	free(text);
	return true;
}

bool yara_rule_write(const struct yara_rule *rule, FILE *out)
{
	size_t count = 0;
	const char *type;
	json_t *list;
	json_object_foreach (rule->strings, type, list)
		count += json_array_size(list);
	for (size_t first = 0; first < count; first += STRINGS_MAX)
		if (!yara_write_one(rule, out, first))
			return false;
	return true;
}
