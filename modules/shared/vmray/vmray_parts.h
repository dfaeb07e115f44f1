/*
 * vmray_parts.h: what the files vmray_*.c share. What is missing in a summary,
 * or is not of the kind that it should be, is passed over.
 */
#ifndef MODULES_VMRAY_PARTS_H
#define MODULES_VMRAY_PARTS_H

#include "vmray_report.h"

/* ---- vmray_results.c ---- */

/* Counts one more entry of a list, or of the results, with its text or NULL.
 * False when there were too many. */
bool vmray_room(struct vmray *vmray, const char *text);

/* Adds an attribute to an object, and counts it; borrowed. NULL for no value,
 * and when there were too many. */
json_t *vmray_object_add(struct vmray *vmray, json_t *object,
			 const char *relation, const char *value);

/* Tags an attribute, or the results, as VMRay's taxonomy says it: the value of
 * a predicate. Nothing for no value, or one that no tag can have. */
void vmray_tag(const struct vmray *vmray, json_t *element,
	       const char *predicate, const char *value);

/* The members of a set (or the texts of a list), with their title before them:
 * "Operations: Create, Write". NULL when there is none. */
const char *vmray_joined(struct vmray *vmray, const char *title,
			 const json_t *set);

/* ---- vmray_verdict.c ---- */

/* What the first format says of an artifact's severity or the sample's score;
 * NULL when it says nothing. */
const char *vmray_verdict_1(struct vmray *vmray, const json_t *severity);

/* ---- vmray_sources.c, vmray_artifacts.c: from a summary to artifacts ---- */

enum vmray_kind {
	VMRAY_DOMAIN,
	VMRAY_EMAIL,
	VMRAY_FILE,
	VMRAY_IP,
	VMRAY_MUTEX,
	VMRAY_PROCESS,
	VMRAY_REGISTRY,
	VMRAY_URL,
	VMRAY_KINDS,
};

struct vmray_value {
	const char *path;
	const char *relation;
	const char *behind; /* the path leads to a reference: a member of that
			       to which it leads */
};

/* A list of artifacts. */
struct vmray_source {
	enum vmray_kind kind;
	const char *list;
	const char *needs; /* without this member it is left out */
	struct vmray_value values[7];
	const char *several[2]; /* members that are texts or references … */
	const char *behind;     /* … to what has this member */
	const char *each;       /* a list of which each makes an artifact … */
	struct vmray_value each_values[5]; /* … with these values */
};

/* By the two formats. They end empty. */
extern const struct vmray_source vmray_sources_1[];
extern const struct vmray_source vmray_sources_2[];

/*
 * Notes the artifacts that are wanted. Each is a JSON object, by what it is
 * known by; those of the same are one:
 *
 *	kind             its enum vmray_kind
 *	ioc              a boolean
 *	verdict          text, or missing
 *	values           by relation of MISP's object
 *	several          a set (an object whose members are true): filenames,
 *	                 recipients, IP addresses
 *	operations       a set
 *	classifications  a set
 */
void vmray_artifacts_1(struct vmray *vmray);
void vmray_artifacts_2(struct vmray *vmray);

/* ---- vmray_objects.c: from artifacts to objects ---- */

void vmray_objects(struct vmray *vmray);

/* ---- vmray_path.c ---- */

/* A path of Windows in the usual form, and the last part of such a one: NULL
 * when there is none. */
const char *vmray_path(struct misp_query *query, const char *path);
const char *vmray_path_name(const char *path);

/* The path with %USERPROFILE% for the folder of whichever user. */
const char *vmray_path_masked(struct misp_query *query, const char *path);

#endif
