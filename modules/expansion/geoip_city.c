/*
 * geoip_city.c: where an address is, from a local database.
 *
 * pkg-config: libmaxminddb (libmaxminddb-dev)
 */
#include "geoip.h"

#define MISSING                                                           \
	"Please specify the path of your local copy of Maxminds Geolite " \
	"database"

/* The English name of a part of the entry, as Python writes it. */
static const char *name_of(struct misp_query *query, MMDB_entry_s *entry,
			   const char *const *path)
{
	const char *name = geoip_text(query, entry, path);
	return name ? name : "None";
}

static json_t *geoip_city_query(struct misp_query *query)
{
	MMDB_entry_s *entry = geoip_find(query, MISSING, "City");
	if (!entry)
		return NULL;
	json_t *rows = misp_rows();
	misp_row(
	    rows, MISP_TYPES("freetext"),
	    misp_text(
		query, "Continent=%s, Country=%s, Subdivision=%s, City=%s",
		name_of(query, entry, MISP_LIST("continent", "names", "en")),
		name_of(query, entry, MISP_LIST("country", "names", "en")),
		/* The last is the most specific. */
		name_of(query, entry,
			MISP_LIST("subdivisions", "-1", "names", "en")),
		name_of(query, entry, MISP_LIST("city", "names", "en"))));
	return rows;
}

MISP_MODULE(
    geoip_city, .types = MISP_EXPANSION | MISP_HOVER, .query = geoip_city_query,
    .title = "GeoIP City", .version = "0.1",
    .author = "MISP modules FastCGI server",
    .description = "Tells where an IP address is from a local copy of "
		   "MaxMind's GeoLite2 City database.",
    .features = "Nothing is asked over the network. Of a domain|ip pair the "
		"address is looked up.",
    .input_text = "An IPv4 or IPv6 address.",
    .output_text = "Continent, country, subdivision and city, as free text.",
    .references = MISP_LIST("https://dev.maxmind.com/geoip/"),
    .requirements = MISP_LIST("libmaxminddb"), .input = GEOIP_INPUT,
    .output = MISP_LIST("freetext"), .settings = GEOIP_SETTINGS);
