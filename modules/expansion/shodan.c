/*
 * shodan.c: what Shodan's scans have found on an IP address.
 */
#include "last_object.h"

#include <string.h>

#define NAME_PARTS 50

static const struct misp_service shodan_service = {
    .name = "Shodan",
    .url = "https://api.shodan.io",
};

static const struct misp_mapping shodan_address[] = {
    {"asn", "asn"},
    {"city", "city"},
    {"country_code", "country-code"},
    {"country_name", "country"},
    {"isp", "ISP"},
    {"latitude", "latitude"},
    {"longitude", "longitude"},
    {"org", "organization"},
    {"postal_code", "zipcode"},
    {"region_code", "region-code"},
    {0},
};

static const struct misp_mapping shodan_domains[] = {
    {"domains", "domain"}, {"hostnames", "domain"}, {0}};

static const struct misp_mapping shodan_flaw[] = {
    {"cvss", "cvss-score"},
    {"summary", "summary"},
    {"references", "references"},
    {0},
};

static const struct misp_mapping shodan_certificate[] = {
    {"serial", "serial-number", MISP_TO_TEXT},
    {"sig_alg", "signature_algorithm"},
    {"version", "version", MISP_TO_TEXT},
    {"expires", "validity-not-after", MISP_FROM_TIME},
    {"issued", "validity-not-before", MISP_FROM_TIME},
    {"fingerprint.md5", "x509-fingerprint-md5"},
    {"fingerprint.sha1", "x509-fingerprint-sha1"},
    {"fingerprint.sha256", "x509-fingerprint-sha256"},
    {"pubkey.bits", "pubkey-info-size", MISP_TO_TEXT},
    {"pubkey.type", "pubkey-info-algorithm"},
    {0},
};

/* The work for one query. */
struct shodan_host {
	struct misp_query *query;
	const struct misp_attribute *attribute;
	json_t *json; /* what Shodan says of it */
	json_t *results;
};

/* An object stays, and refers to the attribute, if it tells anything. */
static void shodan_keep(const struct shodan_host *host, json_t *object,
			bool telling, const char *relationship_type)
{
	if (telling)
		misp_reference(object, host->attribute->uuid,
			       relationship_type);
	else
		last_object_drop(host->results, object);
}

/* Adds what the mappings find to an object, which stays if that is anything. */
static void shodan_add(const struct shodan_host *host, json_t *object,
		       const json_t *json, const struct misp_mapping *mappings,
		       const char *relationship_type)
{
	size_t found = misp_map(host->query, object, json, mappings);
	shodan_keep(host, object, found > 0, relationship_type);
}

/* The ports of the address, and its names; without ports, its names alone. */
static void shodan_add_ports(const struct shodan_host *host)
{
	bool is_source = strcmp(host->attribute->type, "ip-src") == 0;
	const struct misp_mapping ports[] = {
	    {"ports", is_source ? "src-port" : "dst-port", MISP_TO_TEXT},
	    {"domains", "domain"},
	    {"hostnames", "hostname"},
	    {0},
	};
	bool open = json_array_size(misp_at(host->json, "ports")) > 0;
	json_t *object =
	    misp_add_object(host->results, open ? "ip-port" : "domain-ip");
	misp_object_add(object, open ? host->attribute->type : "ip",
			host->attribute->value);
	shodan_add(host, object, host->json, open ? ports : shodan_domains,
		   "extends");
}

/* A name as OpenSSL writes it: /C=US/O=Example/CN=example.com */
static const char *shodan_name(struct misp_query *query, json_t *name)
{
	const char *text = NULL;
	size_t count = 0;
	const char *part;
	json_t *value;
	json_object_foreach (name, part, value) {
		const char *words = misp_text_at(query, value, "");
		if (words && count++ < NAME_PARTS)
			misp_append(query, &text, "",
				    misp_text(query, "/%s=%s", part, words));
	}
	return text;
}

static void shodan_add_certificate(const struct shodan_host *host,
				   const json_t *certificate)
{
	static const char *const names[] = {"issuer", "subject"};
	if (!json_is_object(certificate))
		return;
	json_t *object = misp_add_object(host->results, "x509");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		misp_object_add(
		    object, names[i],
		    shodan_name(host->query, misp_at(certificate, names[i])));
	misp_map(host->query, object, certificate, shodan_certificate);
	shodan_keep(host, object,
		    json_array_size(misp_at(object, "Attribute")) > 0,
		    "identifies");
}

