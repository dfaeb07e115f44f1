/*
 * describe.h: what is said about the modules: /modules and /openapi.json.
 */
#ifndef FCGI_DESCRIBE_H
#define FCGI_DESCRIBE_H

#include "registry.h"

/* The /modules answer: the enabled modules, as MISP reads them (an array,
 * new reference); NULL without memory. */
json_t *describe_modules(const struct registry *registry);

/* The OpenAPI 3.1 document of the endpoints and the enabled modules (new
 * reference); NULL without memory. */
json_t *describe_openapi(const struct registry *registry);

#endif
