/*
 * testexport.c: an export that writes an empty file, to try whether exports
 * work at all.
 */
#include "misp-module.h"

static json_t *testexport_query(struct misp_query *query)
{
	(void)query;
	return misp_export("", 0);
}

MISP_MODULE(testexport, .types = MISP_EXPORT, .query = testexport_query,
	    .title = "Test Export", .version = "1.0",
	    .author = "MISP modules FastCGI server",
	    .description = "Exports an empty file, whatever the event.",
	    .input_text = "Any event.", .output_text = "An empty file.",
	    .file_extension = "txt", .response_type = "application/txt");
