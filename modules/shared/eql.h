/*
 * eql.h: attributes as conditions of Endgame's Event Query Language.
 */
#ifndef MODULES_EQL_H
#define MODULES_EQL_H

#include "misp-module.h"

/* Which events have what an attribute says, and in which field. */
struct eql_field {
	const char *type;
	const char *event;
	const char *field;
};

/* NULL for a type that no event tells of. */
const struct eql_field *eql_field_of(const char *type);

/* The condition that the field has this value; lives as long as the query.
 * NULL without memory. */
const char *eql_condition(struct misp_query *query,
			  const struct eql_field *field, const char *value);

#endif
