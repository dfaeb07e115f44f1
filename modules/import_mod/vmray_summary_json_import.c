/*
 * vmray_summary_json_import.c: the summary of an analysis by VMRay, from its
 * file.
 */
#include "vmray/vmray_report.h"

static void attach(struct misp_query *query, json_t *object, const void *bytes,
		   size_t size)
{
	const char *name = misp_filename(query);
	if (misp_option_true(query, "Attach Report"))
		misp_attach(
		    misp_object_add(object, "sandbox-file",
				    name && *name ? name : "summary.json"),
		    bytes, size);
}

static json_t *vmray_summary_json_import_query(struct misp_query *query)
{
	const struct vmray_options options = {
	    .vti = misp_option_true(query, "VTI"),
	    .iocs = misp_option_true(query, "IOCs"),
	    .artifacts = misp_option_true(query, "Artifacts"),
	    .tags = !misp_setting_true(query, "disable_tags", false),
	};
	size_t size = 0;
	const unsigned char *bytes = misp_file(query, &size);
	if (!bytes)
		return NULL;
	const json_t *summary =
	    misp_keep(query, misp_parse_json(query, bytes, size));
	json_t *results = summary ? misp_standard() : NULL;
	struct vmray vmray;
	if (vmray_begin(&vmray, query, results, &options)) {
		attach(query, vmray_add(&vmray, summary), bytes, size);
		vmray_end(&vmray, vmray_verdict(&vmray));
	}
	return misp_finish(query, results);
}

MISP_MODULE(
    vmray_summary_json_import, .types = MISP_IMPORT, .format = MISP_STANDARD,
    .caged = true, .query = vmray_summary_json_import_query,
    .title = "VMRay Summary JSON Import", .version = "1.0",
    .author = "MISP modules FastCGI server",
    .description = "Imports the summary of an analysis by VMRay.",
    .features = "Takes summary.json and summary_v2.json. An artifact becomes "
		"an object with VMRay's verdict as a tag.",
    .input_text = "The file summary.json or summary_v2.json of an analysis.",
    .output_text = "Objects for the analysis, the threat identifiers that "
		   "matched and the artifacts; tags for the techniques of "
		   "MITRE ATT&CK and the verdict.",
    .input_source = MISP_LIST("file"),
    .output = MISP_LIST("MISP objects", "MISP attributes"),
    .settings = MISP_SETTINGS({"disable_tags",
			       "true: no tags for verdicts and scores", NULL}),
    .options = MISP_OPTIONS(
	{.name = "Analysis ID",
	 .type = MISP_BOOLEAN,
	 .message = "Without effect: the summary does not say where the "
		    "analysis is",
	 .checked = true},
	{.name = "VTI",
	 .type = MISP_BOOLEAN,
	 .message = "Include VMRay Threat Identifiers",
	 .checked = true},
	{.name = "IOCs",
	 .type = MISP_BOOLEAN,
	 .message = "Include IOCs",
	 .checked = true},
	{.name = "Artifacts",
	 .type = MISP_BOOLEAN,
	 .message = "Include artifacts that are no IOCs"},
	{.name = "Analysis Details",
	 .type = MISP_BOOLEAN,
	 .message = "Without effect: MISP's object for a report has no "
		    "place for more"},
	{.name = "Attach Report",
	 .type = MISP_BOOLEAN,
	 .message = "Include the imported file as an attachment"}));
