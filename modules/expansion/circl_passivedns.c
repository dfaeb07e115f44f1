/*
 * circl_passivedns.c: what CIRCL's passive DNS has seen of a name or address.
 */
#include "circl_account.h"
#include "passive_dns.h"

static const struct misp_service circl_service = {
    .name = "CIRCL Passive DNS",
    .url = "https://www.circl.lu/pdns",
    .failures = CIRCL_FAILURES,
};

static json_t *circl_query(struct misp_query *query)
{
	struct misp_http *http = misp_http(query, &circl_service);
	const struct misp_attribute *attribute =
	    circl_account(query, http, circl_service.name)
		? misp_attribute_or(query, "Unsupported attribute type.")
		: NULL;
	const char *value =
	    attribute ? misp_part(query, attribute->value, 0) : NULL;
	if (!value)
		return NULL;
	misp_http_path(http, "query", value);
	const json_t *records = misp_http_fetch_lines(http);
	if (!records)
		return NULL;
	json_t *results = misp_standard();
	misp_add_own(results, attribute);
	passive_dns_add_latest(query, results, records, attribute->uuid,
			       "associated-to");
	if (!misp_at(results, "Object.0"))
		misp_fail(query, "Not found");
	return misp_finish(query, results);
}

MISP_MODULE(
    circl_passivedns, .types = MISP_EXPANSION | MISP_HOVER,
    .format = MISP_STANDARD, .query = circl_query, .title = "CIRCL Passive DNS",
    .version = "0.2", .author = "MISP modules FastCGI server",
    .description = "Asks CIRCL's passive DNS for the records of a "
		   "host name, domain or IP address.",
    .logo = "passivedns.png",
    .features = "Of more than 1000 records the latest are kept.",
    .output_text = "A passive-dns object for each record.",
    .references = MISP_LIST("https://www.circl.lu/services/passive-dns/"),
    .input = MISP_LIST("hostname", "domain", "ip-src", "ip-dst", "ip-src|port",
		       "ip-dst|port"),
    .settings = CIRCL_SETTINGS, .services = MISP_SERVICES(&circl_service));
