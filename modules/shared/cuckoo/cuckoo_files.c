/*
 * cuckoo_files.c: a file in the archive of an analysis, and the first of them,
 * the sample.
 */
#include "cuckoo.h"

#include <string.h>

struct archive_file *cuckoo_file(struct cuckoo *cuckoo, const char *path,
				 const char **name)
{
	while (path && *path) {
		struct archive_file *file =
		    archive_files_find(cuckoo->files, path);
		if (file) {
			if (name)
				*name = path;
			return file;
		}
		const char *slash = strchr(path, '/');
		path = slash ? slash + 1 : NULL;
	}
	return NULL;
}

static const struct cuckoo_kind submitted = {"Payload delivery",
					     "Submitted sample"};

static void set_category(json_t *object, const char *category)
{
	static const char *const types[] = {
	    "filename", "md5",    "sha1",           "sha256",
	    "sha512",   "ssdeep", "malware-sample", NULL};
	size_t i;
	json_t *attribute;
	json_array_foreach (json_object_get(object, "Attribute"), i,
			    attribute) {
		const char *type =
		    json_string_value(json_object_get(attribute, "type"));
		for (size_t j = 0; type && types[j]; j++)
			if (strcmp(types[j], type) == 0)
				misp_set(attribute, "category",
					 json_string(category));
	}
}

/* A file that is not in the archive, or too large: what the report knows. */
static json_t *file_of_report(struct cuckoo *cuckoo, const char *name,
			      const json_t *report)
{
	static const struct misp_mapping fields[] = {
	    {"size", "size-in-bytes", MISP_TO_TEXT},
	    {"md5", "md5"},
	    {"sha1", "sha1"},
	    {"sha256", "sha256"},
	    {"sha512", "sha512"},
	    {"ssdeep", "ssdeep"},
	    {0},
	};
	json_t *object = misp_add_object(cuckoo->results, "file");
	misp_object_add(object, "filename", name);
	misp_map(cuckoo->query, object, report, fields);
	return object;
}

json_t *cuckoo_add_file(struct cuckoo *cuckoo, const struct archive_file *file,
			const char *name, const json_t *report,
			const struct cuckoo_kind *kind)
{
	const json_t *objects = json_object_get(cuckoo->results, "Object");
	size_t first = json_array_size(objects);
	if (cuckoo_is_full(cuckoo))
		return NULL;
	cuckoo->left--;
	cuckoo->cut |= file && file->too_large;
	name = file_object_name(cuckoo->query, name);
	json_t *object =
	    file && file->bytes
		? file_object_add(cuckoo->query, cuckoo->results, name,
				  file->bytes, file->size, true)
		: file_of_report(cuckoo, name, report);
	if (!object)
		return NULL;
	misp_comment(object, "%s", kind->comment);
	objects = json_object_get(cuckoo->results, "Object");
	for (size_t i = first; i < json_array_size(objects); i++)
		set_category(json_array_get(objects, i), kind->category);
	return object;
}

void cuckoo_want_sample(struct cuckoo *cuckoo)
{
	struct archive_file *file = archive_files_find(cuckoo->files, "binary");
	if (file)
		file->wanted = true;
}

void cuckoo_add_sample(struct cuckoo *cuckoo)
{
	const json_t *target = misp_at(cuckoo->report, "target");
	const char *category = misp_text_at(cuckoo->query, target, "category");
	if (category && strcmp(category, "file") == 0) {
		cuckoo_add_file(
		    cuckoo, archive_files_find(cuckoo->files, "binary"),
		    misp_text_at(cuckoo->query, target, "file.name"),
		    misp_at(target, "file"), &submitted);
	} else if (category && strcmp(category, "url") == 0) {
		json_t *object = cuckoo_object(cuckoo, "url");
		misp_object_add(object, "url",
				misp_text_at(cuckoo->query, target, "url"));
		misp_object_add(object, "text", "Submitted URL");
	}
}
