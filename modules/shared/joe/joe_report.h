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
 * Adds to results what the report says: analysis is its member of that name.
 * False after misp_fail, when it is a report of neither a file nor a URL.
 */
bool joe_report(struct misp_query *query, json_t *results,
		const json_t *analysis, const struct joe_options *options);

#endif