/* The flaws that the services' entries tell more of, by their ids. */
static json_t *shodan_flaws(const struct shodan_host *host)
{
	json_t *flaws = misp_keep(host->query, json_object());
	size_t i;
	json_t *service;
	json_array_foreach (misp_at(host->json, "data"), i, service) {
		const char *id;
		json_t *flaw;
		json_object_foreach (misp_at(service, "vulns"), id, flaw)
			if (!json_object_get(flaws, id) &&
			    json_object_size(flaws) < MISP_LIST_MAX)
				json_object_set(flaws, id, flaw);
	}
	return flaws;
}

static void shodan_add_flaws(const struct shodan_host *host)
{
	const json_t *ids = misp_at(host->json, "vulns");
	json_t *flaws = json_array_size(ids) > 0 ? shodan_flaws(host) : NULL;
	const char *id;
	json_t *flaw;
	json_object_foreach (flaws, id, flaw) {
		json_t *object =
		    misp_add_object(host->results, "vulnerability");
		misp_object_add(object, "id", id);
		misp_map(host->query, object, flaw, shodan_flaw);
		misp_reference(object, host->attribute->uuid,
			       "vulnerability-of");
	}
	for (size_t i = 0; i < json_array_size(ids); i++) {
		id = json_string_value(json_array_get(ids, i));
		if (id && !json_object_get(flaws, id))
			misp_add_attribute(host->results, "vulnerability", id);
	}
}

static json_t *shodan_results(struct shodan_host *host)
{
	host->results = misp_standard();
	misp_add_own(host->results, host->attribute);
	shodan_add(host, misp_add_object(host->results, "ip-api-address"),
		   host->json, shodan_address, "describes");
	shodan_add_ports(host);
	size_t i;
	json_t *service;
	json_array_foreach (misp_at(host->json, "data"), i, service) {
		shodan_add_certificate(host, misp_at(service, "ssl.cert"));
	}
	shodan_add_flaws(host);
	if (json_array_size(misp_at(host->results, "Object")) == 0 &&
	    json_array_size(misp_at(host->results, "Attribute")) <= 1)
		misp_fail(host->query, "No information available for that IP.");
	return misp_finish(host->query, host->results);
}

static json_t *shodan_query(struct misp_query *query)
{
	struct shodan_host host = {.query = query};
	const char *key = misp_setting_or(query, "apikey",
					  "Shodan authentication is missing");
	if (key)
		host.attribute =
		    misp_attribute_or(query, "Unsupported attribute type.");
	if (!host.attribute)
		return NULL;
	struct misp_http *http = misp_http(query, &shodan_service);
	misp_http_path(http, "shodan", "host", host.attribute->value);
	misp_http_parameter(http, "key", key);
	const struct misp_reply *reply = misp_http_fetch(http);
	host.json = reply ? misp_reply_json(query, reply) : NULL;
	if (!json_is_object(host.json) || misp_at(host.json, "error"))
		return reply ? misp_http_fail(http, reply) : NULL;
	return shodan_results(&host);
}

MISP_MODULE(shodan, .types = MISP_EXPANSION, .format = MISP_STANDARD,
	    .query = shodan_query, .title = "Shodan Lookup", .version = "0.2",
	    .author = "MISP modules FastCGI server",
	    .description = "Asks Shodan what its scans have found on an IP "
			   "address.",
	    .logo = "shodan.png",
	    .features = "Gives the address's place and owner, its ports and "
			"names, certificates and vulnerabilities.",
	    .input_text = "An IP address.",
	    .output_text = "ip-api-address, ip-port or domain-ip, x509 and "
			   "vulnerability objects.",
	    .references = MISP_LIST("https://www.shodan.io/"),
	    .input = MISP_LIST("ip-src", "ip-dst"),
	    .settings = MISP_SETTINGS({"apikey", "Key for the API of Shodan",
				       NULL}),
	    .services = MISP_SERVICES(&shodan_service));
