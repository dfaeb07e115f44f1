/*
 * remote_list.c: what the remotes have told of their modules, kept in the
 * cache folder; see remote.h.
 */
#include "config.h"
#include "json.h"
#include "log.h"
#include "python.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of a list, in bytes. */
#define MOST_BYTES (64L << 20)
/* Of a remote's modules; MISP's own server has some 200. */
#define MOST_MODULES 2000

/* ---- Files ---- */

/* To be freed; NULL without memory. */
static char *list_path(const struct config *config, const struct remote *remote)
{
	bool python = remote == &config->remotes[REMOTE_PYTHON];
	char *path = NULL;

	if (asprintf(&path, "%s/" REMOTE_LISTS "/%s%s.json", config->cache,
		     python ? "" : "remote-",
		     python ? "python" : remote->name) < 0)
		return NULL;
	return path;
}

bool remote_is_configured(const struct config *config)
{
	return remote_is_there(&config->remotes[REMOTE_PYTHON + 1]);
}

static bool make_folder(const char *path)
{
	return mkdir(path, 0700) == 0 || errno == EEXIST;
}

void remote_lists_open(const struct config *config)
{
	char *folder = NULL;

	if (!remote_is_configured(config) && !python_is_wanted(config))
		return;
	if (asprintf(&folder, "%s/" REMOTE_LISTS, config->cache) < 0)
		return;
	if (!make_folder(config->cache) || !make_folder(folder) ||
	    access(folder, W_OK) != 0)
		log_message(LOG_LEVEL_ERROR,
			    "cannot keep what module servers and Python "
			    "modules tell of themselves in %s: %s (server { "
			    "cache })",
			    folder, strerror(errno));
	free(folder);
}

struct timespec remote_lists_time(const struct config *config)
{
	struct stat status = {0};
	char *folder = NULL;

	if (asprintf(&folder, "%s/" REMOTE_LISTS, config->cache) < 0)
		return status.st_mtim;
	if (stat(folder, &status) != 0)
		status = (struct stat){0};
	free(folder);
	return status.st_mtim;
}

/* The bytes of a file, to be freed; NULL with errno. */
static char *read_whole(const char *path, size_t *size, time_t *when)
{
	FILE *file = fopen(path, "re");
	char *bytes = NULL;
	struct stat status;

	if (!file)
		return NULL;
	if (fstat(fileno(file), &status) == 0 && S_ISREG(status.st_mode) &&
	    status.st_size <= MOST_BYTES) {
		*size = (size_t)status.st_size;
		*when = status.st_mtime;
		bytes = malloc(*size + 1);
	}
	if (bytes)
		*size = fread(bytes, 1, *size, file);
	fclose(file);
	return bytes;
}

static json_t *read_list(const char *path, time_t *when)
{
	struct misp_json_error error;
	size_t size = 0;
	char *bytes = read_whole(path, &size, when);
	json_t *list = bytes ? misp_json_parse(bytes, size, &error) : NULL;

	free(bytes);
	return list;
}

/* Writes a file in the place of another, whole or not at all. */
static int replace(const char *path, const char *text)
{
	char *fresh = NULL;
	FILE *file = NULL;
	int result = -1;

	if (asprintf(&fresh, "%s.new.%ld", path, (long)getpid()) < 0)
		return -1;
	file = fopen(fresh, "we");
	if (file && fputs(text, file) >= 0)
		result = 0;
	if (file && fclose(file) != 0)
		result = -1;
	if (result == 0)
		result = rename(fresh, path);
	if (result != 0)
		unlink(fresh);
	free(fresh);
	return result;
}

int remote_list_keep(const struct config *config, const struct remote *remote,
		     json_t *modules)
{
	char *path = list_path(config, remote);
	json_t *list = json_pack("{s:O}", "modules", modules);
	char *text = json_dumps(list, JSON_COMPACT | JSON_SORT_KEYS);
	size_t size = 0;
	time_t when;
	char *before = path ? read_whole(path, &size, &when) : NULL;
	int result = -1;

	if (path && text && before && size == strlen(text) &&
	    memcmp(before, text, size) == 0)
		result = 0;
	else if (path && text)
		result = replace(path, text) == 0 ? 1 : -1;
	free(before);
	free(text);
	free(path);
	json_decref(list);
	return result;
}

