/*
 * cuckoo_dropped.c: what an analysed file or URL left behind: files, buffers
 * and screenshots.
 */
#include "cuckoo.h"

#include <string.h>
#include <strings.h>

static const struct cuckoo_kind dropped = {"Artifacts dropped", "Dropped file"};
static const struct cuckoo_kind buffer = {"Artifacts dropped",
					  "Dropped buffer"};

/* The archive's name is eight digits of the SHA-256, '_' and the file's name
 * in small letters; the path on the analysed machine still has that as it
 * was. NULL when they do not fit. */
static const char *original_name(const char *name, const char *sha256,
				 const char *path)
{
	const char *bar = name ? strchr(name, '_') : NULL;
	if (!bar || !bar[1] || !sha256 || !path ||
	    strncmp(sha256, name, (size_t)(bar - name)) != 0)
		return NULL;
	size_t length = strlen(bar + 1);
	size_t path_length = strlen(path);
	if (path_length < length || strcasestr(path, name))
		return NULL;
	path += path_length - length;
	return strcasecmp(path, bar + 1) == 0 ? path : NULL;
}

static void add_matches(struct cuckoo *cuckoo, json_t *object,
			const json_t *report)
{
	size_t i;
	json_t *match;
	json_array_foreach (misp_at(report, "yara"), i, match) {
		const char *name = misp_text_at(cuckoo->query, match, "name");
		const char *description =
		    misp_text_at(cuckoo->query, match, "meta.description");
		if (cuckoo_is_enough(cuckoo, i))
			break;
		json_t *text = misp_object_add(
		    object, "text",
		    misp_text(cuckoo->query,
			      "Yara match\n(name) %s\n(description)%s%s",
			      name ? name : "", description ? " " : "",
			      description ? description : ""));
		if (text)
			misp_comment(text, "Yara match");
	}
}

static void add_processes(struct cuckoo *cuckoo, json_t *object,
			  const json_t *report)
{
	size_t i;
	json_t *entry;
	json_array_foreach (misp_at(report, "pids"), i, entry) {
		const char *pid = misp_text_at(cuckoo->query, entry, "");
		if (cuckoo_is_enough(cuckoo, i))
			break;
		if (pid)
			misp_reference(
			    object,
			    misp_uuid(json_object_get(cuckoo->processes, pid)),
			    "dropped-by");
	}
}

static void dropped_add(struct cuckoo *cuckoo, const struct archive_file *file,
			const json_t *report, size_t index)
{
	const char *name = misp_text_at(cuckoo->query, report, "name");
	const char *path = misp_text_at(cuckoo->query, report, "filepath");
	const char *sha256 = misp_text_at(cuckoo->query, report, "sha256");
	const char *original = original_name(name, sha256, path);
	(void)index;
	if (!name)
		name = "NO NAME FOUND IN THE REPORT";
	json_t *object = cuckoo_add_file(
	    cuckoo, file, original ? original : name, report, &dropped);
	add_matches(cuckoo, object, report);
	json_t *full = misp_object_add(object, "fullpath", path);
	if (full)
		misp_set(full, "category", json_string(dropped.category));
	add_processes(cuckoo, object, report);
}

static void buffer_add(struct cuckoo *cuckoo, const struct archive_file *file,
		       const json_t *report, size_t index)
{
	json_t *object = cuckoo_add_file(
	    cuckoo, file, misp_text(cuckoo->query, "buffer %zu", index), report,
	    &buffer);
	add_matches(cuckoo, object, report);
}

/* ---- Lists of files ---- */

static void each(struct cuckoo *cuckoo, const char *list,
		 void (*add)(struct cuckoo *cuckoo,
			     const struct archive_file *file,
			     const json_t *report, size_t index))
{
	size_t i;
	json_t *entry;
	json_array_foreach (misp_at(cuckoo->report, list), i, entry) {
		if (cuckoo_is_enough(cuckoo, i) || misp_failure(cuckoo->query))
			return;
		const char *path = misp_text_at(cuckoo->query, entry, "path");
		if (json_is_object(entry))
			add(cuckoo, cuckoo_file(cuckoo, path, NULL), entry, i);
	}
}

static void want(struct cuckoo *cuckoo, const char *list)
{
	size_t i;
	json_t *entry;
	json_array_foreach (misp_at(cuckoo->report, list), i, entry) {
		const char *path = misp_text_at(cuckoo->query, entry, "path");
		if (i == MISP_LIST_MAX)
			return;
		struct archive_file *file = cuckoo_file(cuckoo, path, NULL);
		if (file)
			file->wanted = true;
	}
}

void cuckoo_want_dropped(struct cuckoo *cuckoo)
{
	want(cuckoo, "dropped");
}

void cuckoo_want_buffers(struct cuckoo *cuckoo)
{
	want(cuckoo, "buffer");
}

void cuckoo_want_screenshots(struct cuckoo *cuckoo)
{
	want(cuckoo, "screenshots");
}

void cuckoo_add_dropped(struct cuckoo *cuckoo)
{
	each(cuckoo, "dropped", dropped_add);
}

void cuckoo_add_buffers(struct cuckoo *cuckoo)
{
	each(cuckoo, "buffer", buffer_add);
}

/* ---- Screenshots ---- */

void cuckoo_add_screenshots(struct cuckoo *cuckoo)
{
	const json_t *list = misp_at(cuckoo->report, "screenshots");
	if (json_array_size(list) == 0)
		return;
	json_t *object = cuckoo_object(cuckoo, "sandbox-report");
	misp_object_add(object, "sandbox-type", "on-premise");
	misp_object_add(object, "on-premise-sandbox", "cuckoo");
	size_t i;
	json_t *entry;
	json_array_foreach (list, i, entry) {
		const char *name = NULL;
		const char *path = misp_text_at(cuckoo->query, entry, "path");
		if (cuckoo_is_enough(cuckoo, i))
			break;
		const struct archive_file *file =
		    cuckoo_file(cuckoo, path, &name);
		if (!file || !file->bytes || file->size == 0)
			continue;
		const char *slash = strrchr(name, '/');
		json_t *attachment = misp_object_add(object, "sandbox-file",
						     slash ? slash + 1 : name);
		misp_attach(attachment, file->bytes, file->size);
	}
}
