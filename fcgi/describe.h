/*
 * describe.h: what is said about the modules: /modules, /openapi.json, and the
 * table in the README.
 */
#ifndef FCGI_DESCRIBE_H
#define FCGI_DESCRIBE_H

#include "registry.h"

#include <stdio.h>

/* The /modules answer: the enabled modules, as MISP reads them (an array,
 * new reference); NULL without memory. */
json_t *describe_modules(const struct registry *registry);

/* The OpenAPI 3.1 document of the endpoints and the enabled modules (new
 * reference); NULL without memory. */
json_t *describe_openapi(const struct registry *registry);

/* MISP's word for one of the types. */
const char *module_type_name(enum misp_module_type type);

/* Writes a Markdown table of the enabled modules. Returns 0; -1 without memory
 * or when it cannot be written. */
int describe_table(const struct registry *registry, FILE *out);

/* Writes whom a module talks to: its hosts with commas between them, "any";
 * nothing for one that talks to nobody. -1 without memory. */
int describe_hosts(const struct misp_module *module, FILE *out);

#endif
