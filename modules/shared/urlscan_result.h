/*
 * urlscan_result.h: the result of a scan by urlscan.io as rows.
 */
#ifndef MODULES_URLSCAN_RESULT_H
#define MODULES_URLSCAN_RESULT_H

#include "misp-module.h"

/* Rows for what was scanned; NULL after misp_fail when the page could not be
 * loaded. */
json_t *urlscan_rows(struct misp_query *query, const char *value,
		     const json_t *json);

#endif
