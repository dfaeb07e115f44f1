/* good_slow: a module that answers after as many seconds as its value says. */
#include "misp-module.h"

#include <stdlib.h>
#include <time.h>

static json_t *good_slow_query(struct misp_query *query)
{
	const char *value = misp_value(query, "text");
	double seconds = value ? strtod(value, NULL) : 0;
	struct timespec left = {.tv_sec = (time_t)seconds};
	json_t *rows = misp_rows();

	left.tv_nsec = (long)((seconds - (double)left.tv_sec) * 1e9);
	while (nanosleep(&left, &left) != 0)
		;
	misp_row(rows, MISP_TYPES("text"), value);
	return rows;
}

MISP_MODULE(good_slow, .types = MISP_EXPANSION,
	    .description = "Answers after some seconds",
	    .input = MISP_LIST("text"), .output = MISP_LIST("text"),
	    .query = good_slow_query);
