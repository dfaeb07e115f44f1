/*
 * dump.h: JSON as text. yajl writes it: jansson's own writer decodes every
 * character again and looks for cycles, which result.c has seen to, and which
 * costs most of the time on long strings.
 */
#ifndef FCGI_DUMP_H
#define FCGI_DUMP_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* yajl writes nothing that is nested deeper. */
#define DUMP_DEPTH 127

/*
 * Hands the text of JSON that result.c has checked to add, in small pieces.
 * False when memory ran out, add returned false (it is not called again) or
 * the JSON is nested deeper.
 */
bool dump_json(const json_t *json,
	       bool (*add)(void *context, const char *bytes, size_t size),
	       void *context);

#endif
