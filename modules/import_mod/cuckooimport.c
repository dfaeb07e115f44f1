/*
 * cuckooimport.c: the analysis of a file or URL by Cuckoo Sandbox: its report
 * and files, in the archive that Cuckoo exports.
 *
 * pkg-config: libarchive libcrypto libelf libfuzzy libmagic yara
 * (libarchive-dev libssl-dev libelf-dev libfuzzy-dev libmagic-dev libyara-dev)
 */
#include "cuckoo/cuckoo.h"

#define REPORT "reports/report.json"

/* Bytes of the report, and of all other files that are taken. */
#define REPORT_MAX ((size_t)128 << 20)
#define FILES_MAX ((size_t)64 << 20)

/* Each has a Boolean option of its name. In this order, for some refer to
 * what others have added. */
static const struct part {
	const char *option;
	void (*want)(struct cuckoo *cuckoo); /* files; or NULL */
	void (*add)(struct cuckoo *cuckoo);
} cuckoo_parts[] = {
    {"Sandbox info", NULL, cuckoo_add_info},
    {"Upload sample", cuckoo_want_sample, cuckoo_add_sample},
    {"Processes", NULL, cuckoo_add_processes},
    {"DNS", NULL, cuckoo_add_dns},
    {"TCP", NULL, cuckoo_add_tcp},
    {"UDP", NULL, cuckoo_add_udp},
    {"HTTP", NULL, cuckoo_add_http},
    {"Signatures", NULL, cuckoo_add_signatures},
    {"Screenshots", cuckoo_want_screenshots, cuckoo_add_screenshots},
    {"Dropped files", cuckoo_want_dropped, cuckoo_add_dropped},
    {"Dropped buffers", cuckoo_want_buffers, cuckoo_add_buffers},
};

#define PART_COUNT (sizeof(cuckoo_parts) / sizeof(*cuckoo_parts))

/* Every call of every process, which is most of a report. */
static bool cuckoo_forget(void *context, const struct misp_item *item)
{
	(void)context;
	(void)item;
	return true;
}

/* The report, borrowed. NULL after misp_fail. */
static const json_t *cuckoo_report(struct cuckoo *cuckoo)
{
	const struct archive_file *file =
	    archive_files_find(cuckoo->files, REPORT);
	if (!file)
		return misp_fail(cuckoo->query,
				 "There is no %s in the archive: is it an "
				 "export of Cuckoo?",
				 REPORT);
	if (file->too_large)
		return misp_fail(cuckoo->query,
				 "The report has more than %zu bytes",
				 REPORT_MAX);
	json_t *report =
	    misp_parse_json_items(cuckoo->query, file->bytes, file->size,
				  MISP_LIST("calls"), cuckoo_forget, NULL);
	if (report && !json_is_object(report)) {
		json_decref(report);
		return misp_fail(cuckoo->query, "The report is no JSON object");
	}
	return misp_keep(cuckoo->query, report);
}

/* false after misp_fail. */
static bool cuckoo_open(struct cuckoo *cuckoo)
{
	size_t size = 0;
	const unsigned char *bytes = misp_file(cuckoo->query, &size);
	if (bytes)
		cuckoo->files = archive_files_open(cuckoo->query, bytes, size,
						   REPORT, REPORT_MAX);
	if (cuckoo->files)
		cuckoo->report = cuckoo_report(cuckoo);
	return cuckoo->report;
}

/* On the first object: that of the sandbox, if it was wanted. */
static void cuckoo_tell_cut(const struct cuckoo *cuckoo)
{
	json_t *first =
	    json_array_get(json_object_get(cuckoo->results, "Object"), 0);
	const char *comment =
	    json_string_value(json_object_get(first, "comment"));
	if (cuckoo->cut)
		misp_comment(first,
			     "%s%sNot all of the analysis is here: it is too "
			     "large",
			     comment ? comment : "", comment ? "; " : "");
}

static json_t *cuckoo_query(struct misp_query *query)
{
	struct cuckoo cuckoo = {.query = query, .left = CUCKOO_OBJECTS_MAX};
	if (!cuckoo_open(&cuckoo))
		return NULL;
	cuckoo.processes = misp_keep(query, json_object());
	for (size_t i = 0; i < PART_COUNT; i++)
		if (cuckoo_parts[i].want &&
		    misp_option_true(query, cuckoo_parts[i].option))
			cuckoo_parts[i].want(&cuckoo);
	if (!archive_files_read(cuckoo.files, FILES_MAX))
		return NULL;
	cuckoo.results = misp_standard();
	for (size_t i = 0; i < PART_COUNT && !misp_failure(query); i++)
		if (misp_option_true(query, cuckoo_parts[i].option))
			cuckoo_parts[i].add(&cuckoo);
	cuckoo_tell_cut(&cuckoo);
	return misp_finish(query, cuckoo.results);
}

#define CUCKOO_OPTION(option, text)                         \
	{                                                   \
		option, MISP_BOOLEAN, text, .checked = true \
	}

MISP_MODULE(
    cuckooimport, .types = MISP_IMPORT, .format = MISP_STANDARD,
    .query = cuckoo_query, .caged = true, .reads = MISP_LIST(FILE_OBJECT_READS),
    .title = "Cuckoo Sandbox Import", .version = "1.1",
    .author = "MISP modules FastCGI server",
    .description = "Imports an analysis by Cuckoo Sandbox from the "
		   "archive that Cuckoo exports.",
    .logo = "cuckoo.png",
    .features = "Takes the archive as a ZIP file from the web interface or as "
		"a bzip2 tarball from the API (/tasks/report/ID/all). Of one "
		"analysis up to 5000 objects are taken, and up to 64 MiB of "
		"files.",
    .input_text = "An archive with reports/report.json in it.",
    .output_text = "Objects for the sandbox, the sample, processes, "
		   "network traffic, signatures, screenshots and "
		   "dropped files.",
    .references = MISP_LIST("https://cuckoosandbox.org/",
			    "https://github.com/cuckoosandbox/cuckoo"),
    .output = MISP_LIST("MISP objects", "malware-sample"),
    .options = MISP_OPTIONS(
	CUCKOO_OPTION("Sandbox info", "Add info related to the sandbox"),
	CUCKOO_OPTION("Upload sample", "Upload the sample"),
	CUCKOO_OPTION("Processes", "Add info related to the processes"),
	CUCKOO_OPTION("DNS", "Add DNS queries/answers"),
	CUCKOO_OPTION("TCP", "Add TCP connections"),
	CUCKOO_OPTION("UDP", "Add UDP connections"),
	CUCKOO_OPTION("HTTP", "Add HTTP requests"),
	CUCKOO_OPTION("Signatures", "Add Cuckoo's triggered signatures"),
	CUCKOO_OPTION("Screenshots", "Upload the screenshots"),
	CUCKOO_OPTION("Dropped files", "Upload the dropped files"),
	CUCKOO_OPTION("Dropped buffers", "Upload the dropped buffers")),
    .input_source = MISP_LIST("file"));
