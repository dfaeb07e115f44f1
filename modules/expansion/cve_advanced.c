/*
 * cve_advanced.c: a CVE with its weakness and attack patterns, asked from a
 * cve-search server.
 */
#include "vulnerability/vulnerability.h"

#include <string.h>

static const struct misp_service cve_search = {
    .name = "cve-search",
    .url = "https://cvepremium.circl.lu/api",
    .url_setting = "custom_API",
    .failures = MISP_FAILURES({MISP_OTHERWISE, "API not accessible"}),
};

/* Whose records cve-search's address may answer with today. */
static const struct misp_service successor = {
    .name = "Vulnerability-Lookup",
    .url = "https://vulnerability.circl.lu",
};

static json_t *search(struct misp_query *query, const char *what,
		      const char *id)
{
	struct misp_http *http = misp_http(query, &cve_search);
	misp_http_path(http, what, id);
	return misp_http_fetch_json(http);
}

static void add_weakness(struct misp_query *query, json_t *results,
			 json_t *vulnerability, const char *cwe)
{
	static const struct misp_mapping fields[] = {
	    {"name", "name"},
	    {"description_summary", "description"},
	    {"status", "status"},
	    {"weaknessabs", "weakness-abs"},
	    {0},
	};
	const char *dash = cwe ? strchr(cwe, '-') : NULL;
	if (!dash || strcmp(cwe, "NVD-CWE-noinfo") == 0)
		return;
	const char *number =
	    misp_text(query, "%.*s", (int)strcspn(dash + 1, "-"), dash + 1);
	if (!number || !*number)
		return;
	const json_t *known = search(query, "cwe", number);
	/* The flaw is known without it. */
	misp_forget(query);
	if (!json_is_object(known))
		return;
	json_t *weakness = misp_add_object(results, "weakness");
	misp_object_add(
	    weakness, "id",
	    misp_text(query, "%.*s-%s", (int)(dash - cwe), cwe, number));
	misp_map(query, weakness, known, fields);
	misp_reference(vulnerability, misp_uuid(weakness), "weakened-by");
}

static void add_pattern(struct misp_query *query, json_t *results,
			json_t *vulnerability, const json_t *capec)
{
	static const struct misp_mapping fields[] = {
	    {"id", "id", MISP_TO_TEXT}, {"name", "name"},
	    {"summary", "summary"},     {"prerequisites", "prerequisites"},
	    {"solutions", "solutions"}, {0},
	};
	if (!misp_at(capec, "id") && !misp_at(capec, "name"))
		return;
	json_t *pattern = misp_add_object(results, "attack-pattern");
	misp_map(query, pattern, capec, fields);
	const json_t *related = misp_at(capec, "related_weakness");
	for (size_t i = 0; i < json_array_size(related); i++) {
		const char *number =
		    misp_text_at(query, json_array_get(related, i), "");
		if (number)
			misp_object_add(pattern, "related-weakness",
					misp_text(query, "CWE-%s", number));
	}
	misp_reference(vulnerability, misp_uuid(pattern), "targeted-by");
}

static json_t *add_vulnerability(struct misp_query *query, json_t *results,
				 const json_t *cve)
{
	static const struct misp_mapping fields[] = {
	    {"id", "id"},
	    {"summary", "summary"},
	    {"Modified", "modified", MISP_FROM_TIME},
	    {"cvss3", "cvss-score"},
	    {"cvss3-vector", "cvss-string"},
	    {"Published", "published", MISP_FROM_TIME},
	    {0},
	};
	/* A product is its name, or an object with a title. */
	static const struct misp_mapping lists[] = {
	    {"vulnerable_configuration", "vulnerable-configuration"},
	    {"vulnerable_configuration.title", "vulnerable-configuration"},
	    {"vulnerable_configuration_cpe_2_2", "vulnerable-configuration"},
	    {"vulnerable_configuration_cpe_2_2.title",
	     "vulnerable-configuration"},
	    {"references", "references"},
	    {0},
	};
	json_t *object = misp_add_object(results, "vulnerability");
	if (!json_is_object(cve) || misp_map(query, object, cve, fields) == 0)
		return misp_fail(query, "API not accessible: cve-search "
					"answered with no vulnerability");
	if (misp_at(cve, "Published"))
		misp_object_add(object, "state", "Published");
	misp_map(query, object, cve, lists);
	return object;
}

static json_t *cve_results(struct misp_query *query,
			   const struct misp_attribute *attribute,
			   const json_t *cve)
{
	json_t *results = misp_standard();
	misp_add_own(results, attribute);
	json_t *object = add_vulnerability(query, results, cve);
	misp_reference(object, attribute->uuid, "related-to");
	if (object)
		add_weakness(query, results, object,
			     json_string_value(misp_at(cve, "cwe")));
	size_t index;
	json_t *capec;
	json_array_foreach (misp_at(cve, "capec"), index, capec)
		if (object)
			add_pattern(query, results, object, capec);
	return misp_finish(query, results);
}

static json_t *cve_advanced_query(struct misp_query *query)
{
	const struct misp_attribute *attribute =
	    misp_attribute_or(query, "Vulnerability id missing.");
	const json_t *cve =
	    attribute ? search(query, "cve", attribute->value) : NULL;
	if (!cve)
		return NULL;
	if (vulnerability_is_nothing(cve))
		return misp_fail(query, "Non existing CVE");
	if (misp_at(cve, "cveMetadata.cveId"))
		return vulnerability_results(query, &successor, attribute, cve);
	return cve_results(query, attribute, cve);
}

MISP_MODULE(
    cve_advanced, .types = MISP_EXPANSION | MISP_HOVER, .format = MISP_STANDARD,
    .query = cve_advanced_query, .title = "CVE Advanced Lookup", .version = "2",
    .author = "MISP modules FastCGI server",
    .description = "Looks a CVE up in CIRCL's cve-search, with its weakness "
		   "and the attack patterns that aim at it.",
    .logo = "cve.png",
    .features = "A server of one's own can be named in custom_API. "
		"Vulnerability-Lookup, which has taken over from cve-search, "
		"answers with a CVE record, which is understood too.",
    .input_text = "The number of a CVE.",
    .output_text = "A vulnerability object with weakness and attack-pattern "
		   "objects.",
    .references = MISP_LIST("https://vulnerability.circl.lu",
			    "https://www.cve.org/"),
    .input = MISP_LIST("vulnerability"),
    .settings = MISP_SETTINGS(
	{"custom_API", "URL of another cve-search API, ending in /api", NULL}),
    .services = MISP_SERVICES(&cve_search, &successor));
