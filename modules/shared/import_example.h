/*
 * import_example.h: the options of the imports that only show how imports
 * work: one of each kind that an import page has.
 */
#ifndef MODULES_IMPORT_EXAMPLE_H
#define MODULES_IMPORT_EXAMPLE_H

#include "misp-module.h"

#define IMPORT_EXAMPLE_OPTIONS                                             \
	MISP_OPTIONS({.name = "number1",                                   \
		      .type = MISP_INTEGER,                                \
		      .message = "Column number used for value",           \
		      .error_message = "Expected a number in range [0-4]", \
		      .regex = "/^[0-4]$/i"},                              \
		     {.name = "some_string",                               \
		      .type = MISP_STRING,                                 \
		      .message = "A text field"},                          \
		     {.name = "boolean_field",                             \
		      .type = MISP_BOOLEAN,                                \
		      .message = "Boolean field test"},                    \
		     {.name = "comment",                                   \
		      .type = MISP_INTEGER,                                \
		      .message = "Column number used for comment"})

#endif
