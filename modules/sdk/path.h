/*
 * path.h: paths in JSON, one step at a time.
 */
#ifndef MISP_SDK_PATH_H
#define MISP_SDK_PATH_H

#include "misp-module.h"

/* Whether a path begins with a list position. */
bool path_is_index(const char *path);

/*
 * Goes one step along a path that is not empty, which then begins behind it.
 * Returns what is there, borrowed; NULL if there is nothing, or null.
 */
json_t *path_step(const json_t *json, const char **path);

#endif
