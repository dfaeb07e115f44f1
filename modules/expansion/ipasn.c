/*
 * ipasn.c: which autonomous system announces an IP address.
 */
#include "misp-module.h"

#include <string.h>

static const struct misp_service ipasn_service = {
    .name = "IPASN History",
    .url = "https://ipasnhistory.circl.lu",
    .url_setting = "custom_api",
};
static const struct misp_mapping ipasn_fields[] = {
    {"asn", "asn", MISP_TO_TEXT}, {"prefix", "subnet-announced"}, {0}};

static json_t *ipasn_query(struct misp_query *query)
{
	const struct misp_attribute *attribute =
	    misp_attribute_or(query, "Unsupported attribute type.");
	if (!attribute)
		return NULL;
	struct misp_attribute own = *attribute;
	own.type = strcmp(own.type, "ip") ? own.type : "ip-src";
	/* Of a network, its first address. */
	const char *ip =
	    misp_text(query, "%.*s", (int)strcspn(own.value, "/"), own.value);
	if (!misp_ip_version(ip))
		return misp_fail(query, "The IP address is invalid: \"%s\"",
				 ip);
	struct misp_http *http = misp_http(query, &ipasn_service);
	misp_http_path(http, "ip");
	misp_http_json(http,
		       json_pack("{s:s, s:o}", "ip", ip, "address_family",
				 json_sprintf("v%d", misp_ip_version(ip))));
	const json_t *reply = misp_http_fetch_json(http);
	json_t *results = misp_standard();
	misp_add_own(results, &own);
	const char *error = misp_text_at(query, reply, "error");
	const char *time;
	json_t *seen;
	json_object_foreach (misp_at(reply, "response"), time, seen) {
		const char *asn = misp_text_at(query, seen, "asn");
		/* 0: nobody announces it. */
		if (!asn || strcmp(asn, "0") == 0)
			continue;
		json_t *object = misp_add_object(results, "asn");
		misp_object_add(object, "last-seen", misp_time_of(query, time));
		misp_map(query, object, seen, ipasn_fields);
		misp_reference(object, own.uuid, "related-to");
	}
	if (!misp_at(results, "Object"))
		misp_fail(query, "Unable to find the history of this IP%s%s",
			  error ? ": " : "", error ? error : "");
	return misp_finish(query, results);
}

MISP_MODULE(
    ipasn, .types = MISP_EXPANSION | MISP_HOVER, .format = MISP_STANDARD,
    .query = ipasn_query, .title = "IPASN History", .version = "0.3",
    .author = "MISP modules FastCGI server",
    .description = "Asks IPASN History who announces an IP address.",
    .references = MISP_LIST("https://github.com/D4-project/IPASN-History"),
    .input = MISP_LIST("ip-src", "ip-dst", "ip"),
    .settings = MISP_SETTINGS({"custom_api", "URL of another server", NULL}),
    .services = MISP_SERVICES(&ipasn_service));
