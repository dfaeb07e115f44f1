/*
 * joe_import.c: the report of an analysis in Joe Sandbox, from its file.
 */
#include "joe/joe_report.h"

static json_t *joe_import_query(struct misp_query *query)
{
	struct joe_options options = {
	    .import_executable = misp_option_true(query, "Import Executable"),
	    .mitre_attack = misp_option_true(query, "Mitre Att&ck"),
	};
	size_t size = 0;
	const unsigned char *bytes = misp_file(query, &size);
	if (!bytes)
		return NULL;
	json_t *file = misp_keep(query, misp_parse_json(query, bytes, size));
	if (!file)
		return NULL;
	const json_t *analysis = misp_at(file, "analysis");
	if (!analysis)
		return misp_fail(query, "The file is not a JSON report of Joe "
					"Sandbox: it has no \"analysis\".");
	return joe_report(query, analysis, &options);
}

MISP_MODULE(
    joe_import, .types = MISP_IMPORT, .format = MISP_STANDARD, .caged = true,
    .query = joe_import_query, .title = "Joe Sandbox Import", .version = "1.0",
    .author = "MISP modules FastCGI server",
    .description = "Imports the JSON report of an analysis in Joe Sandbox.",
    .logo = "joesandbox.png",
    .features = "Gives what joesandbox_query gives for the link of the same "
		"analysis.",
    .input_text = "The JSON report of an analysis (in Joe Sandbox: "
		  "\"jsonfixed\").",
    .output_text = "Attributes and objects for the file or URL and all that it "
		   "did; tags for the techniques of MITRE ATT&CK.",
    .references = MISP_LIST("https://www.joesecurity.org",
			    "https://www.joesandbox.com/"),
    .input_source = MISP_LIST("file"),
    .options = MISP_OPTIONS(
	{.name = "Import Executable",
	 .type = MISP_BOOLEAN,
	 .message = "Import what the format of a program or app tells (PE, "
		    "ELF, APK)"},
	{.name = "Mitre Att&ck",
	 .type = MISP_BOOLEAN,
	 .message = "Import the techniques of MITRE ATT&CK as tags"}));
