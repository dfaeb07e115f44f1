/*
 * vmray_report.h: the summaries that VMRay writes of its analyses
 * (summary.json and summary_v2.json), as MISP's objects and tags.
 */
#ifndef MODULES_VMRAY_REPORT_H
#define MODULES_VMRAY_REPORT_H

#include "misp-module.h"

/* What is wanted of a summary. */
struct vmray_options {
	bool vti;       /* the threat identifiers that matched */
	bool iocs;      /* the artifacts that VMRay calls IOCs */
	bool artifacts; /* and all others */
	bool tags;      /* verdicts and scores as tags */
};

struct vmray_format;

/* One import, of one or more summaries. Not to be looked into. */
struct vmray {
	struct misp_query *query;
	json_t *results;
	struct vmray_options options;
	const json_t *summary;             /* the one that is being read … */
	const struct vmray_format *format; /* … and how it is written */
	json_t *object;                    /* that of the last summary */
	json_t *artifacts;                 /* vmray_parts.h */
	json_t *identifiers;               /* their scores, by their text */
	json_t *techniques;                /* a set of tags */
	json_t *visited;                   /* a set */
	size_t left;                       /* how much may still be added: */
	size_t left_bytes;                 /* entries, and bytes of text */
};

/* Begins to add to results. False without memory. */
bool vmray_begin(struct vmray *vmray, struct misp_query *query, json_t *results,
		 const struct vmray_options *options);

/*
 * Reads a summary, which has to live as long as the query. Its object, to which
 * the caller may add; borrowed. NULL for one of a static analysis, which tells
 * nothing that is read here, and after misp_fail when it is no summary.
 */
json_t *vmray_add(struct vmray *vmray, const json_t *summary);

/* The verdict on the sample that the last summary has; NULL for none. */
const char *vmray_verdict(const struct vmray *vmray);

/* Adds what all summaries have in common; verdict, on the sample, may be
 * NULL. */
void vmray_end(struct vmray *vmray, const char *verdict);

#endif
