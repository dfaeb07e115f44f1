/*
 * threatanalyzer_import.c: the analysis of a ThreatAnalyzer sandbox: its
 * analysis.json, or the archive that has the files it left behind as well.
 *
 * pkg-config: libzip (libzip-dev)
 */
#include "threatanalyzer/threatanalyzer.h"

#include <string.h>

static bool json_read(struct threatanalyzer *import, const void *bytes,
		      size_t size)
{
	struct misp_query *query = import->query;
	const json_t *file =
	    misp_keep(query, misp_parse_json(query, bytes, size));
	if (!file) {
		misp_forget(query);
		misp_fail(query, "Uploaded file is not a zip or json file.");
	} else if (!threatanalyzer_analysis(import, file)) {
		misp_fail(query, "The file is no analysis of ThreatAnalyzer: "
				 "it lists no processes.");
	}
	return !misp_failure(query);
}

static bool file_read(struct threatanalyzer *import)
{
	size_t size = 0;
	const unsigned char *bytes = misp_file(import->query, &size);
	if (!bytes)
		return false;
	if (size >= 2 && memcmp(bytes, "PK", 2) == 0)
		return threatanalyzer_archive(import, bytes, size);
	return json_read(import, bytes, size);
}

static json_t *threatanalyzer_import_query(struct misp_query *query)
{
	struct threatanalyzer import = {
	    .query = query, .rows = misp_keep(query, json_object())};
	return file_read(&import) ? threatanalyzer_rows(&import) : NULL;
}

MISP_MODULE(
    threatanalyzer_import, .types = MISP_IMPORT, .caged = true,
    .query = threatanalyzer_import_query,
    .title = "ThreadAnalyzer Sandbox Import", .version = "1.0",
    .author = "MISP modules FastCGI server",
    .description = "Imports an analysis of the ThreatAnalyzer sandbox: "
		   "archive.zip or analysis.json.",
    .features = "What every Windows system does by itself is left out. From "
		"an archive come the analysed file and those that it changed "
		"as malware samples.",
    .input_text = "The archive of an analysis, or its analysis.json.",
    .output_text = "Attributes for hosts, URLs, user agents, registry keys and "
		   "files; malware samples.",
    .references =
	MISP_LIST("https://www.threattrack.com/malware-analysis.aspx"),
    .input_source = MISP_LIST("file"));
