/* bad_misses_memory: a module that misbehaves: it does not see that there was
 * no memory for a part of its answer. */
#include "misp-module.h"

#include <stdint.h>

static json_t *bad_misses_memory_query(struct misp_query *query)
{
	json_t *rows = misp_rows();

	misp_row(rows, MISP_TYPES("text"), "a part");
	misp_row(rows, MISP_TYPES("text"), misp_alloc(query, SIZE_MAX / 2));
	return rows;
}

MISP_MODULE(bad_misses_memory, .types = MISP_EXPANSION | MISP_HOVER,
	    .description = "Misbehaves", .input = MISP_LIST("text"),
	    .output = MISP_LIST("text"), .query = bad_misses_memory_query);
