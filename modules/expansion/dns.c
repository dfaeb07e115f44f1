/*
 * dns.c: the IP addresses of a host name.
 *
 * pkg-config: libidn2 (libidn2-dev)
 */
#include "dns_failure.h"
#include "idna.h"

static const enum misp_dns_type families[] = {MISP_DNS_A, MISP_DNS_AAAA};

#define FAMILY_COUNT (sizeof(families) / sizeof(*families))

/* Puts all addresses into one row, which begins with the first of them. */
static void dns_add(json_t *rows, const json_t *addresses)
{
	json_t *row = json_array_get(rows, 0);
	size_t i;
	json_t *address;
	json_array_foreach (addresses, i, address) {
		const char *text = json_string_value(address);
		if (row)
			misp_row_value(row, text);
		else
			row = misp_row(rows, MISP_TYPES("ip-src", "ip-dst"),
				       text);
	}
}

static json_t *dns_query(struct misp_query *query)
{
	const char *name = misp_value(query, "hostname", "domain", "domain|ip");
	if (!name)
		return misp_fail(query,
				 "Wrong input type, please choose in the "
				 "following: hostname, domain, domain|ip");
	name = misp_part(query, name, 0);
	if (name && !*name)
		return misp_fail(query, "The domain is empty");
	name = name ? idna_ascii(query, name) : NULL;
	if (!name)
		return NULL;
	const char *nameserver = misp_setting(query, "nameserver");
	enum misp_dns_status status = MISP_DNS_NO_ANSWER;
	bool found = false;
	json_t *rows = misp_rows();
	/* A name that does not exist and a server that is silent are so for
	 * both families: they are not asked for twice. */
	for (size_t i = 0; i < FAMILY_COUNT; i++) {
		json_t *addresses = NULL;
		status =
		    misp_dns(query, name, families[i], nameserver, &addresses);
		if (status == MISP_DNS_OK) {
			dns_add(rows, addresses);
			found = true;
		} else if (status != MISP_DNS_NO_ANSWER) {
			break;
		}
	}
	if (found)
		return rows;
	json_decref(rows);
	return dns_failure(query, status, "No A or AAAA record for this name");
}

MISP_MODULE(
    dns, .types = MISP_EXPANSION | MISP_HOVER, .query = dns_query,
    .title = "DNS Resolver", .version = "1.0",
    .author = "MISP modules FastCGI server",
    .description = "Resolves a host or domain name to its IPv4 and "
		   "IPv6 addresses.",
    .features = "Asks for A and AAAA records and returns every address. Of a "
		"domain|ip pair the domain is resolved. The system's resolver "
		"is asked unless the administrator names another one.",
    .input_text = "A host name or domain.",
    .output_text = "The IP addresses of that name.",
    .requirements = MISP_LIST("libidn2"),
    .input = MISP_LIST("hostname", "domain", "domain|ip"),
    .output = MISP_LIST("ip-src", "ip-dst"),
    .settings = MISP_SETTINGS(
	{"nameserver", "Resolver to ask: an address, or address:port", NULL}));
