/*
 * virustotal_report.h: one report of VirusTotal as MISP objects.
 */
#ifndef MODULES_VIRUSTOTAL_REPORT_H
#define MODULES_VIRUSTOTAL_REPORT_H

#include "misp-module.h"

/* Adds what the report is about, which is returned, borrowed, and the verdict
 * on it. NULL, and nothing is added, for a report of no kind that is known
 * here or that lacks what it is about. */
json_t *virustotal_add_report(struct misp_query *query, json_t *results,
			      const json_t *report);

#endif
