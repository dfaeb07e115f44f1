/*
 * jinja_template_rendering.c: fills a template in. MISP asks for it before it
 * runs an action, for the parameters that may be templates.
 */
#include "template/template.h"

#include <string.h>

#define NO_TEMPLATE "- Default template -" /* what clients are used to */

static json_t *rendering_query(struct misp_query *query)
{
	char problem[TEMPLATE_PROBLEM_SIZE];
	const char *text = misp_value(query, "text");
	if (!text)
		return misp_fail(query, "A text is missing: JSON with a "
					"template and its data.");
	const json_t *asked =
	    misp_keep(query, misp_parse_json(query, text, strlen(text)));
	if (!asked)
		return NULL;
	const json_t *template = json_object_get(asked, "template");
	if (template && !json_is_string(template))
		return misp_fail(query, "The template is no text.");
	const char *rendered = template_render(
	    query, template ? json_string_value(template) : NO_TEMPLATE,
	    json_object_get(asked, "data"), problem);
	if (!rendered)
		return misp_fail(query, "The template cannot be rendered: %s",
				 problem);
	/* MISP wants a row for an empty text as well. */
	return json_pack("[{s:[s], s:[s]}]", "types", "text", "values",
			 rendered);
}

MISP_MODULE(
    jinja_template_rendering, .types = MISP_EXPANSION, .query = rendering_query,
    .title = "Ninja Template Rendering", .version = "0.1",
    .author = "MISP modules FastCGI server",
    .description = "Fills a template in the language of Jinja2 in.",
    .features =
	"MISP renders the templates of workflows with it. It knows "
	"expressions with tests and most filters, if, for, set, raw and "
	"comments; macros and what reads files are not there.",
    .input_text = "JSON: {\"template\": \"...\", \"data\": {...}}.",
    .output_text = "The text.",
    .references = MISP_LIST("https://jinja.palletsprojects.com/"),
    .input = MISP_LIST("text"), .output = MISP_LIST("text"), .caged = true);
