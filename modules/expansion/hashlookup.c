/*
 * hashlookup.c: whether a file's hash is known, asked from CIRCL's hashlookup.
 */
#include "misp-module.h"

static const struct misp_service hashlookup_service = {
    .name = "hashlookup",
    .url = "https://hashlookup.circl.lu",
    .url_setting = "custom_API",
    .failures = MISP_FAILURES({404, "Non existing hash"},
			      {MISP_OTHERWISE, "API not accessible"}),
};

static const struct misp_mapping hashlookup_fields[] = {
    {"source", "source"},     {"KnownMalicious", "KnownMalicious"},
    {"MD5", "MD5"},           {"SHA-1", "SHA-1"},
    {"SHA-256", "SHA-256"},   {"SSDEEP", "SSDEEP"},
    {"TLSH", "TLSH"},         {"FileName", "FileName"},
    {"FileSize", "FileSize"}, {0},
};

static json_t *hashlookup_query(struct misp_query *query)
{
	const struct misp_attribute *attribute =
	    misp_attribute_or(query, "md5 or sha1 or sha256 is missing.");
	if (!attribute)
		return NULL;
	struct misp_http *http = misp_http(query, &hashlookup_service);
	misp_http_path(http, "lookup", attribute->type, attribute->value);
	json_t *known = misp_http_fetch_json(http);
	if (!known)
		return NULL;
	json_t *results = misp_standard();
	misp_add_own(results, attribute);
	json_t *object = misp_add_object(results, "hashlookup");
	if (misp_map(query, object, known, hashlookup_fields) == 0)
		misp_fail(query, "Empty result");
	misp_reference(object, attribute->uuid, "related-to");
	return misp_finish(query, results);
}

MISP_MODULE(
    hashlookup, .types = MISP_EXPANSION | MISP_HOVER, .format = MISP_STANDARD,
    .query = hashlookup_query, .title = "CIRCL hashlookup", .version = "2",
    .author = "MISP modules FastCGI server",
    .description = "Looks a file's hash up in CIRCL's hashlookup, which knows "
		   "the files of operating systems and packages.",
    .features = "A private instance can be named in custom_API.",
    .input_text = "The md5, sha1 or sha256 of a file.",
    .output_text = "A hashlookup object with the file's hashes and name.",
    .references = MISP_LIST("https://www.circl.lu/services/hashlookup/"),
    .input = MISP_LIST("md5", "sha1", "sha256"),
    .settings = MISP_SETTINGS({"custom_API", "URL of another hashlookup server",
			       NULL}),
    .services = MISP_SERVICES(&hashlookup_service));
