/*
 * extract_url_components.c: the parts of a URL, as an object.
 *
 * pkg-config: libpsl libidn2 (libpsl-dev libidn2-dev)
 */
#include "url_object.h"

static json_t *extract_query(struct misp_query *query)
{
	const struct misp_attribute *attribute = misp_attribute(query);
	if (!attribute)
		return NULL;
	if (!misp_accepts(query, attribute->type))
		return misp_fail(query, "Bad attribute type");
	json_t *results = misp_standard();
	json_t *object = url_object_add(query, results, url_suffixes(query),
					attribute->value);
	if (!object) {
		json_decref(results);
		return NULL;
	}
	misp_reference(object, attribute->uuid, "generated-from");
	return results;
}

MISP_MODULE(
    extract_url_components, .types = MISP_EXPANSION | MISP_HOVER,
    .format = MISP_STANDARD, .query = extract_query,
    .title = "URL Components Extractor", .version = "1.0",
    .author = "MISP modules FastCGI server",
    .description = "Takes a URL apart into the fields of a url object.",
    .features = "Knows the public suffix list, names in other scripts, IP "
		"addresses as hosts, and URLs without a scheme. Nothing is "
		"asked over the network.",
    .input_text = "A URL.",
    .output_text = "A url object that refers to the attribute.",
    .references = MISP_LIST("https://publicsuffix.org/"),
    .requirements = MISP_LIST("libpsl", "libidn2"), .input = MISP_LIST("url"));
