/*
 * yara_module.h: what YARA's modules find in a file. libyara reads programs
 * of strangers for a living, so its modules serve as parsers here: a rule that
 * never matches imports one, and what it has found is walked through.
 */
#ifndef MODULES_YARA_MODULE_H
#define MODULES_YARA_MODULE_H

#include "misp-module.h"

#include <yara.h>

/* Called with the module, as long as it exists, and with a text that the rule
 * says through console.log. */
struct yara_reader {
	const char *module;
	void (*read)(void *context, YR_OBJECT *module);
	void (*hear)(void *context, const char *text); /* or NULL */
	void *context;
};

/* Scans the bytes with a rule. false when libyara cannot. */
bool yara_module_read(const char *rule, const unsigned char *bytes, size_t size,
		      const struct yara_reader *reader);

/* A member of a structure; NULL when there is none. */
YR_OBJECT *yara_member(YR_OBJECT *object, const char *name);

/* Entry number index of an array; NULL when there is none, as gaps exist. */
YR_OBJECT *yara_entry(YR_OBJECT *array, int index);

/* How many there are at most. */
int yara_count(YR_OBJECT *array);

/* A member that is a number; false when there is none. */
bool yara_number(YR_OBJECT *object, const char *name, uint64_t *number);

/* A member that is text, up to its first NUL; NULL when there is none. */
const char *yara_text(YR_OBJECT *object, const char *name);

#endif
