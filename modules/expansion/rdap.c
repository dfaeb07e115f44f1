/*
 * rdap.c: who registered a domain or address, by RDAP (RFC 9083).
 */
#include "misp-module.h"

#include <string.h>

#define ASKING "Error while querying rdap.org"
#define PARTS_MAX 16   /* of a name or address */
#define PATIENCE 15000 /* milliseconds */

/* It knows which registry's server to redirect to. */
static const struct misp_service rdap_service = {
    .name = "rdap.org",
    .url = "https://rdap.org",
    .failures = MISP_FAILURES({MISP_OTHERWISE, ASKING}),
};

static const struct misp_mapping server_fields[] = {
    {"nameservers.ldhName", "nameserver"}, {0}};

/* What a value of one kind is called in the object. */
struct relation {
	const char *kind;
	const char *relation;
};
static const struct relation events[] = {
    {"registration", "creation-date"},
    {"expiration", "expiration-date"},
    {"last changed", "modification-date"},
};
static const struct relation registrar[] = {{"fn", "registrar"}};
static const struct relation registrant[] = {{"fn", "registrant-name"},
					     {"org", "registrant-org"},
					     {"email", "registrant-email"}};

static const char *find(const struct relation *relations, size_t count,
			const char *kind)
{
	for (size_t i = 0; kind && i < count; i++)
		if (strcmp(relations[i].kind, kind) == 0)
			return relations[i].relation;
	return NULL;
}

static void add_events(struct misp_query *query, json_t *whois,
		       const json_t *reply)
{
	size_t i;
	const json_t *event;
	json_array_foreach (misp_at(reply, "events"), i, event) {
		const char *relation =
		    find(events, sizeof(events) / sizeof(*events),
			 misp_text_at(query, event, "eventAction"));
		const char *date = misp_text_at(query, event, "eventDate");
		if (relation && date)
			misp_object_add(whois, relation,
					misp_time_of(query, date));
	}
}

/* The text of a field of a jCard (RFC 7095): [name, parameters, type, value];
 * a value in parts is one with spaces between them. */
static const char *card_text(struct misp_query *query, const json_t *field)
{
	const json_t *value = misp_at(field, "3");
	const char *text = misp_text_at(query, field, "3");
	for (size_t i = 0; i < json_array_size(value) && i < PARTS_MAX; i++) {
		const char *part = json_string_value(json_array_get(value, i));
		if (part && *part)
			misp_append(query, &text, " ", part);
	}
	return text;
}

/* What is said of the first entity with a role. */
static void add_entity(struct misp_query *query, json_t *whois,
		       const json_t *reply, const char *role,
		       const struct relation *relations, size_t count)
{
	const json_t *entities = misp_at(reply, "entities");
	const json_t *card = NULL;
	for (size_t i = 0; i < json_array_size(entities) && !card; i++) {
		const json_t *entity = json_array_get(entities, i);
		const json_t *roles = misp_at(entity, "roles");
		for (size_t j = 0; j < json_array_size(roles); j++) {
			const char *own =
			    json_string_value(json_array_get(roles, j));
			if (own && strcmp(own, role) == 0)
				card = misp_at(entity, "vcardArray.1");
		}
	}
	for (size_t i = 0; i < count; i++) {
		const char *text = NULL;
		for (size_t j = 0; j < json_array_size(card) && !text; j++) {
			const json_t *field = json_array_get(card, j);
			const char *name = misp_text_at(query, field, "0");
			if (name && strcmp(name, relations[i].kind) == 0)
				text = card_text(query, field);
		}
		misp_object_add(whois, relations[i].relation, text);
	}
}

static void add_status(struct misp_query *query, json_t *whois,
		       const json_t *reply)
{
	static const struct misp_mapping joined[] = {
	    {"status", "text", MISP_TO_JOINED}, {0}};
	json_t *text = misp_rows();
	if (misp_map_rows(query, text, reply, joined) > 0)
		misp_object_add(
		    whois, "text",
		    misp_text(query, "status: %s",
			      misp_text_at(query, text, "0.values.0")));
	json_decref(text);
}

/* The record; NULL after misp_fail. */
static json_t *rdap_ask(struct misp_query *query, const char *value)
{
	struct misp_http *http = misp_http(query, &rdap_service);
	misp_http_path(http, misp_ip_version(value) ? "ip" : "domain", value);
	misp_http_header(http, "Accept", "application/rdap+json");
	misp_http_limit(http, PATIENCE);
	const struct misp_reply *reply = misp_http_send(http);
	if (!reply)
		return NULL;
	if (reply->status == 404)
		return misp_fail(query, "No RDAP record found for %s.", value);
	if (reply->status != 200)
		return misp_http_fail(http, reply);
	json_t *json = misp_reply_json(query, reply);
	if (!json_is_object(json))
		return misp_fail(query,
				 "RDAP server returned a non-JSON response.");
	if (misp_at(json, "errorCode"))
		return misp_http_fail(http, reply);
	return json;
}

static json_t *rdap_query(struct misp_query *query)
{
	const struct misp_attribute *attribute =
	    misp_attribute_or(query, "Wrong input attribute type.");
	const char *value = attribute ? attribute->value : NULL;
	if (value && strcmp(attribute->type, "url") == 0)
		value = misp_url_host(query, value);
	if (attribute && !value)
		return misp_fail(query, "Could not extract a host from URL %s.",
				 attribute->value);
	json_t *reply = value ? rdap_ask(query, value) : NULL;
	if (!reply)
		return NULL;
	json_t *results = misp_standard();
	misp_add_own(results, attribute);
	json_t *whois = misp_add_object(results, "whois");
	misp_object_add(whois, misp_ip_version(value) ? "ip-address" : "domain",
			value);
	add_entity(query, whois, reply, "registrar", registrar,
		   sizeof(registrar) / sizeof(*registrar));
	add_entity(query, whois, reply, "registrant", registrant,
		   sizeof(registrant) / sizeof(*registrant));
	add_events(query, whois, reply);
	misp_map(query, whois, reply, server_fields);
	add_status(query, whois, reply);
	misp_reference(whois, attribute->uuid, "related-to");
	return results;
}

MISP_MODULE(
    rdap, .types = MISP_EXPANSION | MISP_HOVER, .format = MISP_STANDARD,
    .query = rdap_query, .title = "RDAP", .version = "1",
    .author = "MISP modules FastCGI server",
    .description = "Looks up who registered a domain or IP address, by RDAP.",
    .features = "rdap.org redirects to the server of the registry in charge. "
		"Of a URL the host is looked up.",
    .input_text = "A domain, host name, IP address or URL.",
    .output_text = "A whois object with registrar, registrant, dates, name "
		   "servers and status.",
    .references = MISP_LIST("https://about.rdap.org/"),
    .input = MISP_LIST("domain", "hostname", "ip-src", "ip-dst", "url"),
    .services = MISP_SERVICES(&rdap_service), .any_host = true);
