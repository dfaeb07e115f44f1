/*
 * domaintools.h: what is found in the replies of DomainTools, and in which.
 */
#ifndef MODULES_DOMAINTOOLS_H
#define MODULES_DOMAINTOOLS_H

#include "misp-module.h"

/* What is found, in the order in which it is given to MISP. */
enum domaintools_kind {
	DOMAINTOOLS_EMAIL,
	DOMAINTOOLS_PHONE,
	DOMAINTOOLS_NAME,
	DOMAINTOOLS_REGISTRAR,
	DOMAINTOOLS_CREATED,
	DOMAINTOOLS_IP,
	DOMAINTOOLS_DOMAIN,
	DOMAINTOOLS_KINDS,
};

/* The work for one query. Text is borrowed, as long as the query lives. */
struct domaintools {
	struct misp_query *query;
	const char *value;                /* what is asked about */
	json_t *found[DOMAINTOOLS_KINDS]; /* from each value to its comment */
	const char *record;               /* of the whois, or NULL */
	const char *risk;                 /* or NULL */
	const char *reasons;              /* for that risk, or NULL */
};

/* One function for each kind of reply, whose "response" it is given. */
void domaintools_read_whois(struct domaintools *found, const json_t *json);
void domaintools_read_profile(struct domaintools *found, const json_t *json);
void domaintools_read_reputation(struct domaintools *found, const json_t *json);
void domaintools_read_addresses(struct domaintools *found, const json_t *json);
void domaintools_read_reverse_whois(struct domaintools *found,
				    const json_t *json);

#endif
