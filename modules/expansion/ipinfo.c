/*
 * ipinfo.c: where an address is and whose, according to ipinfo.io.
 */
#include "last_object.h"

#include <string.h>

static const struct misp_service ipinfo_service = {.name = "ipinfo.io",
						   .url = "https://ipinfo.io"};

static const struct misp_mapping place_fields[] = {
    {"city", "city"},
    {"postal", "zipcode"},
    {"region", "region"},
    {"country", "countrycode"},
    {0},
};
static const struct misp_mapping domain_fields[] = {
    {"hostname", "hostname"}, {"ip", "ip"}, {"domain.domains", "domain"}, {0}};
static const struct misp_mapping asn_fields[] = {
    {"asn.asn", "asn"}, {"asn.name", "description"}, {0}};

static json_t *ipinfo_ask(struct misp_query *query, const char *address,
			  const char *token)
{
	struct misp_http *http = misp_http(query, &ipinfo_service);
	misp_http_path(http, address, "json");
	misp_http_parameter(http, "token", token);
	json_t *reply = misp_http_fetch_json(http);
	if (!reply)
		return NULL;
	if (json_is_true(misp_at(reply, "bogon")))
		return misp_fail(query,
				 "The IP address is reserved for special use");
	if (!misp_text_at(query, reply, "ip"))
		return misp_fail(query, "ipinfo.io's answer is about no "
					"address");
	return reply;
}

/* "49.6,6.1": latitude and longitude. */
static void add_place(struct misp_query *query, json_t *place,
		      const json_t *reply)
{
	const char *both = misp_text_at(query, reply, "loc");
	const char *comma = both ? strchr(both, ',') : NULL;
	misp_map(query, place, reply, place_fields);
	if (!comma)
		return;
	misp_object_add(place, "latitude",
			misp_text(query, "%.*s", (int)(comma - both), both));
	misp_object_add(place, "longitude", comma + 1);
}

/* "AS64500 Example Ltd", where there is nothing better. */
static void add_system(struct misp_query *query, json_t *results,
		       const json_t *reply, const char *uuid)
{
	const char *both = misp_text_at(query, reply, "org");
	if (!misp_at(reply, "asn") && !both)
		return;
	json_t *asn = misp_add_object(results, "asn");
	if (misp_map(query, asn, reply, asn_fields) == 0 && both) {
		size_t length = strcspn(both, " ");
		misp_object_add(asn, "asn",
				misp_text(query, "%.*s", (int)length, both));
		misp_object_add(asn, "description",
				both + length + (both[length] == ' '));
	}
	misp_reference(asn, uuid, "includes");
}

static json_t *ipinfo_query(struct misp_query *query)
{
	const struct misp_attribute *attribute =
	    misp_attribute_or(query, "Wrong input attribute type.");
	const char *missing = misp_has_config(query) ? "Missing ipinfo token."
						     : "Missing ipinfo config.";
	const char *token =
	    attribute ? misp_setting_or(query, "token", missing) : NULL;
	/* "me" and "AS64500" mean something else there. */
	if (token && misp_ip_version(attribute->value) == 0)
		return misp_fail(query, "The value is not an IP address");
	json_t *reply =
	    token ? ipinfo_ask(query, attribute->value, token) : NULL;
	if (!reply)
		return NULL;
	json_t *results = misp_standard();
	misp_add_own(results, attribute);
	json_t *place = misp_add_object(results, "geolocation");
	add_place(query, place, reply);
	if (json_array_size(misp_at(place, "Attribute")) == 0)
		last_object_drop(results, place);
	else
		misp_reference(place, attribute->uuid, "locates");
	json_t *domain = misp_add_object(results, "domain-ip");
	misp_map(query, domain, reply, domain_fields);
	misp_reference(domain, attribute->uuid, "resolves");
	add_system(query, results, reply, attribute->uuid);
	return results;
}

MISP_MODULE(
    ipinfo, .types = MISP_EXPANSION | MISP_HOVER, .format = MISP_STANDARD,
    .query = ipinfo_query, .title = "IPInfo.io", .version = "1",
    .author = "MISP modules FastCGI server",
    .description = "Asks ipinfo.io where an IP address is, and whose.",
    .features = "What more a paid token gives (AS, domains) is used as well.",
    .input_text = "An IP address.",
    .output_text = "Objects for place, names and autonomous system.",
    .references = MISP_LIST("https://ipinfo.io/developers"),
    .input = MISP_LIST("ip-src", "ip-dst"),
    .settings = MISP_SETTINGS({"token", "Token of ipinfo.io", NULL}),
    .services = MISP_SERVICES(&ipinfo_service));
