/*
 * hunting.h: exports that make a query of another product of each attribute.
 */
#ifndef MODULES_HUNTING_H
#define MODULES_HUNTING_H

#include "escape.h"
#include "misp-module.h"

/* In a template, $1 stands for the value, $2 for how far back to look. */
struct hunting_template {
	const char *type;
	const char *text;
};

/* How a product is asked. */
struct hunting {
	const struct hunting_template *templates; /* a list that ends empty */
	const struct escape *escapes;             /* of the value */
	/* Characters that a value may have; what has others is left out.
	 * NULL: any. */
	const char *characters;
	bool with_objects; /* attributes of objects as well */
};

#define HUNTING_PERIOD(example)                                            \
	{                                                                  \
		"Period", "How far back the queries look: " example, "30d" \
	}

/* The whole query of a module: one query a line. */
json_t *hunting_export(struct misp_query *query, const struct hunting *hunting);

#endif
