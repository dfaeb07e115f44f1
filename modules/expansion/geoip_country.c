/*
 * geoip_country.c: the country of an address, from a local database.
 *
 * pkg-config: libmaxminddb (libmaxminddb-dev)
 */
#include "geoip.h"

#define MISSING                                                           \
	"Please specify the path of your local copy of Maxminds Geolite " \
	"database"

static json_t *geoip_country_query(struct misp_query *query)
{
	MMDB_entry_s *entry = geoip_find(query, MISSING, "Country");
	if (!entry)
		return NULL;
	const char *code =
	    geoip_text(query, entry, MISP_LIST("country", "iso_code"));
	if (!code)
		return misp_fail(query, "The database has no country for this "
					"address");
	json_t *rows = misp_rows();
	misp_row(rows, MISP_TYPES("freetext"), code);
	return rows;
}

MISP_MODULE(
    geoip_country, .types = MISP_EXPANSION | MISP_HOVER,
    .query = geoip_country_query, .title = "GeoIP Country", .version = "0.2",
    .author = "MISP modules FastCGI server",
    .description = "Tells the country of an IP address from a local copy of "
		   "MaxMind's GeoLite2 Country database.",
    .features = "Nothing is asked over the network. Of a domain|ip pair the "
		"address is looked up.",
    .input_text = "An IPv4 or IPv6 address.",
    .output_text = "The country's ISO 3166 code, as free text.",
    .references = MISP_LIST("https://dev.maxmind.com/geoip/"),
    .requirements = MISP_LIST("libmaxminddb"), .input = GEOIP_INPUT,
    .output = MISP_LIST("freetext"), .settings = GEOIP_SETTINGS);
