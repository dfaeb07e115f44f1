/*
 * crowdsec.c: what CrowdSec's community has seen an address do.
 */
#include "country_name.h"
#include "title_case.h"

#include <string.h>

static const struct misp_service crowdsec_service = {
    .name = "CrowdSec",
    .url = "https://cti.api.crowdsec.net/v2",
    .failures = MISP_FAILURES({404, "CrowdSec knows nothing of this IP"}),
};

static const struct misp_mapping crowdsec_fields[] = {
    {"ip_range", "ip-range"},
    {"ip_range_score", "ip-range-score"},
    {"location.country", "country-code"},
    {"location.city", "city"},
    {"location.latitude", "latitude"},
    {"location.longitude", "longitude"},
    {"as_name", "as-name"},
    {"as_num", "as-num", MISP_TO_AS},
    {"reverse_dns", "reverse-dns"},
    {"background_noise_score", "background-noise"},
    {"scores.overall.trust", "trust"},
    {0},
};

/* Lists of what it did: each entry's label with its description, and a tag
 * made of its name unless the setting says no. */
static const struct list {
	const char *path;
	const char *relation;
	const char *tag;
	const char *setting;
} lists[] = {
    {"behaviors", "behaviors", "behavior", "add_behavior_tag"},
    {"mitre_techniques", "mitre-techniques", "mitre-technique",
     "add_mitre_technique_tag"},
    {"classifications.false_positives", "false-positives", "false_positive",
     "add_classification_tag"},
    {"classifications.classifications", "classifications", "classification",
     "add_classification_tag"},
};

static void tag(struct misp_query *query, json_t *ip, const char *setting,
		const char *kind, const char *value)
{
	if (misp_setting_true(query, setting, true))
		misp_tag(ip,
			 misp_text(query, "crowdsec:%s=\"%s\"", kind, value),
			 NULL);
}

static void add_entry(struct misp_query *query, json_t *object, json_t *ip,
		      const struct list *list, const json_t *entry)
{
	const char *name = misp_text_at(query, entry, "name");
	const char *label = misp_text_at(query, entry, "label");
	const char *words = misp_text_at(query, entry, "description");
	json_t *attribute = misp_object_add(object, list->relation, label);
	bool is_technique = strcmp(list->tag, "mitre-technique") == 0;
	if (is_technique && name)
		misp_comment(attribute, "%s (https://attack.mitre.org/%s/%s)",
			     words   ? words
			     : label ? label
				     : "",
			     strncmp(name, "TA", 2) == 0 ? "tactics"
							 : "techniques",
			     name);
	else if (words)
		misp_comment(attribute, "%s", words);
	if (name)
		tag(query, ip, list->setting, list->tag, name);
}

static void add_lists(struct misp_query *query, json_t *object, json_t *ip,
		      const json_t *reply)
{
	size_t index;
	json_t *entry;
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		json_array_foreach (misp_at(reply, lists[i].path), index,
				    entry) {
			add_entry(query, object, ip, &lists[i], entry);
		}
	}
	json_array_foreach (misp_at(reply, "cves"), index, entry) {
		const char *cve = json_string_value(entry);
		misp_comment(misp_object_add(object, "cves", cve),
			     "https://nvd.nist.gov/vuln/detail/%s",
			     cve ? cve : "");
		if (cve)
			tag(query, ip, "add_cve_tag", "cve", cve);
	}
}

static const char *attack_details(struct misp_query *query, const json_t *reply)
{
	const char *text = NULL;
	size_t index;
	const json_t *entry;
	json_array_foreach (misp_at(reply, "attack_details"), index, entry) {
		const char *name = misp_text_at(query, entry, "name");
		const char *label = misp_text_at(query, entry, "label");
		const char *words = misp_text_at(query, entry, "description");
		misp_append(query, &text, ", ",
			    misp_text(query, "%s - %s (%s)", name ? name : "",
				      label ? label : "", words ? words : ""));
	}
	return text;
}

static const char *scores(struct misp_query *query, const json_t *reply)
{
	const char *text = NULL, *period, *kind;
	json_t *values, *value;
	json_object_foreach (misp_at(reply, "scores"), period, values) {
		const char *line = NULL;
		json_object_foreach (values, kind, value) {
			const char *name = title_case(query, kind);
			const char *number = misp_text_at(query, value, "");
			misp_append(query, &line, " - ",
				    misp_text(query, "%s: %s", name ? name : "",
					      number ? number : ""));
		}
		const char *name = title_case(query, period);
		misp_append(query, &text, ", ",
			    misp_text(query, "%s: %s", name ? name : "",
				      line ? line : ""));
	}
	return text;
}

