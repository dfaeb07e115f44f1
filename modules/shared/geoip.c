/*
 * geoip.c: looking an address up in a local MaxMind database.
 *
 * pkg-config: libmaxminddb (libmaxminddb-dev)
 */
#include "geoip.h"

#include <errno.h>
#include <string.h>

struct geoip {
	MMDB_s database;
	MMDB_lookup_result_s found;
};

static void geoip_close(void *database)
{
	MMDB_close(database);
}

static struct geoip *geoip_open(struct misp_query *query, const char *path)
{
	struct geoip *geoip = misp_alloc(query, sizeof(*geoip));
	if (!geoip)
		return NULL;
	int status = MMDB_open(path, MMDB_MODE_MMAP, &geoip->database);
	if (status == MMDB_FILE_OPEN_ERROR && errno == ENOENT)
		return misp_fail(query,
				 "Unable to locate the GeoLite database you "
				 "specified (%s).",
				 path);
	if (status != MMDB_SUCCESS)
		return misp_fail(
		    query, "The GeoLite database %s cannot be read: %s", path,
		    status == MMDB_FILE_OPEN_ERROR || status == MMDB_IO_ERROR
			? strerror(errno)
			: MMDB_strerror(status));
	return misp_defer(query, &geoip->database, geoip_close) ? geoip : NULL;
}

/* The value that is asked about. */
static const char *geoip_address(struct misp_query *query)
{
	const char *address = misp_value(query, "ip-dst", "ip-src");
	if (!address)
		address = misp_part(query, misp_value(query, "domain|ip"), 1);
	if (!address)
		return misp_fail(query, "Unsupported attributes type");
	if (misp_ip_version(address) == 0)
		return misp_fail(query,
				 "GeoIP resolving error: '%s' does not appear "
				 "to be an IPv4 or IPv6 address.",
				 address);
	return address;
}

MMDB_entry_s *geoip_find(struct misp_query *query, const char *missing,
			 const char *kind)
{
	const char *path = misp_setting_or(query, "local_geolite_db", missing);
	const char *address = path ? geoip_address(query) : NULL;
	struct geoip *geoip = address ? geoip_open(query, path) : NULL;
	if (!geoip)
		return NULL;
	const char *type = geoip->database.metadata.database_type;
	if (!strstr(type, kind))
		return misp_fail(query,
				 "GeoIP resolving error: the database %s is of "
				 "the type %s; one of the type %s is needed",
				 path, type, kind);
	int wrong_address = 0;
	int status = MMDB_SUCCESS;
	geoip->found = MMDB_lookup_string(&geoip->database, address,
					  &wrong_address, &status);
	if (wrong_address || status != MMDB_SUCCESS)
		return misp_fail(query, "GeoIP resolving error: %s",
				 wrong_address ? "this is no IP address"
					       : MMDB_strerror(status));
	if (!geoip->found.found_entry)
		return misp_fail(query,
				 "GeoIP resolving error: The address %s is not "
				 "in the database.",
				 address);
	return &geoip->found.entry;
}

const char *geoip_text(struct misp_query *query, MMDB_entry_s *entry,
		       const char *const *path)
{
	MMDB_entry_data_s data;
	if (MMDB_aget_value(entry, &data, path) != MMDB_SUCCESS ||
	    !data.has_data)
		return NULL;
	if (data.type == MMDB_DATA_TYPE_UTF8_STRING)
		return misp_text(query, "%.*s", (int)data.data_size,
				 data.utf8_string);
	if (data.type == MMDB_DATA_TYPE_UINT32)
		return misp_text(query, "%u", (unsigned)data.uint32);
	return NULL;
}
