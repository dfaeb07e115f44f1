/*
 * dnsdb.h: asking DNSDB, the passive DNS of Farsight, with version 2 of its
 * API.
 */
#ifndef MODULES_DNSDB_H
#define MODULES_DNSDB_H

#include "misp-module.h"

/*
 * The records that a lookup finds; segments is its path after the version of
 * the API. Only what was seen after the attribute's own first_seen, if it has
 * one. The module's settings apikey and limit hold. Borrowed; NULL after
 * misp_fail.
 */
json_t *dnsdb_records(struct misp_query *query,
		      const struct misp_service *service,
		      const json_t *attribute, const char *const *segments);

#endif
