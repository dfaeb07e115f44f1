/*
 * action_message.c: the message that an action of a workflow sends.
 */
#include "action_message.h"

#include "python_text.h"
#include "template/template.h"

#include <string.h>

/* Shorter ones are too common in templates to tell anything. */
#define PIECE_LEAST 5
#define PIECES_MOST 1000

const char *action_parameter(struct misp_query *query, const char *name)
{
	const char *value = misp_parameter(query, name);
	return value ? value
		     : misp_fail(query, "The parameter %s is missing", name);
}

static bool has_marks(const char *text)
{
	return strstr(text, "{{") || strstr(text, "{%") || strstr(text, "{#");
}

/* Whether the text has a piece of the data with a template's marks in it. */
static bool has_piece(const char *text, const json_t *data, size_t *pieces)
{
	const char *piece = json_string_value(data);
	const char *name;
	json_t *member;
	size_t i;
	if (piece)
		return json_string_length(data) >= PIECE_LEAST &&
		       has_marks(piece) &&
		       (++*pieces > PIECES_MOST || strstr(text, piece));
	json_object_foreach ((json_t *)data, name, member) {
		if (has_piece(text, member, pieces))
			return true;
	}
	json_array_foreach (data, i, member) {
		if (has_piece(text, member, pieces))
			return true;
	}
	return false;
}

/* What the workflow hands over: all, or what its paths have found. */
static json_t *data_of(struct misp_query *query)
{
	json_t *request = misp_request(query);
	json_t *found = json_object_get(request, "matchingData");
	return found ? found : json_object_get(request, "data");
}

const char *action_message(struct misp_query *query)
{
	char problem[TEMPLATE_PROBLEM_SIZE];
	size_t pieces = 0;
	const char *template = misp_parameter(query, "message_template");
	json_t *data = data_of(query);
	if (!template) {
		const char *json =
		    data ? python_json(query, data, false) : "{}";
		return json ? misp_text(query, "```\n%s\n```", json) : NULL;
	}
	if (strlen(template) > TEMPLATE_TEXT_MOST)
		return misp_fail(query, "The message has more than %d bytes",
				 TEMPLATE_TEXT_MOST);
	if (!has_marks(template) || has_piece(template, data, &pieces))
		return template;
	const char *message = template_render(query, template, data, problem);
	return message ? message
		       : misp_fail(query,
				   "The message_template cannot be rendered: "
				   "%s",
				   problem);
}
