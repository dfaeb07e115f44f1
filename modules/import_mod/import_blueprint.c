/*
 * import_blueprint.c: an import to copy and begin with: it reads its options
 * and the file, and adds nothing.
 */
#include "import_example.h"

/* Here the bytes become attributes and objects:
 *
 *	misp_add_attribute(results, "ip-src", "192.0.2.1");
 */
static void blueprint_add(json_t *results, const unsigned char *bytes,
			  size_t size)
{
	(void)results;
	(void)bytes;
	(void)size;
}

static json_t *blueprint_query(struct misp_query *query)
{
	size_t size = 0;
	const unsigned char *bytes = misp_file(query, &size);
	if (!bytes)
		return NULL;
	json_t *results = misp_standard();
	blueprint_add(results, bytes, size);
	return misp_finish(query, results);
}

MISP_MODULE(
    import_blueprint, .types = MISP_IMPORT, .format = MISP_STANDARD,
    .query = blueprint_query, .title = "Import Blueprint", .version = "0.1",
    .author = "MISP modules FastCGI server",
    .description = "A blueprint for imports: to be copied, it adds nothing.",
    .features = "Has one option of each kind that an import page shows.",
    .input_text = "Any file or text.", .output_text = "Nothing.",
    .output = MISP_LIST("MISP Format"),
    .input_source = MISP_LIST("file", "paste"), .caged = true,
    .options = IMPORT_EXAMPLE_OPTIONS);
