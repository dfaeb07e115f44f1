/*
 * yara_rename.h: giving the rules in a YARA source other names.
 */
#ifndef MODULES_YARA_RENAME_H
#define MODULES_YARA_RENAME_H

#include "misp-module.h"

/* Adds the names of the rules to an object, as members that are null. False
 * for a source that ends within a comment: that would go on behind it. */
bool yara_find_rules(struct misp_query *query, const char *source,
		     json_t *rules);

/*
 * The source with other names for its rules, wherever they are named: rules
 * has the new ones by the old ones. Where the source has a wildcard for them
 * ("a*"), prefix is put before it, and what stands before the '*' is added to
 * wildcards, a list. Carriage returns vanish, "Rule" becomes "rule". NULL
 * without memory.
 */
const char *yara_rename(struct misp_query *query, const char *source,
			const char *prefix, json_t *rules, json_t *wildcards);

#endif
