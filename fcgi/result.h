/*
 * result.h: the check of a module's results before they leave.
 *
 * MISP rejects, drops or misreads what it does not know; so types, values,
 * uuids, object relations and text are checked here. What is wrong is taken
 * out or mended and reported; the rest is sent.
 */
#ifndef FCGI_RESULT_H
#define FCGI_RESULT_H

#include "misp-module.h"

#include <stddef.h>

/* Called for every violation, with words for the module's author. Never with
 * a value of an attribute. */
struct result_report {
	void (*violation)(void *context, const char *words);
	void *context;
	bool with_names; /* of types and relations that MISP does not know */
	/* Objects are those of a file: result_check sets it for imports. */
	bool as_written;
};

/*
 * Turns what a handler returned (stolen) into the answer to send: {"results":
 * …} for expansion, hover and import; as it is for export and action. NULL
 * when nothing of it can be sent.
 */
json_t *result_check(const struct misp_module *module, json_t *returned,
		     const struct result_report *report);

/* Takes out of a list of rows what cannot be sent, and mends the rest. */
void result_check_rows(json_t *rows, const struct result_report *report);

#endif
