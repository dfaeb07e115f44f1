/* bad_memory: a module that misbehaves: it eats memory without end, and never
 * looks whether it got any. */
#include "misp-module.h"

#include <stdlib.h>

#define CHUNK ((size_t)1 << 20)
#define PAGE 4096

static json_t *bad_memory_query(struct misp_query *query)
{
	volatile bool hungry = true;

	while (hungry) {
		volatile char *chunk = calloc(CHUNK, 1);

		for (size_t i = 0; i < CHUNK; i += PAGE)
			chunk[i] = 1;
		/* Kept by the query, so that it is no leak. */
		misp_defer(query, (void *)chunk, free);
	}
	return NULL;
}

MISP_MODULE(bad_memory, .types = MISP_EXPANSION | MISP_HOVER,
	    .description = "Misbehaves", .input = MISP_LIST("text"),
	    .output = MISP_LIST("text"), .query = bad_memory_query);