/* ---- Into the registry ---- */

static bool matches(const struct words *patterns, const char *name)
{
	for (size_t i = 0; i < patterns->count; i++)
		if (fnmatch(patterns->items[i], name, 0) == 0)
			return true;
	return patterns->count == 0;
}

bool words_have(const struct words *words, const char *word)
{
	for (size_t i = 0; i < words->count; i++)
		if (strcmp(words->items[i], word) == 0)
			return true;
	return false;
}

struct merge {
	struct registry *registry;
	const struct remote *remote;
	int index;
};

/* What was added since the start is not sorted yet. */
static struct module *taken_by(const struct merge *merge, const char *name)
{
	for (size_t i = 0; i < merge->registry->count; i++)
		if (strcmp(merge->registry->modules[i].descriptor->name,
			   name) == 0)
			return &merge->registry->modules[i];
	return NULL;
}

/* Without a name, or with one that is a path, it cannot be said of which. */
static int refuse(struct merge *merge, const json_t *entry, const char *problem)
{
	const char *name = json_string_value(json_object_get(entry, "name"));
	char *path = NULL;

	if (asprintf(&path, "%s/%s", merge->remote->name, name ? name : "?") <
	    0)
		return -1;
	return registry_fail(merge->registry, path, problem);
}

static int merge_module(struct merge *merge, json_t *entry)
{
	const char *problem = NULL;
	struct remote_module *told = remote_module_make(entry, &problem);
	const struct misp_module *descriptor;
	struct module module = {.remote = merge->index, .told = told};
	struct module *other;

	if (!told)
		return problem ? refuse(merge, entry, problem) : -1;
	descriptor = remote_module_descriptor(told);
	merge->registry->told[merge->index].modules++;
	other = taken_by(merge, descriptor->name);
	if (other && merge->remote->prefer &&
	    words_have(&merge->remote->modules, descriptor->name)) {
		registry_remove(merge->registry, other);
		other = NULL;
	}
	if (other || !matches(&merge->remote->modules, descriptor->name)) {
		merge->registry->told[merge->index].hidden += other != NULL;
		remote_module_free(told);
		return 0;
	}
	module.descriptor = descriptor;
	module.family = family_of(descriptor->types);
	module.path = strdup(merge->remote->name);
	if (module.path && registry_add(merge->registry, &module) == 0)
		return 0;
	free(module.path);
	remote_module_free(told);
	return -1;
}

/* Those that the Python program could not load. */
static int merge_failure(struct merge *merge, const json_t *entry)
{
	const char *path = json_string_value(json_object_get(entry, "path"));
	const char *reason =
	    json_string_value(json_object_get(entry, "reason"));
	char *copy = path && reason ? strdup(path) : NULL;

	if (!path || !reason)
		return 0;
	return copy ? registry_fail(merge->registry, copy, reason) : -1;
}

static int merge_list(struct merge *merge, const json_t *list)
{
	int result = 0;
	size_t index;
	json_t *entry;

	json_array_foreach (json_object_get(list, "modules"), index, entry)
		if (index < MOST_MODULES && merge_module(merge, entry) != 0)
			result = -1;
	json_array_foreach (json_object_get(list, "failures"), index, entry)
		if (index < MOST_MODULES && merge_failure(merge, entry) != 0)
			result = -1;
	return result;
}

int remote_lists_load(struct config *config, struct registry *registry)
{
	int result = 0;

	for (int i = 0; i < REMOTES; i++) {
		const struct remote *remote = &config->remotes[i];
		struct remote_told *told = &registry->told[i];
		struct merge merge = {registry, remote, i};
		char *path = NULL;
		json_t *list;

		if (!remote_is_there(remote) ||
		    (i == REMOTE_PYTHON && !python_is_wanted(config)))
			continue;
		told->there = true;
		path = list_path(config, remote);
		if (!path)
			return -1;
		list = read_list(path, &told->when);
		if (list && merge_list(&merge, list) != 0)
			result = -1;
		json_decref(list);
		free(path);
	}
	registry_sort(registry);
	return result;
}
