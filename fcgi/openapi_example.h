/*
 * openapi_example.h: for each module the body of a query that fits it.
 */
#ifndef FCGI_OPENAPI_EXAMPLE_H
#define FCGI_OPENAPI_EXAMPLE_H

#include "registry.h"

/* A new reference; NULL without memory. */
json_t *openapi_example(const struct module *module);

#endif
