/*
 * url_import.c: a list of URLs, one a line, as url objects.
 *
 * pkg-config: libpsl libidn2 (libpsl-dev libidn2-dev)
 */
#include "import_most.h"
#include "text_lines.h"
#include "url_object.h"

#include <string.h>

/* What is longer is no URL, but a file of another kind. */
#define LINE_MAX_LENGTH 65536

static bool is_scheme(const json_t *attribute)
{
	const char *relation =
	    json_string_value(json_object_get(attribute, "object_relation"));
	return relation && strcmp(relation, "scheme") == 0;
}

static void drop_scheme(json_t *object)
{
	json_t *attributes = json_object_get(object, "Attribute");
	size_t i;
	json_t *attribute;
	json_array_foreach (attributes, i, attribute) {
		if (!is_scheme(attribute))
			continue;
		json_array_remove(attributes, i);
		return;
	}
}

/* The object of a line; NULL after misp_fail, which says which line it was. */
static json_t *line_object(struct misp_query *query, json_t *results,
			   const struct url_suffixes *suffixes,
			   const struct text_lines *lines)
{
	if (lines->length > LINE_MAX_LENGTH)
		return misp_fail(query, "Line %zu is too long for a URL",
				 lines->number);
	if (memchr(lines->line, '\0', lines->length))
		return misp_fail(query, "Line %zu is no text", lines->number);
	const char *line =
	    misp_text(query, "%.*s", (int)lines->length, lines->line);
	json_t *object =
	    line ? url_object_add(query, results, suffixes, line) : NULL;
	const char *failure = misp_failure(query);
	if (object || !failure)
		return object;
	failure = misp_text(query, "Line %zu: %s", lines->number, failure);
	misp_forget(query);
	return failure ? misp_fail(query, "%s", failure) : NULL;
}

static json_t *url_import_query(struct misp_query *query)
{
	size_t size = 0, count = 0;
	const unsigned char *bytes = misp_file(query, &size);
	if (!bytes)
		return NULL;
	struct text_lines lines = {.at = (const char *)bytes,
				   .end = (const char *)bytes + size};
	const struct url_suffixes *suffixes = url_suffixes(query);
	bool with_scheme = misp_option_true(query, "include_scheme");
	json_t *results = misp_standard();
	while (text_line_next(&lines)) {
		json_t *object = line_object(query, results, suffixes, &lines);
		if (!with_scheme)
			drop_scheme(object);
		if (!object || !import_count(query, &count,
					     json_array_size(json_object_get(
						 object, "Attribute"))))
			break;
	}
	return misp_finish(query, results);
}

MISP_MODULE(
    url_import, .types = MISP_IMPORT, .format = MISP_STANDARD,
    .query = url_import_query, .title = "URL Import", .version = "0.1",
    .author = "MISP modules FastCGI server",
    .description = "Imports URLs as url objects, which hold their parts.",
    .features = "One URL a line, with or without a scheme. Knows the public "
		"suffix list, names in other scripts and IP addresses as "
		"hosts. Blank lines are passed over; of one that is no URL the "
		"error tells the number.",
    .input_text = "A list of URLs.", .output_text = "A url object of each.",
    .references = MISP_LIST("https://publicsuffix.org/"),
    .requirements = MISP_LIST("libpsl", "libidn2"),
    .output = MISP_LIST("MISP Format"),
    .input_source = MISP_LIST("file", "paste"), .caged = true,
    .reads = MISP_LIST(URL_OBJECT_READS),
    .options = MISP_OPTIONS({.name = "include_scheme",
			     .type = MISP_BOOLEAN,
			     .message = "Include scheme"}));
