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
	const char *record; /* whose past a reply about DNS tells */
};

/* Adds a row; NULL for a value that is none. Borrowed. */
json_t *trails_add(const struct trails *trails, const char *type,
		   const char *category, const char *value);

/* The text at a path, or "" for none and for a long one: for comments. */
const char *trails_words(const struct trails *trails, const json_t *json,
			 const char *path);

/* One function for each kind of reply. */
void trails_read_domain(const struct trails *trails, const json_t *json);
void trails_read_subdomains(const struct trails *trails, const json_t *json);
void trails_read_whois(const struct trails *trails, const json_t *json);
void trails_read_past_dns(const struct trails *trails, const json_t *json);
void trails_read_past_whois(const struct trails *trails, const json_t *json);
void trails_read_search(const struct trails *trails, const json_t *json);

#endif
