/*
 * json_keep.h: JSON of a module's own that lives as long as the query.
 */
#ifndef MODULES_JSON_KEEP_H
#define MODULES_JSON_KEEP_H

#include "misp-module.h"

static inline void json_keep_release(void *json)
{
	json_decref(json);
}

/* Steals json and returns it, borrowed; NULL without memory. */
static inline json_t *json_keep(struct misp_query *query, json_t *json)
{
	return misp_defer(query, json, json_keep_release);
}

#endif
