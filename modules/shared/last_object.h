/*
 * last_object.h: taking back an object that turned out to be empty.
 */
#ifndef MODULES_LAST_OBJECT_H
#define MODULES_LAST_OBJECT_H

#include "misp-module.h"

/* object is the one that was added last, or NULL. */
static inline void last_object_drop(json_t *results, const json_t *object)
{
	json_t *objects = json_object_get(results, "Object");
	size_t count = json_array_size(objects);
	if (object && count > 0)
		json_array_remove(objects, count - 1);
}

#endif
