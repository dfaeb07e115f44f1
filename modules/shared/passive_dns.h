/*
 * passive_dns.h: a record of passive DNS, in the Common Output Format
 * (draft-dulaunoy-dnsop-passive-dns-cof), as a MISP object.
 */
#ifndef MODULES_PASSIVE_DNS_H
#define MODULES_PASSIVE_DNS_H

#include "misp-module.h"

/* Records of one answer that become objects; what is beyond them is left. */
#define PASSIVE_DNS_RECORDS 1000

/* Adds a passive-dns object of the record, which is borrowed, as the object
 * is. Times may be numbers or text. NULL for what is no record. */
json_t *passive_dns_add(struct misp_query *query, json_t *results,
			const json_t *record);

#endif
