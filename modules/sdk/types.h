/*
 * types.h: what MISP knows: its attribute types, categories and object
 * templates. The data is in types.def and objects/ (facts from MISP's
 * describeTypes and the misp-objects repository).
 */
#ifndef MISP_SDK_TYPES_H
#define MISP_SDK_TYPES_H

#include "misp-module.h"

/* An attribute type and what MISP assumes when nothing else is said. */
struct misp_type {
	const char *name;
	const char *category;
	bool to_ids;
};

/* One relation of an object template. */
struct misp_relation {
	const char *name;
	const char *type;
	const char *category; /* NULL: that of the type */
	bool to_ids;
	bool disable_correlation;
};

struct misp_template {
	const char *name;
	const char *uuid;
	unsigned version;
	const char *meta_category;
	const char *description;
	const struct misp_relation *relations; /* ends with a NULL name */
};

/* Each returns NULL for what MISP (or this table) does not know. */
const struct misp_type *misp_type_find(const char *name);
const struct misp_template *misp_template_find(const char *name);
const struct misp_relation *
misp_relation_find(const struct misp_template *template, const char *name);

bool misp_category_known(const char *name);

/* Whether a row of the simple format may offer a value as this type: every
 * attribute type, and "freetext", which is none but is parsed by MISP. */
bool misp_row_type_known(const char *name);

#endif
