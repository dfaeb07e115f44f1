/*
 * yara_rule.h: the text of the YARA rules for an event.
 */
#ifndef MODULES_YARA_RULE_H
#define MODULES_YARA_RULE_H

#include "misp-module.h"

#include "yara_names.h"

/* YARA takes no longer strings. */
#define YARA_STRING_MAX 8000

struct yara_rule {
	struct misp_query *query;
	const json_t *event;
	const char *event_id;
	json_t *strings; /* lists of what is looked for, by type */
	json_t *links;   /* a list of web pages about the event */
	struct yara_names *names;
};

/* Writes as many rules as the strings need, or comments on those that do not
 * compile; nothing without a string. false without memory. */
bool yara_rule_write(const struct yara_rule *rule, FILE *out);

#endif
