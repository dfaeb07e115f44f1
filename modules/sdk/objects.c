/*
 * objects.c: MISP's object templates. Each is a file below objects/, with the
 * facts of its definition in the misp-objects repository:
 *
 *	TEMPLATE(name, uuid, version, meta-category, description,
 *		 RELATION(name, type, category, to_ids, disable_correlation), …)
 *
 * A category that is NULL is that of the type; to_ids is the type's where the
 * definition does not say. To add a template, add its file and a line to
 * objects/all.def.
 */
#include "types.h"

#include <string.h>

#define RELATION(...)       \
	{                   \
		__VA_ARGS__ \
	}
#define TEMPLATE(name, uuid, version, meta_category, description, ...) \
	{name,        uuid,                                            \
	 version,     meta_category,                                   \
	 description, (const struct misp_relation[]){__VA_ARGS__, {0}}},

static const struct misp_template templates[] = {
#include "objects/all.def"
};

const struct misp_template *misp_template_find(const char *name)
{
	for (size_t i = 0; name && i < sizeof(templates) / sizeof(*templates);
	     i++)
		if (strcmp(templates[i].name, name) == 0)
			return &templates[i];
	return NULL;
}

const struct misp_relation *
misp_relation_find(const struct misp_template *template, const char *name)
{
	const struct misp_relation *relation =
	    template ? template->relations : NULL;
	for (; name && relation && relation->name; relation++)
		if (strcmp(relation->name, name) == 0)
			return relation;
	return NULL;
}
