/* load_wrong_name: a module whose name is not that of its file. */
#include "misp-module.h"

static json_t *load_query(struct misp_query *query)
{
	(void)query;
	return misp_rows();
}

MISP_MODULE(another_name, .types = MISP_EXPANSION, .description = "Misnamed",
	    .input = MISP_LIST("text"), .query = load_query);
