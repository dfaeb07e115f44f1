/*
 * registry.c: finds the plugins, loads them, and keeps for each either the
 * module or the reason why there is none.
 */
#include "registry.h"

#include "rehearsal.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct family_names families[FAMILY_COUNT] = {
    [FAMILY_ENRICHMENT] = {"Enrichment", "expansion",
			   MISP_EXPANSION | MISP_HOVER},
    [FAMILY_IMPORT] = {"Import", "import_mod", MISP_IMPORT},
    [FAMILY_EXPORT] = {"Export", "export_mod", MISP_EXPORT},
    [FAMILY_ACTION] = {"Action", "action_mod", MISP_ACTION},
};

size_t module_setting_count(const struct misp_module *descriptor)
{
	size_t count = 0;

	while (descriptor->settings && descriptor->settings[count].name)
		count++;
	return count;
}

bool module_has_setting(const struct misp_module *descriptor, const char *name)
{
	size_t count = module_setting_count(descriptor);

	for (size_t i = 0; i < count; i++)
		if (strcmp(descriptor->settings[i].name, name) == 0)
			return true;
	return false;
}

bool module_has_service(const struct misp_module *descriptor)
{
	return descriptor->services && descriptor->services[0];
}

bool module_has_host(const struct misp_module *descriptor)
{
	return descriptor->any_host || module_has_service(descriptor) ||
	       (descriptor->hosts && descriptor->hosts[0]);
}

int registry_fail(struct registry *registry, char *path, const char *reason)
{
	struct module_failure *list = reallocarray(
	    registry->failures, registry->failure_count + 1, sizeof(*list));
	char *copy = strdup(reason);

	if (list)
		registry->failures = list;
	if (!list || !copy) {
		free(copy);
		free(path);
		return -1;
	}
	list[registry->failure_count].path = path;
	list[registry->failure_count].reason = copy;
	registry->failure_count++;
	return 0;
}

int registry_add(struct registry *registry, const struct module *module)
{
	struct module *list =
	    reallocarray(registry->modules, registry->count + 1, sizeof(*list));
	struct misp_setting_value *settings = calloc(
	    module_setting_count(module->descriptor) + 1, sizeof(*settings));

	if (list)
		registry->modules = list;
	if (!list || !settings) {
		free(settings);
		return -1;
	}
	list[registry->count] = *module;
	list[registry->count].enabled = true;
	list[registry->count++].settings = settings;
	return 0;
}

/* Says dlopen's message as an administrator would. */
static const char *loader_message(char *reason, size_t size)
{
	static const char missing[] = ": cannot open shared object file: "
				      "No such file or directory";
	const char *message = dlerror();
	const char *end = message ? strstr(message, missing) : NULL;

	if (end)
		snprintf(reason, size, "a library it needs is missing: %.*s",
			 (int)(end - message), message);
	else
		snprintf(reason, size, "it cannot be loaded: %s",
			 message ? message : "unknown reason");
	return reason;
}

static const struct module *find_unsorted(const struct registry *registry,
					  const char *name)
{
	for (size_t i = 0; i < registry->count; i++)
		if (strcmp(registry->modules[i].descriptor->name, name) == 0)
			return &registry->modules[i];
	return NULL;
}

enum family family_of(unsigned types)
{
	enum family family = FAMILY_ENRICHMENT;

	while (!(types & families[family].types))
		family++;
	return family;
}

/* What the folder and the other modules say against it; NULL: nothing. */
static const char *check_place(const struct registry *registry,
			       const struct misp_module *descriptor,
			       enum family family, char *reason, size_t size)
{
	enum family own = family_of(descriptor->types);
	const struct module *other = find_unsorted(registry, descriptor->name);

	if (own != family)
		snprintf(reason, size, "it belongs into the folder %s",
			 families[own].folder);
	else if (other)
		snprintf(reason, size, "the name is taken by %s", other->path);
	else
		return NULL;
	return reason;
}

/* Its name is that of its file. Takes path. Returns -1 only when memory ran
 * out. */
static int load_plugin(struct registry *registry, char *path,
		       enum family family)
{
	char reason[1024], filename[NAME_MAX + 1];
	const char *failure = NULL;
	const struct misp_module *descriptor = NULL;
	void *plugin = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	struct module module = {.path = path,
				.plugin = plugin,
				.family = family,
				.remote = REMOTE_NONE};

	if (!plugin)
		return registry_fail(registry, path,
				     loader_message(reason, sizeof(reason)));
	snprintf(filename, sizeof(filename), "%s", strrchr(path, '/') + 1);
	*strrchr(filename, '.') = '\0';
	descriptor = dlsym(plugin, "misp_module");
	if (!descriptor)
		failure = "it is no module: it has no symbol misp_module";
	else
		failure = descriptor_check(descriptor, filename, reason,
					   sizeof(reason));
	if (!failure)
		failure = check_place(registry, descriptor, family, reason,
				      sizeof(reason));
	module.descriptor = descriptor;
	if (!failure && registry_add(registry, &module) == 0)
		return 0;
	dlclose(plugin);
	if (failure)
		return registry_fail(registry, path, failure);
	free(path);
	return -1;
}

