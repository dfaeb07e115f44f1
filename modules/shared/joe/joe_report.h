/*
 * joe_report.h: the analysis report of Joe Sandbox, as MISP's attributes,
 * objects and tags.
 */
#ifndef MODULES_JOE_REPORT_H
#define MODULES_JOE_REPORT_H

#include "misp-module.h"

struct joe_options {
	bool import_executable; /* what the file's own format tells */
	bool mitre_attack;      /* tags for the techniques seen */
};

/*
 * What the report says, in MISP's standard format: analysis is its member of
 * that name. NULL after misp_fail, when it is a report of neither a file nor a
 * URL, or tells nothing.
 */
json_t *joe_report(struct misp_query *query, const json_t *analysis,
		   const struct joe_options *options);

#endif
