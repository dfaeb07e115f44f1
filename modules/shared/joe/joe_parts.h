/*
 * joe_parts.h: what the files joe_*.c share while they read one report.
 * joe_report.c calls each of them in turn and keeps the elements. What is
 * missing, or is not of the kind that it should be, is passed over.
 */
#ifndef MODULES_JOE_PARTS_H
#define MODULES_JOE_PARTS_H

#include "joe_report.h"

/* A word of the report and what MISP calls it; a table of them ends empty. */
struct joe_word {
	const char *word;
	const char *relation;
};

struct joe {
	struct misp_query *query;
	json_t *results;
	const json_t *analysis;
	json_t *object;     /* that of the analysed file or URL; borrowed */
	json_t *processes;  /* their objects, by target and path */
	json_t *started;    /* of each, [object, what the report says] */
	json_t *attributes; /* by type and value */
	json_t *references; /* a set */
	size_t left;        /* how many more elements may be added */
};

/* ---- joe_report.c ---- */

/* What a word is called; NULL when the table does not have it. */
const char *joe_relation(const struct joe_word *words, const char *word);

/* Calls take for each entry of a list that is a JSON object; object is handed
 * on to it. */
void joe_each(struct joe *joe, json_t *object, const json_t *list,
	      void (*take)(struct joe *joe, json_t *object,
			   const json_t *entry));

/* Adds an object with what the mappings find in json. Borrowed; NULL, and
 * nothing is added, when they find nothing and when there are too many.
 * Without mappings (NULL) it begins empty. */
json_t *joe_object(struct joe *joe, const char *name, const json_t *json,
		   const struct misp_mapping *mappings);

/* Adds to an object one of the values that a list has, which counts as an
 * element. Without a relation or value it does nothing. */
void joe_add(struct joe *joe, json_t *object, const char *relation,
	     const char *value);

/* The attribute of this type and value, of which there is one only; borrowed,
 * NULL for no value and when there are too many. */
json_t *joe_attribute(struct joe *joe, const char *type, const char *value);

/* A reference, once. Without an object or element it does nothing. */
void joe_refer(struct joe *joe, json_t *object, const json_t *element,
	       const char *relationship);

/* The object of a process; NULL when the report does not list it. */
json_t *joe_process(const struct joe *joe, const char *target,
		    const char *path);

/* ---- The parts of a report ---- */

/* The analysed file or URL. False after misp_fail. */
bool joe_sample(struct joe *joe, const struct joe_options *options);
/* The inside of the file. */
void joe_executable(struct joe *joe, const json_t *fileinfo);
void joe_processes(struct joe *joe);
void joe_connections(struct joe *joe);
void joe_screenshot(struct joe *joe);
void joe_contacts(struct joe *joe);
void joe_dropped(struct joe *joe);
/* The files and registry keys that the processes touched. */
void joe_touched(struct joe *joe);

#endif
