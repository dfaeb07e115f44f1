/*
 * geoip_asn.c: the autonomous system of an address, from a local database.
 *
 * pkg-config: libmaxminddb (libmaxminddb-dev)
 */
#include "geoip.h"

#define MISSING                                                      \
	"Please specify the path of your local copy of the Maxmind " \
	"Geolite ASN database"

static json_t *geoip_asn_query(struct misp_query *query)
{
	MMDB_entry_s *entry = geoip_find(query, MISSING, "ASN");
	if (!entry)
		return NULL;
	const char *number =
	    geoip_text(query, entry, MISP_LIST("autonomous_system_number"));
	const char *organisation = geoip_text(
	    query, entry, MISP_LIST("autonomous_system_organization"));
	json_t *rows = misp_rows();
	misp_row(rows, MISP_TYPES("freetext"),
		 misp_text(query, "ASN=%s, AS Org=%s", number ? number : "None",
			   organisation ? organisation : "None"));
	return rows;
}

MISP_MODULE(
    geoip_asn, .types = MISP_EXPANSION | MISP_HOVER, .query = geoip_asn_query,
    .title = "GeoIP ASN", .version = "0.1",
    .author = "MISP modules FastCGI server",
    .description = "Tells the autonomous system of an IP address from a local "
		   "copy of MaxMind's GeoLite2 ASN database.",
    .features = "Nothing is asked over the network. Of a domain|ip pair the "
		"address is looked up.",
    .input_text = "An IPv4 or IPv6 address.",
    .output_text = "The AS number and its organisation, as free text.",
    .references = MISP_LIST("https://dev.maxmind.com/geoip/"),
    .requirements = MISP_LIST("libmaxminddb"), .input = GEOIP_INPUT,
    .output = MISP_LIST("freetext"), .settings = GEOIP_SETTINGS);
