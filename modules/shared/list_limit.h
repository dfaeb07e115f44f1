/*
 * list_limit.h: a bound for the lists in a service's reply, which become
 * attributes one for one.
 */
#ifndef MODULES_LIST_LIMIT_H
#define MODULES_LIST_LIMIT_H

#include "misp-module.h"

/* Takes away what is beyond the limit; list may be NULL, or no list. */
static inline void list_limit(json_t *list)
{
	while (json_array_size(list) > MISP_LIST_MAX)
		json_array_remove(list, json_array_size(list) - 1);
}

#endif
