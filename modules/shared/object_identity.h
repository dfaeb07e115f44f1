/*
 * object_identity.h: objects of any template of the misp-objects repository,
 * for imports whose files name them.
 */
#ifndef MODULES_OBJECT_IDENTITY_H
#define MODULES_OBJECT_IDENTITY_H

#include "misp-module.h"

/* Adds an empty object; borrowed. Of a template that nobody here knows it has
 * no more than its name, and this meta-category unless that is NULL. */
json_t *object_identity_add(json_t *results, const char *name,
			    const char *meta_category);

#endif
