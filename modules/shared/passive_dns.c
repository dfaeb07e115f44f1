/*
 * passive_dns.c: a record of passive DNS as a MISP object; see passive_dns.h.
 */
#include "passive_dns.h"

#include "last_object.h"

static const struct misp_mapping passive_dns_fields[] = {
    {"count", "count", MISP_TO_TEXT},
    {"origin", "origin"},
    {"bailiwick", "bailiwick"},
    {"rrtype", "rrtype"},
    {"rrname", "rrname"},
    {"rdata", "rdata"},
    {"raw_rdata", "raw_rdata"},
    {"time_first", "time_first", MISP_FROM_TIME},
    {"time_last", "time_last", MISP_FROM_TIME},
    {"zone_time_first", "zone_time_first", MISP_FROM_TIME},
    {"zone_time_last", "zone_time_last", MISP_FROM_TIME},
    {0},
};

/* When the object itself was seen. */
static const struct {
	const char *path;
	const char *member;
} passive_dns_seen[] = {
    {"time_first", "first_seen"},
    {"time_last", "last_seen"},
};

json_t *passive_dns_add(struct misp_query *query, json_t *results,
			const json_t *record)
{
	const size_t count =
	    sizeof(passive_dns_seen) / sizeof(*passive_dns_seen);
	json_t *object = misp_add_object(results, "passive-dns");
	if (misp_map(query, object, record, passive_dns_fields) == 0) {
		last_object_drop(results, object);
		return NULL;
	}
	for (size_t i = 0; i < count; i++) {
		const char *time = misp_time_of(
		    query,
		    misp_text_at(query, record, passive_dns_seen[i].path));
		if (time)
			misp_set(object, passive_dns_seen[i].member,
				 json_string(time));
	}
	return object;
}
