/*
 * template_marks.c: the marks of a template's tags, and what stands between
 * the tags: text, comments and what is raw.
 */
#include "template_parts.h"

#include <ctype.h>
#include <string.h>

/* ---- Marks, with their "-" ---- */

bool template_close_mark(struct template_run *run, const char *mark)
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
		template_space(run);
	return true;
}

void template_open_mark(struct template_run *run)
{
	run->at += 2;
	run->at += *run->at == '-' || *run->at == '+';
}

bool template_opens(const char *at)
{
	return at[0] == '{' && at[1] && strchr("{%#", at[1]);
}

/* ---- Text ---- */

static struct template_node *text_node(struct template_run *run,
				       const char *from, const char *to)
{
	/* A tag that begins with "-" takes the white space before it. */
	if (template_opens(to) && to[2] == '-')
		while (to > from && isspace((unsigned char)to[-1]))
			to--;
	struct template_node *node = template_node(run, TEMPLATE_TEXT);
	if (node)
		node->text =
		    misp_text(run->query, "%.*s", (int)(to - from), from);
	return node;
}

struct template_node *template_plain_text(struct template_run *run)
{
	const char *from = run->at;
	while (*run->at && !template_opens(run->at))
		run->at++;
	return text_node(run, from, run->at);
}

/* ---- What is left out, and left as it is ---- */

void template_skip_comment(struct template_run *run)
{
	const char *end = strstr(run->at + 2, "#}");
	if (!end) {
		template_fail(run, "the comment has no end");
		return;
	}
	bool strips = end[-1] == '-';
	run->at = end + 2;
	if (strips)
		template_space(run);
}

/* At {% endraw %}, in any of its forms. */
static bool is_endraw(const char *at)
{
	if (at[0] != '{' || at[1] != '%')
		return false;
	at += 2;
	at += *at == '-' || *at == '+';
	at += strspn(at, " \t\n");
	return strncmp(at, "endraw", 6) == 0 && !template_in_word(at[6]);
}

struct template_node *template_raw(struct template_run *run)
{
	if (!template_close_mark(run, "%}"))
		return NULL;
	const char *from = run->at;
	while (*run->at && !is_endraw(run->at))
		run->at++;
	if (!*run->at)
		return template_fail(run, "raw has no endraw");
	struct template_node *node = text_node(run, from, run->at);
	template_open_mark(run);
	template_take_word(run, "endraw");
	return template_close_mark(run, "%}") ? node : NULL;
}
