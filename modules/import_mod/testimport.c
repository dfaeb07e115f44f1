/*
 * testimport.c: shows that imports work: every kind of user option, and one
 * row whatever the file holds.
 */
#include "import_example.h"

static json_t *testimport_query(struct misp_query *query)
{
	size_t size = 0;
	if (!misp_file(query, &size))
		return NULL;
	json_t *rows = misp_rows();
	json_t *row = misp_row(rows, MISP_TYPES("ip-src"), "192.168.56.1");
	misp_row_category(row, "Network activity");
	return rows;
}

MISP_MODULE(testimport, .types = MISP_IMPORT, .query = testimport_query,
	    .title = "CSV Test Import", .version = "1.0",
	    .author = "MISP modules FastCGI server",
	    .description = "Tries out imports: whatever is uploaded gives the "
			   "same one address.",
	    .features = "Has one option of each kind that an import page "
			"shows. The file is decoded, but not looked at.",
	    .input_text = "Any file or text.", .output_text = "One IP address.",
	    .input_source = MISP_LIST("file", "paste"),
	    .options = IMPORT_EXAMPLE_OPTIONS);
