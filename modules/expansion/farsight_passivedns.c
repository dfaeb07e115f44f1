/*
 * farsight_passivedns.c: what DNSDB, the passive DNS of Farsight, has seen of
 * a name, an address or a text.
 *
 * pkg-config: libidn2 (libidn2-dev)
 */
#include "dnsdb.h"
#include "idna.h"
#include "passive_dns.h"

#include <string.h>

static const struct misp_service dnsdb_service = {
    .name = "DNSDB",
    .url = "https://api.dnsdb.info",
    .url_setting = "server",
};

/* How a lookup is made of a type, and what its values are called. */
enum dnsdb_kind { DNSDB_NAME, DNSDB_IP, DNSDB_TEXT };

static const struct dnsdb_type {
	const char *type;
	enum dnsdb_kind kind;
	const char *words;
} dnsdb_types[] = {
    {"hostname", DNSDB_NAME, "hostname"},
    {"domain", DNSDB_NAME, "domain name"},
    {"ip-src", DNSDB_IP, "IP address"},
    {"ip-dst", DNSDB_IP, "IP address"},
    {"btc", DNSDB_TEXT, "Bitcoin address"},
    {"dkim", DNSDB_TEXT, "domainkeys identified mail"},
    {"email", DNSDB_TEXT, "email address"},
    {"email-src", DNSDB_TEXT, "email address"},
    {"email-dst", DNSDB_TEXT, "email address"},
    {"domain|ip", DNSDB_TEXT, "domain name / IP address"},
    {"hex", DNSDB_TEXT, "value in hexadecimal format"},
    {"mac-address", DNSDB_TEXT, "MAC address"},
    {"mac-eui-64", DNSDB_TEXT, "MAC EUI-64 address"},
    {"other", DNSDB_TEXT, "text"},
    {"pattern-filename", DNSDB_TEXT, "pattern in the name of a file"},
    {"target-email", DNSDB_TEXT, "attack target email"},
    {"text", DNSDB_TEXT, "text"},
    {"uri", DNSDB_TEXT, "Uniform Resource Identifier"},
    {"url", DNSDB_TEXT, "Uniform Resource Locator"},
    {"whois-registrant-email", DNSDB_TEXT, "email of a domain's registrant"},
};

/* The work for one query. */
struct dnsdb_search {
	struct misp_query *query;
	const struct misp_attribute *attribute;
	const struct dnsdb_type *type;
	json_t *results;
};

static const struct dnsdb_type *dnsdb_type_of(const char *type)
{
	for (size_t i = 0; i < sizeof(dnsdb_types) / sizeof(*dnsdb_types); i++)
		if (strcmp(dnsdb_types[i].type, type) == 0)
			return &dnsdb_types[i];
	return NULL;
}

/* What DNSDB says is for one's own organisation. */
static void dnsdb_mark(json_t *element)
{
	misp_set(element, "distribution", json_string("0"));
}

static void dnsdb_add(const struct dnsdb_search *search, const char *lookup,
		      const json_t *records)
{
	size_t i;
	json_t *record;
	json_array_foreach (records, i, record) {
		size_t k;
		json_t *attribute;
		json_t *object =
		    passive_dns_add(search->query, search->results, record);
		json_array_foreach (misp_at(object, "Attribute"), k,
				    attribute) {
			misp_comment(attribute,
				     "Result from a %s lookup on DNSDB about "
				     "the %s: %s",
				     lookup, search->type->words,
				     search->attribute->value);
			dnsdb_mark(attribute);
		}
		dnsdb_mark(object);
		misp_reference(object, search->attribute->uuid, "related-to");
	}
}

static json_t *dnsdb_ask(const struct dnsdb_search *search,
			 const char *const *segments)
{
	return dnsdb_records(search->query, &dnsdb_service,
			     search->attribute->json, segments);
}

static bool dnsdb_lookup(const struct dnsdb_search *search, const char *name,
			 const char *const *segments)
{
	const json_t *records = dnsdb_ask(search, segments);
	dnsdb_add(search, name, records);
	return records;
}

/* Adds what is in more and not in records. */
static void dnsdb_merge(json_t *records, const json_t *more)
{
	size_t i;
	json_t *record;
	json_array_foreach (more, i, record) {
		size_t k = 0;
		while (k < json_array_size(records) &&
		       !json_equal(json_array_get(records, k), record))
			k++;
		if (k == json_array_size(records))
			json_array_append(records, record);
	}
}

/* The text with each dot behind a backslash: for a dot alone. */
static const char *dnsdb_escaped(struct misp_query *query, const char *text)
{
	char *escaped = misp_alloc(query, 2 * strlen(text) + 1);
	for (char *out = escaped; out && *text; text++) {
		if (*text == '.')
			*out++ = '\\';
		*out++ = *text;
	}
	return escaped;
}

