/*
 * geoip.h: looking an address up in a local MaxMind database, as the geoip_*
 * modules do.
 */
#ifndef SHARED_GEOIP_H
#define SHARED_GEOIP_H

#include "misp-module.h"

#include <maxminddb.h>

/* What these modules have in common. */
#define GEOIP_INPUT MISP_LIST("ip-src", "ip-dst", "domain|ip")
#define GEOIP_SETTINGS                                          \
	MISP_SETTINGS({"local_geolite_db",                      \
		       "Path of the database, a file that the " \
		       "server can read",                       \
		       NULL})

/*
 * Finds the query's address in the database that the setting local_geolite_db
 * names. missing is the failure without that setting; kind ("ASN") is part of
 * the type of the databases that will do. The entry lives as long as the
 * query; NULL after misp_fail.
 */
MMDB_entry_s *geoip_find(struct misp_query *query, const char *missing,
			 const char *kind);

/* A string or number of the entry by its path, which ends with NULL; a NULL
 * when it is not there. */
const char *geoip_text(struct misp_query *query, MMDB_entry_s *entry,
		       const char *const *path);

#endif
