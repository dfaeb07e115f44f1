/*
 * python_text.h: JSON as Python writes it, where users compare or template
 * texts that come from there.
 */
#ifndef MODULES_PYTHON_TEXT_H
#define MODULES_PYTHON_TEXT_H

#include "misp-module.h"

/* As json.dumps: all on one line, beyond ASCII escaped; sorted: its members by
 * name. Lives as long as the query; NULL without memory. */
const char *python_json(struct misp_query *query, const json_t *json,
			bool sorted);

/* The escapes of a text by json_dumps as Python has them, in small letters. */
void python_json_escapes(char *text);

/* Writes repr() of it: {'name': 'a', 'list': [1, True, None]}. It ends once
 * there are about as many bytes as most. */
void python_repr(FILE *out, const json_t *json, long most);

/* Writes a number as Python does: 1.0, 0.1, 1e+20. */
void python_number(FILE *out, const json_t *number);

#endif
