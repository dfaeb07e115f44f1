/*
 * threatanalyzer_archive.c: the archive of an analysis, which has analysis.json
 * and the files that were left behind.
 *
 * pkg-config: libzip (libzip-dev)
 */
#include "threatanalyzer.h"
#include "zip_bytes.h"

#include <string.h>

/* An archive may unpack to a thousand times its size: no more than this. */
#define UNPACKED_MAX ((size_t)64 << 20)
#define ENTRIES_MAX 100000

static const struct threatanalyzer_kind sample_kind = {
    "malware-sample", true, {"Payload delivery", "Artifacts dropped"}};
static const struct threatanalyzer_kind dropped_kind = {
    "malware-sample", true, {"Artifacts dropped", "Payload delivery"}};

struct archive {
	struct threatanalyzer *import;
	zip_t *zip;
	size_t left;        /* bytes that may still be unpacked */
	json_t *names;      /* of the files that were modified, by MD5 */
	bool found;         /* an analysis.json is in it */
	const char *sample; /* the name of what was analysed, or NULL */
};

/* Unpacks a file; NULL after misp_fail. */
static const unsigned char *unpack(struct archive *archive, zip_uint64_t index,
				   size_t *size)
{
	struct misp_query *query = archive->import->query;
	*size = zip_bytes_size(archive->zip, index);
	if (*size > archive->left)
		return misp_fail(query,
				 "The archive unpacks to more than %zu bytes.",
				 UNPACKED_MAX);
	archive->left -= *size;
	unsigned char *bytes = misp_alloc(query, *size + 1);
	if (bytes &&
	    !zip_bytes_unpack(query, archive->zip, index, bytes, *size))
		return misp_fail(query, "The archive cannot be unpacked: it "
					"is damaged, or has a password.");
	return bytes;
}

/* What follows "Analysis/proc_N/modified_files/"; NULL for other names. */
static const char *modified_file(const char *name)
{
	static const char before[] = "Analysis/proc_";
	static const char folder[] = "/modified_files/";
	if (strncmp(name, before, sizeof(before) - 1) != 0)
		return NULL;
	name += sizeof(before) - 1;
	size_t digits = strspn(name, "0123456789");
	name += digits;
	return digits > 0 && strncmp(name, folder, sizeof(folder) - 1) == 0
		   ? name + sizeof(folder) - 1
		   : NULL;
}

static bool is_mapping(const char *name)
{
	static const char mapping[] = "mapping.log";
	const char *file = modified_file(name);
	return file && strncmp(file, mapping, sizeof(mapping) - 1) == 0;
}

/* Notes a line of mapping.log: name|size|MD5|created, in later versions
 * name|size|MD5|SHA256|created. */
static void mapping_note(struct archive *archive, const char *line,
			 size_t length)
{
	const char *bars[5];
	size_t count = 0;
	for (size_t i = 0; i < length && count < 5; i++)
		if (line[i] == '|')
			bars[count++] = line + i;
	if (count != 3 && count != 4)
		return;
	json_t *name = misp_string(line, (size_t)(bars[0] - line));
	json_t *md5 = misp_string(bars[1] + 1, (size_t)(bars[2] - bars[1] - 1));
	if (json_object_size(archive->names) < ENTRIES_MAX &&
	    threatanalyzer_file(json_string_value(name)) && md5)
		json_object_set(archive->names, json_string_value(md5), name);
	json_decref(name);
	json_decref(md5);
}

static bool mapping_read(struct archive *archive, zip_uint64_t index,
			 const char *name)
{
	size_t size = 0;
	if (!is_mapping(name))
		return true;
	const char *line = (const char *)unpack(archive, index, &size);
	if (!line)
		return false;
	const char *end = line + size;
	for (const char *next; line < end; line = next) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		next = newline ? newline + 1 : end;
		mapping_note(archive, line,
			     (size_t)((newline ? newline : end) - line));
	}
	return true;
}

/* Adds a file of the archive under the name it had where it was run. */
static bool file_attach(struct archive *archive, zip_uint64_t index,
			const struct threatanalyzer_kind *kind,
			const char *name)
{
	size_t size = 0;
	const unsigned char *bytes = unpack(archive, index, &size);
	if (bytes)
		misp_attach(
		    threatanalyzer_row(archive->import, kind, name, NULL, NULL),
		    bytes, size);
	return bytes;
}

/* "…/modified_files/MD5.EXTENSION" is one of those that mapping.log names. */
static bool dropped_read(struct archive *archive, zip_uint64_t index,
			 const char *name)
{
	const char *file = modified_file(name);
	if (!file || strstr(name, "mapping.log"))
		return true;
	const char *slash = strrchr(file, '/');
	file = slash ? slash + 1 : file;
	const char *dot = strchr(file, '.');
	const char *original =
	    dot ? json_string_value(json_object_getn(archive->names, file,
						     (size_t)(dot - file)))
		: NULL;
	return !original ||
	       file_attach(archive, index, &dropped_kind, original);
}

static bool entry_read(struct archive *archive, zip_uint64_t index,
		       const char *name)
{
	size_t size = 0;
	if (!dropped_read(archive, index, name))
		return false;
	if (!strstr(name, "Analysis/analysis.json"))
		return true;
	archive->found = true;
	struct misp_query *query = archive->import->query;
	const unsigned char *bytes = unpack(archive, index, &size);
	const json_t *file =
	    bytes ? misp_keep(query, misp_parse_json(query, bytes, size))
		  : NULL;
	threatanalyzer_analysis(archive->import, file);
	archive->sample = misp_text_at(query, file, "analysis.@filename");
	return file;
}

static bool entries_read(struct archive *archive, zip_uint64_t count,
			 bool (*read)(struct archive *archive,
				      zip_uint64_t index, const char *name))
{
	for (zip_uint64_t i = 0; i < count; i++) {
		const char *name = zip_get_name(archive->zip, i, 0);
		if (name && !read(archive, i, name))
			return false;
	}
	return true;
}

/* What was analysed, when it was a file. */
static bool sample_read(struct archive *archive)
{
	zip_int64_t index = zip_name_locate(archive->zip, "sample", 0);
	return !archive->sample || index < 0 ||
	       file_attach(archive, (zip_uint64_t)index, &sample_kind,
			   archive->sample);
}

bool threatanalyzer_archive(struct threatanalyzer *import, const void *bytes,
			    size_t size)
{
	struct misp_query *query = import->query;
	struct archive archive = {.import = import,
				  .zip = zip_bytes_open(query, bytes, size),
				  .left = UNPACKED_MAX,
				  .names = misp_keep(query, json_object())};
	if (!archive.zip) {
		misp_fail(query, "The file begins like a ZIP archive, but "
				 "cannot be read as one.");
		return false;
	}
	zip_int64_t count = zip_get_num_entries(archive.zip, 0);
	if (count > ENTRIES_MAX) {
		misp_fail(query, "The archive has more than %d files.",
			  ENTRIES_MAX);
		return false;
	}
	if (!entries_read(&archive, (zip_uint64_t)count, mapping_read) ||
	    !entries_read(&archive, (zip_uint64_t)count, entry_read))
		return false;
	if (!archive.found && json_object_size(import->rows) == 0)
		misp_fail(query, "The archive is none of ThreatAnalyzer: it "
				 "has no Analysis/analysis.json.");
	return !misp_failure(query) && sample_read(&archive);
}
