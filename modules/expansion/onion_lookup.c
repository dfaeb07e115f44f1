/*
 * onion_lookup.c: what AIL's crawler has seen of an onion service.
 */
#include "misp-module.h"

static const struct misp_service onion_service = {
    .name = "onion-lookup",
    .url = "https://onion.ail-project.org/api",
};

static const struct misp_mapping onion_fields[] = {
    {"first_seen", "first-seen", MISP_FROM_TIME},
    {"last_seen", "last-seen", MISP_FROM_TIME},
    {"languages", "language"},
    {"titles", "title"},
    {0},
};

static json_t *onion_query(struct misp_query *query)
{
	const struct misp_attribute *attribute =
	    misp_attribute_or(query, "Unsupported attribute type.");
	if (!attribute)
		return NULL;
	struct misp_http *http = misp_http(query, &onion_service);
	misp_http_path(http, "lookup", attribute->value);
	const json_t *onion = misp_http_fetch_json(http);
	if (!onion)
		return NULL;
	const char *address = json_string_value(misp_at(onion, "id"));
	if (!address)
		return misp_fail(query, "onion-lookup does not know this onion "
					"address");
	json_t *results = misp_standard();
	json_t *own = misp_add_own(results, attribute);
	json_t *object = misp_add_object(results, "tor-hiddenservice");
	json_t *seen = misp_object_add(object, "address", address);
	misp_map(query, object, onion, onion_fields);
	size_t i;
	const json_t *entry;
	json_array_foreach (misp_at(onion, "tags"), i, entry) {
		const char *tag = json_string_value(entry);
		misp_tag(seen, tag, NULL);
		misp_tag(own, tag, NULL);
	}
	misp_reference(object, attribute->uuid, "expanded-from");
	return misp_finish(query, results);
}

MISP_MODULE(onion_lookup, .types = MISP_EXPANSION | MISP_HOVER,
	    .format = MISP_STANDARD, .query = onion_query,
	    .title = "Onion Lookup", .version = "1",
	    .author = "MISP modules FastCGI server",
	    .description = "Asks AIL's onion-lookup about an onion service.",
	    .logo = "onion.png",
	    .output_text = "A tor-hiddenservice object, and tags.",
	    .references = MISP_LIST("https://onion.ail-project.org/"),
	    .input = MISP_LIST("onion-address"),
	    .services = MISP_SERVICES(&onion_service));
