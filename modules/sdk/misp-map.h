/*
 * misp-map.h: what is in a service's JSON, and how it becomes attributes.
 * Included by misp-module.h, whose rules hold here.
 */
#ifndef MISP_MAP_H
#define MISP_MAP_H

#include "misp-module.h"

/*
 * What is at a path in JSON, borrowed: member names and list positions with
 * dots between them ("data.attributes.names.0"); "" is the JSON itself. NULL if
 * there is nothing, or null. A member with a dot in its name has no path.
 */
MISP_API json_t *misp_at(const json_t *json, const char *path);

/* The same as text (a number too, a boolean as "1" or "0"); NULL for what has
 * none. */
MISP_API const char *misp_text_at(struct misp_query *query, const json_t *json,
				  const char *path);

/* Whether a string is an IP address: 4 or 6; 0 when it is none. */
MISP_API int misp_ip_version(const char *text);

/* Whether a string is an IP address on the public Internet: not a private or
 * reserved one, nor one for documentation. */
MISP_API bool misp_ip_public(const char *text);

/* ---- Time, as MISP wants it: "2024-01-31T23:59:59+00:00" ---- */

/* Of seconds since 1970; NULL for a year after 9999, or before 1. */
MISP_API const char *misp_time(struct misp_query *query, int64_t seconds);

/*
 * Of a date or time in one of the usual ways to write it (ISO 8601, "2024-01-31
 * 23:59:59 UTC", RFC 5322, seconds since 1970 from nine digits on, …). A
 * fraction of a second stays; without a zone, or with the name of one that is
 * not UTC, none is added. "01/02/2024" is in January. NULL when it is none of
 * them, and when the year, month or day is missing.
 */
MISP_API const char *misp_time_of(struct misp_query *query, const char *text);

/* ---- From a service's JSON to attributes ---- */

/* What becomes of a value on its way. */
enum misp_convert {
	MISP_AS_IS,
	MISP_FROM_SECONDS, /* a number, or digits, to misp_time; not 0 */
	MISP_FROM_TIME,    /* misp_time_of */
	MISP_TO_AS,        /* 64500 to AS64500 */
	MISP_TO_JOINED,    /* all values at the path as one: "a, b" */
	MISP_TO_TEXT,      /* numbers and booleans as text: "true" */
};

/* Values of one list that are taken: more helps nobody. */
#define MISP_LIST_MAX 1000

/* From a member of the service's JSON to a relation of an object, or to the
 * type of an attribute or row. */
struct misp_mapping {
	const char *path; /* as for misp_at; lists on the way and at its end
			     are gone through, one value each; what has
			     another shape is skipped */
	const char *relation;
	enum misp_convert convert;
};

/*
 * Adds to an object what the mappings (an array that ends empty) find in
 * json, in their order. What is empty, and a value that the relation already
 * has, is not added. Returns how many attributes that were.
 */
MISP_API size_t misp_map(struct misp_query *query, json_t *object,
			 const json_t *json,
			 const struct misp_mapping *mappings);

/* The same as rows of the simple format, all values as text; relation is the
 * type. Only what the same call has added counts as there already. */
MISP_API size_t misp_map_rows(struct misp_query *query, json_t *rows,
			      const json_t *json,
			      const struct misp_mapping *mappings);

/* The same as attributes in the standard format; relation is the type. */
MISP_API size_t misp_map_attributes(struct misp_query *query, json_t *results,
				    const json_t *json,
				    const struct misp_mapping *mappings);

#endif