/* Looks for the text anywhere, on one side of the records: first with dots
 * that stand for any character. */
static bool dnsdb_flex(const struct dnsdb_search *search, const char *name,
		       const char *side)
{
	char *loose = misp_text(search->query, "%s", search->attribute->value);
	for (char *at = loose; at && *at; at++)
		if (*at == '@')
			*at = '.';
	const char *exact = loose ? dnsdb_escaped(search->query, loose) : NULL;
	if (!exact)
		return false;
	json_t *records = dnsdb_ask(search, MISP_LIST("regex", side, loose));
	if (!records)
		return false;
	if (strcmp(loose, exact) != 0) {
		const json_t *more =
		    dnsdb_ask(search, MISP_LIST("regex", side, exact));
		if (!more)
			return false;
		dnsdb_merge(records, more);
	}
	dnsdb_add(search, name, records);
	return true;
}

static bool dnsdb_name(const struct dnsdb_search *search)
{
	const char *name = idna_ascii(search->query, search->attribute->value);
	return name &&
	       dnsdb_lookup(search, "rrset",
			    MISP_LIST("lookup", "rrset", "name", name)) &&
	       dnsdb_lookup(search, "rdata",
			    MISP_LIST("lookup", "rdata", "name", name));
}

static bool dnsdb_ip(const struct dnsdb_search *search)
{
	char *ip = misp_text(search->query, "%s", search->attribute->value);
	char *slash = ip ? strchr(ip, '/') : NULL;
	if (slash)
		*slash = ',';
	return ip && dnsdb_lookup(search, "rdata",
				  MISP_LIST("lookup", "rdata", "ip", ip));
}

static void dnsdb_run(const struct dnsdb_search *search)
{
	bool flex = search->type->kind == DNSDB_TEXT;
	bool done = true;
	if (search->type->kind == DNSDB_NAME)
		done = dnsdb_name(search);
	else if (search->type->kind == DNSDB_IP)
		done = dnsdb_ip(search);
	flex = flex || misp_setting_true(search->query, "flex_queries", false);
	if (done && flex && dnsdb_flex(search, "flex_rdata", "rdata"))
		dnsdb_flex(search, "flex_rrnames", "rrnames");
	if (!misp_at(search->results, "Object.0"))
		misp_fail(search->query,
			  "Empty results on Farsight DNSDB for the %s: %s.",
			  search->type->words, search->attribute->value);
}

static json_t *dnsdb_query(struct misp_query *query)
{
	struct dnsdb_search search = {.query = query};
	if (misp_setting_or(query, "apikey",
			    "Farsight DNSDB apikey is missing"))
		search.attribute =
		    misp_attribute_or(query, "Unsupported attributes type");
	if (search.attribute)
		search.type = dnsdb_type_of(search.attribute->type);
	if (!search.type)
		return NULL;
	search.results = misp_standard();
	misp_add_own(search.results, search.attribute);
	dnsdb_run(&search);
	return misp_finish(query, search.results);
}

MISP_MODULE(
    farsight_passivedns, .types = MISP_EXPANSION | MISP_HOVER,
    .format = MISP_STANDARD, .query = dnsdb_query,
    .title = "Farsight DNSDB Lookup", .version = "0.5",
    .author = "MISP modules FastCGI server",
    .description = "Asks DNSDB, the passive DNS of Farsight, for records of a "
		   "name or address, or with a text in them.",
    .logo = "farsight.png",
    .features = "Names are looked up on both sides of the records. Other "
		"texts, and with flex_queries names and addresses too, are "
		"searched for as regular expressions.",
    .input_text = "A host name, domain or IP address, or a text.",
    .output_text = "A passive-dns object for each record.",
    .references = MISP_LIST("https://docs.dnsdb.info/dnsdb-apiv2/"),
    .requirements = MISP_LIST("libidn2"),
    .input = MISP_LIST("hostname", "domain", "ip-src", "ip-dst", "btc", "dkim",
		       "email", "email-src", "email-dst", "domain|ip", "hex",
		       "mac-address", "mac-eui-64", "other", "pattern-filename",
		       "target-email", "text", "uri", "url",
		       "whois-registrant-email"),
    .settings =
	MISP_SETTINGS({"apikey", "Key for the API of DNSDB", NULL},
		      {"server", "URL of another DNSDB server", NULL},
		      {"limit", "Records of one lookup, at most 1000", "10"},
		      {"flex_queries",
		       "Whether to search for names and addresses as texts "
		       "too",
		       NULL}),
    .services = MISP_SERVICES(&dnsdb_service));
