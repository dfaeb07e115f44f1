/* hands_over: a module that hands rows over before it ends. Its value says how
 * it ends: "whole", "fail", "nothing" (no reason), "bad" (of rows that MISP
 * does not know but for the last) or "worse" (of such rows alone). */
#include "misp-module.h"

#include <string.h>

static json_t *hands_over_query(struct misp_query *query)
{
	const char *text = misp_value(query, "text");
	bool bad = strcmp(text, "bad") == 0 || strcmp(text, "worse") == 0;
	json_t *rows = misp_rows();
	for (int i = 0; i < 3; i++) {
		misp_row(rows, bad ? MISP_TYPES("no-such") : MISP_TYPES("text"),
			 misp_text(query, "row %d", i));
		misp_hand_over(query, rows);
	}
	if (strcmp(text, "fail") == 0)
		misp_fail(query, "The third line is no line");
	if (strcmp(text, "nothing") == 0 || misp_failure(query)) {
		json_decref(rows);
		return NULL;
	}
	if (strcmp(text, "worse") != 0)
		misp_row(rows, MISP_TYPES("text"), "the rest");
	return rows;
}

#define MEMBERS                                                    \
	.types = MISP_EXPANSION, .description = "Hands rows over", \
	.input = MISP_LIST("text"), .output = MISP_LIST("text"),   \
	.query = hands_over_query

#ifdef CAGED
MISP_MODULE(caged_over, MEMBERS, .caged = true);
#else
MISP_MODULE(hands_over, MEMBERS);
#endif
