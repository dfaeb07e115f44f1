/*
 * abuseipdb.c: how often an address was reported for abuse.
 */
#include "dns_failure.h"

#include <stdlib.h>
#include <string.h>

#define THRESHOLD 70 /* percent, where the setting says nothing */

static const struct misp_service abuseipdb_service = {
    .name = "AbuseIPDB", .url = "https://api.abuseipdb.com/api/v2"};

/* Said as 0 or 1: MISP takes false for no value. */
static const char *const abuseipdb_flags[][2] = {
    {"isWhitelisted", "is-whitelisted"},
    {"isTor", "is-tor"},
    {"isPublic", "is-public"},
};

/* Whether a setting has a value, or is at least sent along. */
static bool is_given(struct misp_query *query, const char *name)
{
	const json_t *config = json_object_get(misp_request(query), "config");
	return misp_setting(query, name) || json_object_get(config, name);
}

/* The address to ask about; names are looked up. NULL after misp_fail. */
static const char *address_of(struct misp_query *query,
			      const struct misp_attribute *attribute)
{
	const char *own = strcmp(attribute->type, "domain|ip") == 0
			      ? misp_part(query, attribute->value, 1)
			      : attribute->value;
	if (own && misp_ip_version(own) != 0)
		return own;
	if (strncmp(attribute->type, "ip-", 3) == 0)
		return misp_fail(query, "The value is not an IP address");
	json_t *answers = NULL;
	const char *name = misp_part(query, attribute->value, 0);
	enum misp_dns_status status =
	    misp_dns(query, name ? name : "", MISP_DNS_A, NULL, &answers);
	if (status != MISP_DNS_OK) {
		dns_failure(query, status, "DNS resolving error");
		return NULL;
	}
	return json_string_value(json_array_get(answers, 0));
}

/* In percent; NULL when there is none. */
static const char *score_of(struct misp_query *query, const json_t *data)
{
	const char *score = misp_text_at(query, data, "abuseConfidenceScore");
	return score && *score && !score[strspn(score, "0123456789")] ? score
								      : NULL;
}

static json_t *abuseipdb_ask(struct misp_query *query, const char *address)
{
	struct misp_http *http = misp_http(query, &abuseipdb_service);
	misp_http_path(http, "check");
	misp_http_parameter(http, "ipAddress", address);
	misp_http_parameter(http, "maxAgeInDays",
			    misp_setting(query, "max_age_in_days"));
	misp_http_header(http, "Accept", "application/json");
	misp_http_header(http, "key", misp_setting(query, "api_key"));
	const struct misp_reply *reply = misp_http_send(http);
	if (!reply)
		return NULL;
	json_t *json = misp_reply_json(query, reply);
	json_t *data = misp_at(json, "data");
	if (reply->status == 200)
		return score_of(query, data)
			   ? data
			   : misp_fail(query,
				       "AbuseIPDB answered 200 with no result");
	const char *detail = misp_text_at(query, json, "errors.0.detail");
	return misp_fail(query, "API not reachable, status code: %d%s%s",
			 reply->status, detail ? " " : "",
			 detail ? detail : "");
}

static void add_verdict(struct misp_query *query, json_t *object,
			const json_t *data)
{
	const char *score = score_of(query, data);
	bool bad = strtol(score, NULL, 10) >=
		   misp_setting_number(query, "abuse_threshold", THRESHOLD);
	json_t *verdict =
	    misp_object_add(object, "is-malicious", bad ? "1" : "0");
	misp_tag(verdict,
		 bad ? "ioc:artifact-state=\"malicious\""
		     : "ioc:artifact-state=\"not-malicious\"",
		 NULL);
	for (size_t i = 0;
	     i < sizeof(abuseipdb_flags) / sizeof(*abuseipdb_flags); i++)
		misp_object_add(
		    object, abuseipdb_flags[i][1],
		    misp_text_at(query, data, abuseipdb_flags[i][0]));
	misp_object_add(object, "abuse-confidence-score", score);
}

static json_t *abuseipdb_query(struct misp_query *query)
{
	if (!misp_setting_or(query, "api_key", "AbuseIPDB API key is missing"))
		return NULL;
	if (!is_given(query, "max_age_in_days"))
		return misp_fail(query, "AbuseIPDB max age in days is missing");
	if (!is_given(query, "abuse_threshold"))
		return misp_fail(query, "AbuseIPDB abuse threshold is missing");
	const struct misp_attribute *attribute =
	    misp_attribute_or(query, "Unsupported attribute type.");
	const char *address = attribute ? address_of(query, attribute) : NULL;
	json_t *data = address ? abuseipdb_ask(query, address) : NULL;
	if (!data)
		return NULL;
	json_t *results = misp_standard();
	misp_add_own(results, attribute);
	json_t *object = misp_add_object(results, "abuseipdb");
	add_verdict(query, object, data);
	misp_reference(object, attribute->uuid, "describes");
	return results;
}

MISP_MODULE(
    abuseipdb, .types = MISP_EXPANSION | MISP_HOVER, .format = MISP_STANDARD,
    .query = abuseipdb_query, .title = "AbuseIPDB", .version = "0.1",
    .author = "MISP modules FastCGI server",
    .description = "Asks AbuseIPDB how often an IP address was reported for "
		   "abuse.",
    .features = "A domain or host name is looked up first. From the threshold "
		"on (70 percent if it is not set) the address counts as "
		"malicious.",
    .input_text = "An IP address, domain or host name.",
    .output_text = "An abuseipdb object with the verdict and the score.",
    .references = MISP_LIST("https://docs.abuseipdb.com/"),
    .input = MISP_LIST("ip-src", "ip-dst", "hostname", "domain", "domain|ip"),
    .settings = MISP_SETTINGS(
	{"api_key", "Key of the API", NULL},
	{"max_age_in_days", "How old reports may be: 1 to 365", NULL},
	{"abuse_threshold", "Percent from which on it is malicious", NULL}),
    .services = MISP_SERVICES(&abuseipdb_service));
