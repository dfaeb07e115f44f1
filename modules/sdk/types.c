/*
 * types.c: finding MISP's attribute types and categories by name.
 */
#include "types.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct misp_type types[] = {
#define TYPE(name, category, to_ids) {name, category, to_ids},
#define CATEGORY(name)
#include "types.def"
#undef TYPE
#undef CATEGORY
};

static const char *const categories[] = {
#define TYPE(name, category, to_ids)
#define CATEGORY(name) name,
#include "types.def"
#undef TYPE
#undef CATEGORY
};

/* A type, then the further categories it may have. */
static const struct also {
	const char *type;
	const char *const *categories;
} also[] = {
#define ALSO(name, ...) {name, MISP_LIST(__VA_ARGS__)},
#include "categories.def"
#undef ALSO
};

static int compare_type(const void *name, const void *type)
{
	return strcmp(name, ((const struct misp_type *)type)->name);
}

const struct misp_type *misp_type_find(const char *name)
{
	if (!name)
		return NULL;
	return bsearch(name, types, sizeof(types) / sizeof(*types),
		       sizeof(*types), compare_type);
}

bool misp_row_type_known(const char *name)
{
	return misp_type_find(name) || (name && strcmp(name, "freetext") == 0);
}

bool misp_category_known(const char *name)
{
	for (size_t i = 0; name && i < sizeof(categories) / sizeof(*categories);
	     i++)
		if (strcmp(categories[i], name) == 0)
			return true;
	return false;
}

static int compare_also(const void *name, const void *entry)
{
	return strcmp(name, ((const struct also *)entry)->type);
}

const char *misp_category_for(const char *type, const char *wanted)
{
	const struct misp_type *known = misp_type_find(type);
	if (!known || !wanted || strcasecmp(wanted, known->category) == 0)
		return known ? known->category : NULL;
	const struct also *found =
	    bsearch(type, also, sizeof(also) / sizeof(*also), sizeof(*also),
		    compare_also);
	const char *const *category = found ? found->categories : NULL;
	while (category && *category && strcasecmp(wanted, *category) != 0)
		category++;
	return category && *category ? *category : known->category;
}
