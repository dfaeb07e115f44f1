/*
 * mmdb_lookup.c: the country and autonomous system of an IP address, asked
 * from an mmdb-server.
 */
#include "misp-module.h"

#include <string.h>

static const struct misp_service mmdb_service = {
    .name = "mmdb-server",
    .url = "https://ip.circl.lu",
    .url_setting = "custom_API",
};

static const struct misp_mapping mmdb_country[] = {
    {"country_info.Country", "country"},
    {"country.iso_code", "countrycode"},
    {"country_info.Latitude (average)", "latitude"},
    {"country_info.Longitude (average)", "longitude"},
    {0},
};

static const struct misp_mapping mmdb_asn[] = {
    {"country.AutonomousSystemNumber", "asn", MISP_TO_TEXT}, {0}};

/* A text in an entry, for sentences. */
static const char *mmdb_text(struct misp_query *query, const json_t *entry,
			     const char *path)
{
	const char *text = misp_text_at(query, entry, path);
	return text ? text : "unknown";
}

static void mmdb_add_country(struct misp_query *query, json_t *results,
			     const char *uuid, const json_t *entry)
{
	json_t *object = misp_add_object(results, "geolocation");
	misp_map(query, object, entry, mmdb_country);
	misp_object_add(
	    object, "text",
	    misp_text(query,
		      "db_source: %s. build_db: %s. Latitude and longitude are "
		      "country average.",
		      mmdb_text(query, entry, "meta.db_source"),
		      mmdb_text(query, entry, "meta.build_db")));
	misp_reference(object, uuid, "related-to");
}

static void mmdb_add_asn(struct misp_query *query, json_t *results,
			 const char *uuid, const json_t *entry)
{
	json_t *object = misp_add_object(results, "asn");
	misp_map(query, object, entry, mmdb_asn);
	misp_object_add(
	    object, "description",
	    misp_text(
		query, "ASNOrganization: %s. db_source: %s. build_db: %s.",
		mmdb_text(query, entry, "country.AutonomousSystemOrganization"),
		mmdb_text(query, entry, "meta.db_source"),
		mmdb_text(query, entry, "meta.build_db")));
	misp_reference(object, uuid, "related-to");
}

/* What the server knows: one entry for each of its databases. */
static json_t *mmdb_entries(struct misp_query *query, const char *address)
{
	struct misp_http *http = misp_http(query, &mmdb_service);
	misp_http_path(http, "geolookup", address);
	const struct misp_reply *reply = misp_http_send(http);
	if (!reply)
		return NULL;
	if (reply->status != 200)
		return misp_fail(query,
				 "API not accessible - http status code %d was "
				 "returned",
				 reply->status);
	json_t *entries = misp_reply_json(query, reply);
	if (!entries || misp_at(entries, "error"))
		return misp_http_fail(http, reply);
	if (json_array_size(entries) == 0)
		return misp_fail(query, "Empty result returned by server");
	return entries;
}

/* Whether it is of the database that the administrator wants. */
static bool mmdb_wanted(struct misp_query *query, const json_t *entry)
{
	const char *filter = misp_setting(query, "db_source_filter");
	const char *source =
	    json_string_value(misp_at(entry, "meta.db_source"));
	return !filter || (source && strcmp(source, filter) == 0);
}

static void mmdb_add_all(struct misp_query *query, json_t *results,
			 const char *uuid, const json_t *entries)
{
	const long limit = misp_setting_number(query, "max_country_info_qt", 0);
	long countries = 0;
	bool wanted = false;
	size_t i;
	json_t *entry;
	json_array_foreach (entries, i, entry) {
		if (!mmdb_wanted(query, entry))
			continue;
		wanted = true;
		if (json_object_size(misp_at(entry, "country_info")) == 0)
			continue;
		if (limit <= 0 || countries++ < limit)
			mmdb_add_country(query, results, uuid, entry);
		if (misp_at(entry, "country.AutonomousSystemNumber"))
			mmdb_add_asn(query, results, uuid, entry);
	}
	if (!wanted)
		misp_fail(query, "There was no result with the selected "
				 "db_source");
	if (!misp_at(results, "Object.0"))
		misp_fail(query, "Empty result returned by server");
}

static json_t *mmdb_query(struct misp_query *query)
{
	const struct misp_attribute *attribute = misp_attribute_or(
	    query, "There is no attribute of type ip-src or ip-dst provided as "
		   "input");
	const char *address =
	    attribute ? misp_part(query, attribute->value, 0) : NULL;
	const json_t *entries = address ? mmdb_entries(query, address) : NULL;
	if (!entries)
		return NULL;
	json_t *results = misp_standard();
	misp_add_own(results, attribute);
	mmdb_add_all(query, results, attribute->uuid, entries);
	return misp_finish(query, results);
}

MISP_MODULE(
    mmdb_lookup, .types = MISP_EXPANSION | MISP_HOVER, .format = MISP_STANDARD,
    .query = mmdb_query, .title = "GeoIP Enrichment", .version = "1",
    .author = "MISP modules FastCGI server",
    .description = "Asks an mmdb-server for the country and autonomous system "
		   "of an IP address.",
    .logo = "circl.png",
    .features = "CIRCL's server is asked unless custom_API names another. "
		"Coordinates are those of the middle of the country.",
    .input_text = "An IP address, with or without a port.",
    .output_text = "A geolocation and an asn object for each database.",
    .references = MISP_LIST("https://github.com/adulau/mmdb-server"),
    .input = MISP_LIST("ip-src", "ip-src|port", "ip-dst", "ip-dst|port"),
    .settings = MISP_SETTINGS(
	{"custom_API", "URL of another mmdb-server", NULL},
	{"db_source_filter", "The one database whose answer is wanted", NULL},
	{"max_country_info_qt", "Geolocation objects, at most; 0: all", NULL}),
    .services = MISP_SERVICES(&mmdb_service));
