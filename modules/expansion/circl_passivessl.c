/*
 * circl_passivessl.c: the certificates that CIRCL's passive SSL has seen on an
 * IP address.
 */
#include "circl_account.h"

#include <stdlib.h>
#include <string.h>

/* Milliseconds that must be left to ask for one more certificate. */
#define TIME_FOR_ONE 1000
#define BLOCK_MIN 23
#define BLOCK_MAX 32

static const struct misp_service ssl_service = {
    .name = "CIRCL Passive SSL",
    .url = "https://www.circl.lu/v2pssl",
    .failures = CIRCL_FAILURES,
};

static const struct misp_mapping ssl_fields[] = {
    {"info.issuer", "issuer"},
    {"info.keylength", "pubkey-info-size", MISP_TO_TEXT},
    {"info.not_after", "validity-not-after", MISP_FROM_TIME},
    {"info.not_before", "validity-not-before", MISP_FROM_TIME},
    {"info.subject", "subject"},
    {"pem", "pem"},
    {0},
};

/* The work for one query. */
struct ssl_search {
	struct misp_query *query;
	const struct misp_attribute *attribute;
	const char *address; /* the attribute's, or a block of them */
	json_t *results;
	json_t *details;      /* by the fingerprints of their certificates */
	const char *obstacle; /* why no more of them are asked for, or NULL */
	size_t certificates;
};

/* block may be NULL. */
static json_t *ssl_fetch(struct misp_query *query, const char *what,
			 const char *value, const char *block)
{
	struct misp_http *http = misp_http(query, &ssl_service);
	if (!circl_account(query, http, ssl_service.name))
		return NULL;
	misp_http_path(http, what, value, block);
	return misp_http_fetch_json(http);
}

/* The details of a certificate; NULL, without a failure, when there are none:
 * that it was seen is worth knowing without them. */
static const json_t *ssl_details(struct ssl_search *search, const char *sha1)
{
	json_t *known = json_object_get(search->details, sha1);
	if (known || search->obstacle)
		return known;
	if (misp_remaining(search->query) < TIME_FOR_ONE) {
		search->obstacle = "there was no time to ask for them";
		return NULL;
	}
	known = ssl_fetch(search->query, "cfetch", sha1, NULL);
	const char *failure = misp_failure(search->query);
	if (failure && strcmp(failure, "Not found") != 0)
		search->obstacle = misp_text(search->query, "%s", failure);
	misp_forget(search->query);
	json_object_set(search->details, sha1, known);
	return known;
}

static void ssl_add_certificate(struct ssl_search *search, const char *uuid,
				const char *sha1)
{
	if (!sha1 || !*sha1 || search->certificates++ >= MISP_LIST_MAX)
		return;
	const json_t *details = ssl_details(search, sha1);
	json_t *object = misp_add_object(search->results, "x509");
	misp_object_add(object, "x509-fingerprint-sha1", sha1);
	misp_map(search->query, object, details, ssl_fields);
	if (!details && search->obstacle)
		misp_comment(object, "Without its details: %s",
			     search->obstacle);
	misp_reference(object, uuid, "seen-by");
}

/* The uuid of the address's attribute, which is made for all but the one that
 * was asked for. */
static const char *ssl_address_uuid(struct ssl_search *search,
				    const char *address)
{
	if (strcmp(address, search->address) == 0)
		return search->attribute->uuid;
	const char *type = misp_part(search->query, search->attribute->type, 0);
	return type ? misp_uuid(
			  misp_add_attribute(search->results, type, address))
		    : NULL;
}

static void ssl_add_all(struct ssl_search *search, json_t *seen)
{
	const char *address;
	json_t *entry;
	json_object_foreach (seen, address, entry) {
		const json_t *list = misp_at(entry, "certificates");
		if (!json_is_array(list))
			continue;
		const char *uuid = ssl_address_uuid(search, address);
		size_t i;
		json_t *sha1;
		json_array_foreach (list, i, sha1) {
			ssl_add_certificate(search, uuid,
					    json_string_value(sha1));
		}
	}
}

/* Parts an address and its block, NULL for none; false after misp_fail. */
static bool ssl_split(struct misp_query *query, const char *value,
		      const char **address, const char **block)
{
	const char *slash = strchr(value, '/');
	long bits = slash ? strtol(slash + 1, NULL, 10) : BLOCK_MAX;
	*block = slash ? slash + 1 : NULL;
	*address = misp_text(query, "%.*s", (int)strcspn(value, "/"), value);
	if (strchr(value, ':'))
		return misp_fail(query, "IPv6 is not (yet) supported");
	if (slash && (!slash[1] || slash[1 + strspn(slash + 1, "0123456789")]))
		return misp_fail(query, "Incorrect format");
	if (bits < BLOCK_MIN)
		return misp_fail(query, "Maximum CIDR block size reached >/23");
	if (bits > BLOCK_MAX || misp_ip_version(*address) != 4)
		return misp_fail(query, "Incorrect format");
	return true;
}

static json_t *ssl_results(struct ssl_search *search, json_t *seen)
{
	const char *error = json_string_value(misp_at(seen, "error"));
	search->details = misp_keep(search->query, json_object());
	search->results = misp_standard();
	misp_add_own(search->results, search->attribute);
	ssl_add_all(search, seen);
	if (error)
		misp_fail(search->query, "%s", error);
	if (!misp_at(search->results, "Object.0"))
		misp_fail(search->query, "Not found");
	return misp_finish(search->query, search->results);
}

static json_t *ssl_query(struct misp_query *query)
{
	struct ssl_search search = {.query = query};
	const char *block = NULL;
	const char *address = NULL;
	if (!circl_account(query, NULL, ssl_service.name))
		return NULL;
	search.attribute =
	    misp_attribute_or(query, "Unsupported attribute type.");
	if (search.attribute)
		search.address = misp_part(query, search.attribute->value, 0);
	if (!search.address ||
	    !ssl_split(query, search.address, &address, &block))
		return NULL;
	json_t *seen = ssl_fetch(query, "query", address, block);
	return seen ? ssl_results(&search, seen) : NULL;
}

MISP_MODULE(
    circl_passivessl, .types = MISP_EXPANSION | MISP_HOVER,
    .format = MISP_STANDARD, .query = ssl_query, .title = "CIRCL Passive SSL",
    .version = "0.2", .author = "MISP modules FastCGI server",
    .description = "Asks CIRCL's passive SSL for the certificates it "
		   "has seen on an IP address.",
    .logo = "passivessl.png",
    .features = "Needs an account of CIRCL. A block of addresses may "
		"be as large as /23. When the time is up, the "
		"certificates that are left come without details.",
    .input_text = "An IPv4 address or block, with or without a port.",
    .output_text = "An x509 object for each certificate, and an "
		   "attribute for each other address of a block.",
    .references = MISP_LIST("https://www.circl.lu/services/passive-ssl/"),
    .input = MISP_LIST("ip-src", "ip-dst", "ip-src|port", "ip-dst|port"),
    .settings = CIRCL_SETTINGS, .services = MISP_SERVICES(&ssl_service));
