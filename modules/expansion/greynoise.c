/*
 * greynoise.c: whether an address scans the whole Internet, and how many scan
 * it for a vulnerability, according to GreyNoise.
 */
#include "misp-module.h"

#include <arpa/inet.h>
#include <string.h>

#define SCANNER "internet_scanner_intelligence"
#define BUSINESS "business_service_intelligence"
#define ID_CHARACTERS                \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	"abcdefghijklmnopqrstuvwxyz0123456789-"
#define WORDS_MAX 16 /* classifications there may be */

static const struct misp_service greynoise_service = {
    .name = "GreyNoise",
    .url = "https://api.greynoise.io",
    .failures = MISP_FAILURES({MISP_OTHERWISE, "Error querying GreyNoise"}),
};

static const struct misp_mapping address_fields[] = {
    {SCANNER ".classification", "classification"},
    {BUSINESS ".name", "provider"},
    {SCANNER ".first_seen", "first-seen", MISP_FROM_TIME},
    {SCANNER ".last_seen_timestamp", "last-seen", MISP_FROM_TIME},
    {BUSINESS ".last_updated", "last-seen", MISP_FROM_TIME},
    {0},
};

/* What the pop-up that stays shows beside that. */
static const struct misp_mapping detail_fields[] = {
    {SCANNER ".vpn", "vpn"},
    {SCANNER ".tor", "tor"},
    {SCANNER ".bot", "bot"},
    {SCANNER ".metadata.asn", "asn", MISP_TO_AS},
    {SCANNER ".metadata.source_country", "source_country"},
    {SCANNER ".metadata.rdns", "rdns"},
    {SCANNER ".metadata.rdns_parent", "rdns_parent"},
    {0},
};

/* A request with the key; the reply's JSON, or NULL after misp_fail. */
static json_t *greynoise_ask(struct misp_query *query, struct misp_http *http,
			     const char *refused)
{
	misp_http_header(http, "key", misp_setting(query, "api_key"));
	misp_http_header(http, "Accept", "application/json");
	json_t *reply = misp_http_fetch_json(http);
	const char *error = misp_text_at(query, reply, "error");
	if (!error)
		return reply;
	return misp_fail(query, "%s%s", refused,
			 refused[strlen(refused) - 1] == ' ' ? error : "");
}

static bool is_found(const json_t *reply, const char *path)
{
	return json_is_true(misp_at(reply, path));
}

static const char *trust_level(struct misp_query *query, const json_t *reply)
{
	const char *level = misp_text_at(query, reply, BUSINESS ".trust_level");
	if (level && strcmp(level, "1") == 0)
		return "1 - Reasonably Ignore";
	if (level && strcmp(level, "2") == 0)
		return "2 - Commonly Seen";
	return level;
}

static void add_address(struct misp_query *query, json_t *object,
			const json_t *reply, const char *address)
{
	const char *actor = misp_text_at(query, reply, SCANNER ".actor");
	if (is_found(reply, SCANNER ".found"))
		misp_object_add(object, "noise", "1");
	if (is_found(reply, BUSINESS ".found"))
		misp_object_add(object, "riot", "1");
	if (actor && strcmp(actor, "unknown") != 0)
		misp_object_add(object, "actor", actor);
	misp_object_add(object, "trust-level", trust_level(query, reply));
	misp_map(query, object, reply, address_fields);
	misp_object_add(
	    object, "link",
	    misp_text(query, "https://viz.greynoise.io/ip/%s", address));
	if (json_object_get(misp_request(query), "persistent"))
		misp_map(query, object, reply, detail_fields);
}

