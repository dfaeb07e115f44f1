/*
 * list_limit.h: a bound for the lists in a service's reply, which become
 * attributes one for one.
 */
#ifndef MODULES_LIST_LIMIT_H
#define MODULES_LIST_LIMIT_H

#include "misp-module.h"

/* Takes away what is beyond the limit, in a list and all that is in it. What is
 * NULL or has no lists stays as it is. */
static inline void list_limit(json_t *json)
{
	while (json_array_size(json) > MISP_LIST_MAX)
		json_array_remove(json, json_array_size(json) - 1);
	size_t index;
	json_t *item;
	json_array_foreach (json, index, item) {
		list_limit(item);
	}
	const char *name;
	json_object_foreach (json, name, item) {
		list_limit(item);
	}
}

#endif
