/*
 * securitytrails.h: from the replies of SecurityTrails to rows.
 */
#ifndef MODULES_SECURITYTRAILS_H
#define MODULES_SECURITYTRAILS_H

#include "misp-module.h"

/* The work for one query. */
struct trails {
	struct misp_query *query;
	const char *value; /* the domain or address that is asked about */
	json_t *rows;
};

/* One function for each kind of reply; record is the name of a DNS record, for
 * what tells of its past. */
void trails_read_domain(const struct trails *trails, const json_t *json,
			const char *record);
void trails_read_subdomains(const struct trails *trails, const json_t *json,
			    const char *record);
void trails_read_whois(const struct trails *trails, const json_t *json,
		       const char *record);
void trails_read_past_dns(const struct trails *trails, const json_t *json,
			  const char *record);
void trails_read_past_whois(const struct trails *trails, const json_t *json,
			    const char *record);
void trails_read_search(const struct trails *trails, const json_t *json,
			const char *record);

#endif
