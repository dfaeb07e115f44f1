/*
 * passive_dns.c: the records of passive DNS as MISP objects.
 */
#include "passive_dns.h"

#include "last_object.h"

#include <stdlib.h>

static const struct misp_mapping passive_dns_fields[] = {
    {"count", "count", MISP_TO_TEXT},
    {"origin", "origin"},
    {"bailiwick", "bailiwick"},
    {"rrtype", "rrtype", MISP_TO_TEXT},
    {"rrname", "rrname"},
    {"rdata", "rdata"},
    {"raw_rdata", "raw_rdata"},
    {"time_first", "time_first", MISP_FROM_TIME},
    {"time_last", "time_last", MISP_FROM_TIME},
    {"zone_time_first", "zone_time_first", MISP_FROM_TIME},
    {"zone_time_last", "zone_time_last", MISP_FROM_TIME},
    {0},
};

/* Notes when the object itself was seen. */
static void set_seen(struct misp_query *query, json_t *object,
		     const char *member, const json_t *record, const char *path)
{
	const char *time =
	    misp_time_of(query, misp_text_at(query, record, path));
	if (time)
		misp_set(object, member, json_string(time));
}

json_t *passive_dns_add(struct misp_query *query, json_t *results,
			const json_t *record)
{
	json_t *object = misp_add_object(results, "passive-dns");
	if (misp_map(query, object, record, passive_dns_fields) == 0) {
		last_object_drop(results, object);
		return NULL;
	}
	set_seen(query, object, "first_seen", record, "time_first");
	set_seen(query, object, "last_seen", record, "time_last");
	return object;
}

struct entry {
	const json_t *record;
	json_int_t last;
	size_t index;
};

/* By time; those of the same time stay in their order. */
static int entry_compare(const void *left, const void *right)
{
	const struct entry *a = left;
	const struct entry *b = right;
	if (a->last != b->last)
		return a->last < b->last ? -1 : 1;
	return (a->index > b->index) - (a->index < b->index);
}

/* NULL without memory. */
static struct entry *sorted(struct misp_query *query, const json_t *records)
{
	size_t size;
	size_t i;
	json_t *record;
	size_t count = json_array_size(records);
	if (__builtin_mul_overflow(count, sizeof(struct entry), &size))
		return NULL;
	struct entry *entries = misp_alloc(query, size);
	if (!entries)
		return NULL;
	json_array_foreach (records, i, record)
		entries[i] = (struct entry){
		    record,
		    json_integer_value(json_object_get(record, "time_last")),
		    i};
	qsort(entries, count, sizeof(*entries), entry_compare);
	return entries;
}

void passive_dns_add_latest(struct misp_query *query, json_t *results,
			    const json_t *records, const char *uuid,
			    const char *relationship_type)
{
	size_t count = json_array_size(records);
	const struct entry *entries = sorted(query, records);
	size_t first = count > MISP_LIST_MAX ? count - MISP_LIST_MAX : 0;
	for (size_t i = first; entries && i < count; i++) {
		json_t *object =
		    passive_dns_add(query, results, entries[i].record);
		misp_reference(object, uuid, relationship_type);
	}
}
