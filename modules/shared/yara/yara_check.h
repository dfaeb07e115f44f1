/*
 * yara_check.h: whether rules compile. The caller has called yr_initialize().
 */
#ifndef MODULES_YARA_CHECK_H
#define MODULES_YARA_CHECK_H

#include <stdbool.h>
#include <stddef.h>

/* The first error, as YARA's Python library words it; "" when there is none.*/
struct yara_verdict {
	char text[512];
};

/* Compiles rules in which count names are external variables. Nothing is
 * included: a rule must not read the server's files. */
bool yara_check(const char *rules, const char *const *names, size_t count,
		struct yara_verdict *verdict);

#endif
