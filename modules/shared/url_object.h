/*
 * url_object.h: the parts of a URL as a MISP object.
 */
#ifndef MODULES_URL_OBJECT_H
#define MODULES_URL_OBJECT_H

#include "misp-module.h"

/* Where libpsl reads the public suffix list, for a module that is caged. */
#define URL_OBJECT_READS "/usr/share/publicsuffix"

struct url_suffixes; /* the public suffix list */

/* The list, which is large: once for a query. NULL without one; then the parts
 * of hosts are not told apart. */
struct url_suffixes *url_suffixes(struct misp_query *query);

/* Adds a url object of value; borrowed. NULL after misp_fail. */
json_t *url_object_add(struct misp_query *query, json_t *results,
		       const struct url_suffixes *suffixes, const char *value);

#endif
