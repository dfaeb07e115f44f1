/*
 * object_identity.c: who the templates of objects are. What relations they
 * have is known of those in modules/sdk/objects only.
 */
#include "object_identity.h"

#include <stdlib.h>
#include <string.h>

static const struct identity {
	const char *name;
	const char *uuid;
	const char *version;
	const char *meta_category;
} identities[] = {
#define IDENTITY(...) {__VA_ARGS__},
#include "object_identity.def"
#undef IDENTITY
};

static int compare(const void *name, const void *identity)
{
	return strcmp(name, ((const struct identity *)identity)->name);
}

/* Appends to the results' objects; borrowed. Steals object. */
static json_t *append(json_t *results, json_t *object)
{
	if (!json_object_get(results, "Object"))
		misp_set(results, "Object", json_array());
	json_t *objects = json_object_get(results, "Object");
	return json_array_append_new(objects, object) == 0 ? object : NULL;
}

json_t *object_identity_add(json_t *results, const char *name,
			    const char *meta_category)
{
	json_t *object = misp_add_object(results, name);
	if (object)
		return object;
	const struct identity *known =
	    bsearch(name, identities, sizeof(identities) / sizeof(*identities),
		    sizeof(*identities), compare);
	if (!known) /* The check of results gives it its uuid. */
		return append(results,
			      json_pack("{s:s, s:s*, s:[], s:[]}", "name", name,
					"meta-category", meta_category,
					"Attribute", "ObjectReference"));
	return append(
	    results, json_pack("{s:s, s:s, s:s, s:s, s:[], s:[]}", "name", name,
			       "meta-category", known->meta_category,
			       "template_uuid", known->uuid, "template_version",
			       known->version, "Attribute", "ObjectReference"));
}
