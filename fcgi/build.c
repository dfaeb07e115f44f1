/*
 * build.c: JSON in steps; see build.h.
 */
#include "build.h"

json_t *build_with(json_t *object, const char *key, json_t *value)
{
	if (object && json_object_set_new(object, key, value) == 0)
		return object;
	if (!object)
		json_decref(value);
	json_decref(object);
	return NULL;
}

json_t *build_append(json_t *array, json_t *value)
{
	if (array && json_array_append_new(array, value) == 0)
		return array;
	if (!array)
		json_decref(value);
	json_decref(array);
	return NULL;
}

json_t *build_strings(const char *const *list)
{
	json_t *array = json_array();

	for (; list && *list; list++)
		array = build_append(array, json_string(*list));
	return array;
}
