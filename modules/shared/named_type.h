/*
 * named_type.h: the check of a query's attribute for modules whose messages
 * name the type that they do not take.
 */
#ifndef MODULES_NAMED_TYPE_H
#define MODULES_NAMED_TYPE_H

#include "misp-module.h"

/* The attribute, of a type that the descriptor's input names; NULL after
 * misp_fail. */
static inline const struct misp_attribute *
named_type_attribute(struct misp_query *query)
{
	const char *type =
	    misp_text_at(query, misp_request(query), "attribute.type");
	if (!type)
		return misp_fail(query, "Missing or invalid attribute.");
	if (!misp_accepts(query, type))
		return misp_fail(query, "Unsupported attribute type: %s", type);
	return misp_attribute(query);
}

#endif
