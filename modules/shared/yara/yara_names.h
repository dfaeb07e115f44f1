/*
 * yara_names.h: the names of YARA rules that are written into one file, where
 * each may be there only once.
 */
#ifndef MODULES_YARA_NAMES_H
#define MODULES_YARA_NAMES_H

#include "misp-module.h"

/* What YARA takes for a name. */
#define YARA_NAME_MAX 128

/* The names in a file so far. */
struct yara_names {
	struct misp_query *query;
	json_t *used;      /* a set */
	json_t *wildcards; /* "a" for "a*": no later rule may begin like that */
	size_t number;     /* of the last prefix that had to be made */
};

/* A source with its rules renamed. */
struct yara_renamed {
	const char *text;
	json_t *names; /* of its rules: the old one, the new one */
	json_t *wildcards;
};

/* False without memory. */
bool yara_names_open(struct yara_names *names, struct misp_query *query);

/* A name for a rule: MISP_e3_name, or MISP_e3_2_name when that is used. It is
 * added to the names. NULL without memory. */
const char *yara_names_new(struct yara_names *names, const char *event_id,
			   const char *name);

/*
 * Puts MISP_e3_, or MISP_e3_2_ and so on, before the names of the rules in a
 * source, wherever they are named. Carriage returns vanish, and "Rule" becomes
 * "rule". False, with a *reason, for a source that would do something to what
 * is behind it, and without memory.
 */
bool yara_names_rename(struct yara_names *names, const char *event_id,
		       const char *source, struct yara_renamed *renamed,
		       const char **reason);

/* Adds the names of a source that is written into the file. */
void yara_names_add(struct yara_names *names,
		    const struct yara_renamed *renamed);

#endif
