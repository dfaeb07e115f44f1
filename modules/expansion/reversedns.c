/*
 * reversedns.c: the host names of an IP address.
 */
#include "dns_failure.h"

#include <arpa/inet.h>

/* The address of the query; NULL after misp_fail. */
static const char *reversedns_address(struct misp_query *query)
{
	const char *address = misp_value(query, "ip-dst", "ip-src", "ip");
	const char *pair = address ? NULL : misp_value(query, "domain|ip");
	if (!address && !pair)
		return misp_fail(query,
				 "Wrong input type, please choose in the "
				 "following: ip-src, ip-dst, domain|ip");
	if (pair)
		address = misp_part(query, pair, 1);
	unsigned char bytes[sizeof(struct in6_addr)];
	if (!address || (inet_pton(AF_INET, address, bytes) != 1 &&
			 inet_pton(AF_INET6, address, bytes) != 1))
		return misp_fail(query, "The value is not an IP address");
	return address;
}

static json_t *reversedns_query(struct misp_query *query)
{
	const char *address = reversedns_address(query);
	if (!address)
		return NULL;
	json_t *names = NULL;
	enum misp_dns_status status =
	    misp_dns(query, address, MISP_DNS_PTR,
		     misp_setting(query, "nameserver"), &names);
	if (status != MISP_DNS_OK)
		return dns_failure(query, status,
				   "No PTR record for this address");
	json_t *rows = misp_rows();
	json_t *row = misp_row(rows, MISP_TYPES("hostname"),
			       json_string_value(json_array_get(names, 0)));
	for (size_t i = 1; i < json_array_size(names); i++)
		misp_row_value(row,
			       json_string_value(json_array_get(names, i)));
	return rows;
}

MISP_MODULE(
    reversedns, .types = MISP_EXPANSION | MISP_HOVER, .query = reversedns_query,
    .title = "Reverse DNS", .version = "1.0",
    .author = "MISP modules FastCGI server",
    .description = "Looks up the host names that the reverse DNS has "
		   "for an IP address.",
    .features = "Returns every name of the PTR records. Of a domain|ip pair "
		"the address is looked up. The system's resolver is asked "
		"unless the administrator names another one.",
    .input_text = "An IPv4 or IPv6 address.",
    .output_text = "The host names of that address.",
    .input = MISP_LIST("ip-src", "ip-dst", "domain|ip"),
    .output = MISP_LIST("hostname"),
    .settings = MISP_SETTINGS(
	{"nameserver", "Resolver to ask: an address, or address:port", NULL}));