static json_t *address_query(struct misp_query *query,
			     const struct misp_attribute *attribute)
{
	unsigned char bytes[sizeof(struct in_addr)];
	if (inet_pton(AF_INET, attribute->value, bytes) != 1)
		return misp_fail(query, "Not a valid IPv4 address");
	struct misp_http *http = misp_http(query, &greynoise_service);
	misp_http_path(http, "v3", "ip", attribute->value);
	json_t *reply = greynoise_ask(
	    query, http, "An error occurred while querying GreyNoise: ");
	if (!reply)
		return NULL;
	if (!is_found(reply, SCANNER ".found") &&
	    !is_found(reply, BUSINESS ".found"))
		return misp_fail(query, "GreyNoise has not seen %s",
				 attribute->value);
	json_t *results = misp_standard();
	misp_add_own(results, attribute);
	json_t *object = misp_add_object(results, "greynoise-ip");
	add_address(query, object, reply, attribute->value);
	misp_reference(object, attribute->uuid, "describes");
	return results;
}

/* How many addresses there are of each kind, in words. */
static const char *counts(struct misp_query *query, const json_t *reply)
{
	const char *total = misp_text_at(query, reply, "count");
	const json_t *kinds = misp_at(reply, "stats.classifications");
	const char *text =
	    misp_text(query,
		      "In the last 7 days GreyNoise saw %s addresses scan for "
		      "this vulnerability",
		      total ? total : "0");
	for (size_t i = 0; i < json_array_size(kinds) && i < WORDS_MAX; i++) {
		const json_t *kind = json_array_get(kinds, i);
		const char *name = misp_text_at(query, kind, "classification");
		const char *count = misp_text_at(query, kind, "count");
		if (name && count)
			text = misp_text(query, "%s%s %s %s", text ? text : "",
					 i ? "," : ":", count, name);
	}
	return text;
}

static json_t *vulnerability_query(struct misp_query *query,
				   const struct misp_attribute *attribute)
{
	/* Anything else would be further conditions of the search. */
	if (attribute->value[strspn(attribute->value, ID_CHARACTERS)])
		return misp_fail(query, "Not a valid vulnerability id");
	struct misp_http *http = misp_http(query, &greynoise_service);
	misp_http_path(http, "v2", "experimental", "gnql", "stats");
	misp_http_parameter(
	    http, "query",
	    misp_text(query, "last_seen:1w cve:%s", attribute->value));
	json_t *reply = greynoise_ask(
	    query, http, "Vulnerability Not Supported with Community API Key");
	if (!reply)
		return NULL;
	if (!json_is_object(misp_at(reply, "stats")))
		return misp_fail(query, "GreyNoise has no figures on %s",
				 attribute->value);
	json_t *results = misp_standard();
	misp_add_own(results, attribute);
	json_t *object = misp_add_object(results, "vulnerability");
	misp_object_add(object, "id", attribute->value);
	misp_object_add(object, "summary", counts(query, reply));
	misp_reference(object, attribute->uuid, "describes");
	return results;
}

static json_t *greynoise_query(struct misp_query *query)
{
	if (!misp_setting_or(query, "api_key",
			     "GreyNoise API Key required, but missing"))
		return NULL;
	const struct misp_attribute *attribute =
	    misp_attribute_or(query, "Unsupported attribute type.");
	if (!attribute)
		return NULL;
	if (strcmp(attribute->type, "vulnerability") == 0)
		return vulnerability_query(query, attribute);
	return address_query(query, attribute);
}

MISP_MODULE(
    greynoise, .types = MISP_EXPANSION | MISP_HOVER, .format = MISP_STANDARD,
    .query = greynoise_query, .title = "GreyNoise", .version = "2.0",
    .author = "MISP modules FastCGI server",
    .description = "Asks GreyNoise whether an IP address scans the Internet, "
		   "or how many scan it for a CVE.",
    .features = "A pop-up that stays open shows more of an address. CVEs need "
		"a key that is paid for.",
    .input_text = "An IPv4 address or a CVE.",
    .output_text = "A greynoise-ip object, or a vulnerability with figures.",
    .references = MISP_LIST("https://docs.greynoise.io/"),
    .input = MISP_LIST("ip-src", "ip-dst", "vulnerability"),
    .settings = MISP_SETTINGS({"api_key", "Key of the API", NULL}),
    .services = MISP_SERVICES(&greynoise_service));