static int is_plugin(const struct dirent *entry)
{
	const char *ending = strrchr(entry->d_name, '.');

	return entry->d_name[0] != '.' && ending && strcmp(ending, ".so") == 0;
}

static int by_file_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* Loads those that do not end whoever loads them. Takes the paths. */
static int load_plugins(struct registry *registry, char **paths, size_t count,
			enum family family)
{
	char reason[256];
	size_t at = 0;
	int result = 0;

	while (at < count) {
		size_t bad = at + rehearse(paths + at, count - at, reason,
					   sizeof(reason));

		for (; at < bad; at++) {
			if (load_plugin(registry, paths[at], family) != 0)
				result = -1;
		}
		if (at < count &&
		    registry_fail(registry, paths[at++], reason) != 0)
			result = -1;
	}
	return result;
}

/* The paths of the plugins in a folder; -1 with errno. */
static int list_folder(const char *folder, char ***paths)
{
	struct dirent **entries = NULL;
	int count = scandir(folder, &entries, is_plugin, by_file_name);
	int listed = 0;

	*paths = count > 0 ? calloc((size_t)count, sizeof(**paths)) : NULL;
	for (int i = 0; i < count; i++) {
		if (*paths && asprintf(&(*paths)[listed], "%s/%s", folder,
				       entries[i]->d_name) >= 0)
			listed++;
		free(entries[i]);
	}
	free(entries);
	if (listed == count || count < 0)
		return count;
	while (listed > 0)
		free((*paths)[--listed]);
	free(*paths);
	errno = ENOMEM;
	return -1;
}

/* A folder that is not there holds no modules; one that cannot be read is
 * a failure like a plugin's. Takes folder. */
static int load_folder(struct registry *registry, char *folder,
		       enum family family)
{
	char **paths = NULL;
	int count = list_folder(folder, &paths);
	int result = 0;

	if (count >= 0)
		result = load_plugins(registry, paths, (size_t)count, family);
	else if (errno == ENOMEM)
		result = -1;
	else if (errno != ENOENT)
		return registry_fail(registry, folder, strerror(errno));
	if (count > 0)
		free(paths);
	free(folder);
	return result;
}

static int by_module_name(const void *a, const void *b)
{
	const struct module *left = a;
	const struct module *right = b;

	return strcmp(left->descriptor->name, right->descriptor->name);
}

int registry_load(struct registry *registry, const char *directory)
{
	DIR *top = NULL;

	*registry = (struct registry){0};
	top = opendir(directory);
	if (!top)
		return -1;
	closedir(top);
	for (size_t i = 0; i < FAMILY_COUNT; i++) {
		char *folder = NULL;

		if (asprintf(&folder, "%s/%s", directory, families[i].folder) <
			0 ||
		    load_folder(registry, folder, (enum family)i) < 0) {
			errno = ENOMEM;
			return -1;
		}
	}
	registry_sort(registry);
	return 0;
}

void registry_sort(struct registry *registry)
{
	if (registry->count)
		qsort(registry->modules, registry->count,
		      sizeof(*registry->modules), by_module_name);
}

struct module *registry_find(const struct registry *registry, const char *name)
{
	size_t low = 0;
	size_t high = registry->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct module *module = &registry->modules[middle];
		int order = strcmp(name, module->descriptor->name);

		if (order == 0)
			return module;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static void free_module(struct module *module)
{
	size_t count = module_setting_count(module->descriptor);

	for (size_t i = 0; i < count; i++)
		free((char *)module->settings[i].value);
	free((char *)module->proxy);
	free((char *)module->endpoint);
	free(module->settings);
	free(module->path);
	/* The last, for the descriptor goes with it. */
	remote_module_free(module->told);
	if (module->plugin)
		dlclose(module->plugin);
}

void registry_remove(struct registry *registry, struct module *module)
{
	size_t behind =
	    registry->count - 1 - (size_t)(module - registry->modules);

	free_module(module);
	memmove(module, module + 1, behind * sizeof(*module));
	registry->count--;
}

void registry_free(struct registry *registry)
{
	for (size_t i = 0; i < registry->count; i++)
		free_module(&registry->modules[i]);
	free(registry->modules);
	for (size_t i = 0; i < registry->failure_count; i++) {
		free(registry->failures[i].path);
		free(registry->failures[i].reason);
	}
	free(registry->failures);
	*registry = (struct registry){0};
}
