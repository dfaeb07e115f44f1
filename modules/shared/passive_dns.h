/*
 * passive_dns.h: the records of passive DNS, in the Common Output Format
 * (draft-dulaunoy-dnsop-passive-dns-cof), as MISP objects.
 */
#ifndef MODULES_PASSIVE_DNS_H
#define MODULES_PASSIVE_DNS_H

#include "misp-module.h"

/* Adds a passive-dns object of a record; borrowed. Times may be numbers or
 * text. NULL for what is no record. */
json_t *passive_dns_add(struct misp_query *query, json_t *results,
			const json_t *record);

/* Adds the latest 1000 of a list of records, the latest last, each of them
 * with a reference to uuid. */
void passive_dns_add_latest(struct misp_query *query, json_t *results,
			    const json_t *records, const char *uuid,
			    const char *relationship_type);

#endif
