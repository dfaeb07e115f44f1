/*
 * skeleton.c: what the module imports, in one sentence.
 */
#include "misp-module.h"

#include <string.h>

/* One row for each line of the file that is not empty. */
static void skeleton_lines(struct misp_query *query, json_t *rows,
			   const char *text)
{
	const char *comment = misp_option(query, "comment");
	while (*text) {
		size_t length = strcspn(text, "\r\n");
		json_t *row =
		    misp_row(rows, MISP_TYPES("text"),
			     misp_text(query, "%.*s", (int)length, text));
		if (comment)
			misp_comment(row, "%s", comment);
		misp_to_ids(row, misp_option_true(query, "to_ids"));
		text += length;
		text += strspn(text, "\r\n");
	}
}

static json_t *skeleton_query(struct misp_query *query)
{
	size_t size = 0;
	const unsigned char *file = misp_file(query, &size);
	if (!file)
		return NULL;
	if (memchr(file, '\0', size))
		return misp_fail(query, "The file is not text");
	json_t *rows = misp_rows();
	skeleton_lines(query, rows, (const char *)file);
	return rows;
}

MISP_MODULE(
    skeleton, .types = MISP_IMPORT, .query = skeleton_query,
    .title = "skeleton", .version = "1.0", .author = "Your name",
    .description = "Imports each line of a file as text.",
    .input_text = "A text file.", .output_text = "One attribute for each line.",
    .input_source = MISP_LIST("file", "paste"), .caged = true,
    .options = MISP_OPTIONS({.name = "comment",
			     .type = MISP_STRING,
			     .message = "Comment for all attributes",
			     .optional = true},
			    {.name = "to_ids",
			     .type = MISP_BOOLEAN,
			     .message = "Mark the attributes for detection"}));
