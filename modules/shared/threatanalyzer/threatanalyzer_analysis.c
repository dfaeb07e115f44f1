/*
 * threatanalyzer_analysis.c: analysis.json, which is made of XML: attributes
 * are members that begin with '@', and of elements of one name there is a list,
 * or the one there is. What is missing or of another kind is passed over.
 */
#include "threatanalyzer.h"

#include <string.h>

#define DROPPED "Artifacts dropped", "Payload delivery"
#define REGISTRY \
	"External analysis", "Persistence mechanism", "Artifacts dropped"

static const struct threatanalyzer_kind
    kind_key = {"regkey", true, {REGISTRY}},
    kind_key_value = {"regkey|value", true, {REGISTRY}},
    kind_file = {"filename", true, {DROPPED}},
    kind_file_md5 = {"filename|md5", true, {DROPPED}};

json_t *threatanalyzer_row(struct threatanalyzer *import,
			   const struct threatanalyzer_kind *kind,
			   const char *value, const char *second,
			   const char *comment)
{
	if (value && second)
		value = misp_text(import->query, "%s|%s", value, second);
	if (!value || !*value)
		return NULL;
	if (json_object_size(import->rows) >= THREATANALYZER_ROWS_MAX &&
	    !json_object_get(import->rows, value)) {
		import->cut = true;
		return NULL;
	}
	json_t *row = json_pack("{s:s, s:s, s:b, s:s}", "values", value, "type",
				kind->type, "to_ids", kind->to_ids, "comment",
				comment ? comment : "");
	for (const char *const *name = kind->categories; *name; name++)
		misp_row_category(row, *name);
	return json_object_set_new(import->rows, value, row) == 0 ? row : NULL;
}

void threatanalyzer_each(struct threatanalyzer *import, const json_t *entries,
			 void (*take)(struct threatanalyzer *import,
				      const json_t *entry))
{
	size_t i;
	json_t *entry;
	if (json_is_object(entries))
		take(import, entries);
	json_array_foreach (entries, i, entry)
		if (json_is_object(entry))
			take(import, entry);
}

/* Without what stands for the NUL characters of a value. */
static const char *value_text(struct threatanalyzer *import, const char *data)
{
	static const char nul[] = "(UNICODE_0x00000000)";
	char *text = data ? misp_text(import->query, "%s", data) : NULL;
	char *out = text;
	for (const char *at = text; at && *at;) {
		if (strncmp(at, nul, sizeof(nul) - 1) == 0)
			at += sizeof(nul) - 1;
		else
			*out++ = *at++;
	}
	if (!text || out == text)
		return NULL;
	*out = '\0';
	return text;
}

static void value_add(struct threatanalyzer *import, const json_t *value)
{
	struct misp_query *query = import->query;
	const char *path = misp_text_at(query, value, "@key_name");
	const char *name = misp_text_at(query, value, "@value_name");
	const char *type = misp_text_at(query, value, "@data_type");
	const char *size = misp_text_at(query, value, "@data_size");
	const char *data =
	    value_text(import, misp_text_at(query, value, "@data"));
	const char *key = path ? threatanalyzer_key(misp_text(
				     query, "%s\\%s", path, name ? name : ""))
			       : NULL;
	if (!key)
		return;
	if (!data || (size && strcmp(size, "0") == 0))
		threatanalyzer_row(import, &kind_key, key, NULL, type);
	else
		threatanalyzer_row(import, &kind_key_value, key, data, type);
}

static void file_add(struct threatanalyzer *import, const json_t *file,
		     const char *comment)
{
	struct misp_query *query = import->query;
	const char *path =
	    threatanalyzer_file(misp_text_at(query, file, "@filename"));
	const char *size = misp_text_at(query, file, "@filesize");
	const char *md5 = misp_text_at(query, file, "@md5");
	if (!path)
		return;
	if (!md5 || (size && strcmp(size, "0") == 0))
		threatanalyzer_row(import, &kind_file, path, NULL, comment);
	else
		threatanalyzer_row(import, &kind_file_md5, path, md5, comment);
}

static void created_add(struct threatanalyzer *import, const json_t *file)
{
	file_add(import, file, NULL);
}

static void modified_add(struct threatanalyzer *import, const json_t *file)
{
	file_add(import, file, "modified");
}

static void process_add(struct threatanalyzer *import, const json_t *process)
{
	threatanalyzer_network(import, process);
	threatanalyzer_each(
	    import, misp_at(process, "registry_section.set_value"), value_add);
	threatanalyzer_each(
	    import, misp_at(process, "stored_files.stored_created_file"),
	    created_add);
	threatanalyzer_each(
	    import, misp_at(process, "stored_files.stored_modified_file"),
	    modified_add);
}

bool threatanalyzer_analysis(struct threatanalyzer *import, const json_t *file)
{
	const json_t *processes = misp_at(file, "analysis.processes.process");
	threatanalyzer_each(import, processes, process_add);
	return processes;
}

json_t *threatanalyzer_rows(const struct threatanalyzer *import)
{
	json_t *rows = misp_rows(), *row = NULL;
	const char *value;
	json_object_foreach (import->rows, value, row) {
		json_array_append(rows, row);
	}
	const char *comment =
	    json_string_value(json_object_get(row, "comment"));
	if (import->cut)
		misp_comment(row,
			     "%s%sOnly the first %d values of the analysis are "
			     "here.",
			     comment ? comment : "",
			     comment && *comment ? ". " : "",
			     THREATANALYZER_ROWS_MAX);
	return rows;
}