static const char *target_countries(struct misp_query *query,
				    const json_t *reply)
{
	const char *text = NULL, *code;
	json_t *share;
	json_object_foreach (misp_at(reply, "target_countries"), code, share) {
		misp_append(query, &text, ", ", country_name(code));
	}
	return text;
}

static void add_context(struct misp_query *query, json_t *object,
			const json_t *reply)
{
	const char *reputation = misp_text_at(query, reply, "reputation");
	const char *country = misp_text_at(query, reply, "location.country");
	const char *seen[] = {misp_text_at(query, reply, "history.first_seen"),
			      misp_text_at(query, reply, "history.last_seen")};
	json_t *ip =
	    misp_object_add(object, "ip", misp_text_at(query, reply, "ip"));
	if (!reputation)
		reputation = "unknown";
	for (size_t i = 0; i < 2; i++) {
		const char *time =
		    seen[i] ? misp_time_of(query, seen[i]) : NULL;
		if (time)
			misp_set(object, i ? "last_seen" : "first_seen",
				 json_string(time));
	}
	misp_object_add(object, "reputation", reputation);
	tag(query, ip, "add_reputation_tag", "reputation", reputation);
	misp_object_add(object, "country",
			country ? country_name(country) : NULL);
	misp_map(query, object, reply, crowdsec_fields);
	add_lists(query, object, ip, reply);
	misp_object_add(object, "attack-details", attack_details(query, reply));
	misp_object_add(object, "target-countries",
			target_countries(query, reply));
	misp_object_add(object, "scores", scores(query, reply));
}

static json_t *crowdsec_query(struct misp_query *query)
{
	const char *key =
	    misp_setting_or(query, "api_key",
			    misp_has_config(query) ? "Missing CrowdSec API key"
						   : "Missing CrowdSec Config");
	const struct misp_attribute *attribute =
	    key ? misp_attribute_or(query, "Wrong input type. Please choose on "
					   "of the following: ip-dst, ip-src")
		: NULL;
	if (!attribute)
		return NULL;
	if (misp_ip_version(attribute->value) == 0)
		return misp_fail(query,
				 "IP (%s) is not valid for calling CrowdSec "
				 "CTI. Please provide a valid IP address.",
				 attribute->value);
	struct misp_http *http = misp_http(query, &crowdsec_service);
	misp_http_path(http, "smoke", attribute->value);
	misp_http_header(http, "x-api-key", key);
	json_t *reply = misp_http_fetch_json(http);
	if (reply && !misp_text_at(query, reply, "ip"))
		return misp_fail(query, "CrowdSec's answer is about no IP");
	if (!reply)
		return NULL;
	json_t *results = misp_standard();
	misp_add_own(results, attribute);
	json_t *object = misp_add_object(results, "crowdsec-ip-context");
	add_context(query, object, reply);
	misp_reference(object, attribute->uuid, "related-to");
	return results;
}

MISP_MODULE(
    crowdsec, .types = MISP_HOVER | MISP_EXPANSION, .format = MISP_STANDARD,
    .query = crowdsec_query, .title = "CrowdSec CTI", .version = "2.1",
    .author = "MISP modules FastCGI server",
    .description = "Asks CrowdSec what its community has seen an IP do.",
    .input_text = "An IP address.",
    .output_text = "A crowdsec-ip-context object; tags for what it did.",
    .references = MISP_LIST("https://docs.crowdsec.net/u/cti_api/intro"),
    .input = MISP_LIST("ip-dst", "ip-src"),
    .settings = MISP_SETTINGS(
	{"api_key", "Key of the CTI API", NULL},
	{"add_reputation_tag", "Tag with the reputation: yes unless false",
	 NULL},
	{"add_behavior_tag", "Tag with the behaviours", NULL},
	{"add_classification_tag", "Tag with the classifications", NULL},
	{"add_mitre_technique_tag", "Tag with MITRE's techniques", NULL},
	{"add_cve_tag", "Tag with the CVEs it exploits", NULL}),
    .services = MISP_SERVICES(&crowdsec_service));
