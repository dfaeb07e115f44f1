/*
 * json_check.h: what yajl lets pass, and we do not.
 */
#ifndef MISP_SDK_JSON_CHECK_H
#define MISP_SDK_JSON_CHECK_H

#include <stddef.h>

/*
 * Looks for invalid UTF-8, for \u0000, for surrogates without a partner and
 * for control characters that yajl takes for white space.
 * Returns what is wrong in words and where (*position); NULL when nothing is.
 */
const char *json_check_text(const char *bytes, size_t size, size_t *position);

#endif
