/*
 * template.h: templates of messages, as Jinja2 reads them.
 *
 * Debian has no library for them that C can use: ctemplate and the Mustache
 * ones speak another language, python3-jinja2 wants Python. This is the part of
 * Jinja2 that messages are made of: {{ expressions }} with members, slices,
 * operators, tests and filters; if, for and set; raw and comments. What reads
 * files, defines macros or reaches into Python is not there, and says so.
 */
#ifndef MODULES_TEMPLATE_H
#define MODULES_TEMPLATE_H

#include "misp-module.h"

#define TEMPLATE_TEXT_MOST (256 << 10)    /* bytes of a template */
#define TEMPLATE_OUTPUT_MOST (1024 << 10) /* bytes that are made of it */
#define TEMPLATE_PROBLEM_SIZE 256

/*
 * Renders text with the members of data as its variables. The result lives as
 * long as the query; NULL when it is no such template, or does too much: then
 * problem says why, in words with the line.
 */
const char *template_render(struct misp_query *query, const char *text,
			    json_t *data, char problem[TEMPLATE_PROBLEM_SIZE]);

#endif
