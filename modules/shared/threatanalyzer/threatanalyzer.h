/*
 * threatanalyzer.h: the analysis that the ThreatAnalyzer sandbox writes, as
 * rows; no two of them have the same value.
 */
#ifndef MODULES_THREATANALYZER_H
#define MODULES_THREATANALYZER_H

#include "misp-module.h"

/* A report may list every file that a system has. */
#define THREATANALYZER_ROWS_MAX 20000

struct threatanalyzer {
	struct misp_query *query;
	json_t *rows; /* by their value; of two the later one stays */
	bool cut;     /* there are more */
};

struct threatanalyzer_kind {
	const char *type;
	bool to_ids;
	const char *categories[4]; /* ends with NULL */
};

/* Adds a row, of two values if there is a second one; borrowed. NULL for no
 * value, and when there are too many. */
json_t *threatanalyzer_row(struct threatanalyzer *import,
			   const struct threatanalyzer_kind *kind,
			   const char *value, const char *second,
			   const char *comment);

/* The rows as the results. */
json_t *threatanalyzer_rows(const struct threatanalyzer *import);

/* Adds the rows of all processes of an analysis.json; false when it does not
 * list any. */
bool threatanalyzer_analysis(struct threatanalyzer *import, const json_t *file);

/* Adds those of an archive, with the files in it. False after misp_fail. */
bool threatanalyzer_archive(struct threatanalyzer *import, const void *bytes,
			    size_t size);

/* Hosts and URLs, which is one part of what a process did. */
void threatanalyzer_network(struct threatanalyzer *import,
			    const json_t *process);

/* Calls take for each entry of a list, or the one there is. */
void threatanalyzer_each(struct threatanalyzer *import, const json_t *entries,
			 void (*take)(struct threatanalyzer *import,
				      const json_t *entry));

/* ---- threatanalyzer_noise.c: what every Windows does by itself ---- */

/* Each returns what it was given, or NULL: for NULL, for noise, and for what
 * is no IP address, or no name. */
const char *threatanalyzer_ip(const char *ip);
const char *threatanalyzer_host(const char *host);
const char *threatanalyzer_file(const char *path);
const char *threatanalyzer_key(const char *key);

#endif
