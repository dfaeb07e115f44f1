/*
 * list_limit.h: a bound for the lists in a service's reply, whose items become
 * attributes one for one.
 */
#ifndef MODULES_LIST_LIMIT_H
#define MODULES_LIST_LIMIT_H

#include "misp-module.h"

/* Takes away what is beyond the limit, in a list or an object and all that is
 * in it. NULL stays as it is. */
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
	void *next;
	index = 0;
	json_object_foreach_safe(json, next, name, item)
	{
		if (index++ < MISP_LIST_MAX)
			list_limit(item);
		else
			json_object_del(json, name);
	}
}

#endif
