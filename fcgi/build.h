/*
 * build.h: JSON that is built in steps and given up as a whole when memory
 * runs out: each function steals what it is given and passes NULL on.
 */
#ifndef FCGI_BUILD_H
#define FCGI_BUILD_H

#include <jansson.h>

/* object with one more member; NULL when either is NULL. */
json_t *build_with(json_t *object, const char *key, json_t *value);

/* array with one more element; NULL when either is NULL. */
json_t *build_append(json_t *array, json_t *value);

/* An array of the strings of a list that ends with NULL; empty for NULL. */
json_t *build_strings(const char *const *list);

#endif
