/*
 * registry.h: the modules that were found, and what became of each.
 *
 * A plugin is believed only after its descriptor has been checked: ABI, size,
 * name, kinds, input, handler, names of settings, whom it talks to, and what
 * MISP needs to see in /modules. One that fails is kept with the reason and
 * harms no other.
 */
#ifndef FCGI_REGISTRY_H
#define FCGI_REGISTRY_H

#include "query.h"
#include "remote.h"

#include <stdbool.h>
#include <stddef.h>

/* The families of MISP's Plugin settings, and the folders of the modules. */
enum family {
	FAMILY_ENRICHMENT,
	FAMILY_IMPORT,
	FAMILY_EXPORT,
	FAMILY_ACTION,
	FAMILY_COUNT,
};

struct family_names {
	const char *setting; /* "Enrichment": Plugin.Enrichment_… */
	const char *folder;  /* "expansion": also "type" in /modules */
	unsigned types;      /* the module types that belong to it */
};
extern const struct family_names families[FAMILY_COUNT];

/* One module that can be asked. */
struct module {
	const struct misp_module *descriptor; /* lives in the plugin */
	enum family family;
	char *path;
	void *plugin;               /* from dlopen; NULL: it is a remote's */
	int remote;                 /* whose it is: an index, or REMOTE_NONE */
	struct remote_module *told; /* what that has told of it, or NULL */

	/* From the configuration (config.h fills them in). */
	bool enabled;
	long timeout;         /* seconds; 0: not set for this module */
	const char *proxy;    /* a URL, or "none"; NULL: not set */
	const char *endpoint; /* a URL; NULL: not set */
	struct misp_setting_value *settings; /* as descriptor->settings */
};

/* One that cannot, and why. */
struct module_failure {
	char *path;
	char *reason;
};

struct registry {
	struct module *modules; /* by name */
	size_t count;
	struct module_failure *failures;
	size_t failure_count;
	struct remote_told told[REMOTES];
};

/*
 * Loads every *.so below directory's four family folders. *registry is set up
 * in any case and never holds a module twice. Returns 0; -1 with errno when
 * directory cannot be read or memory ran out.
 */
int registry_load(struct registry *registry, const char *directory);

/*
 * Adds a module that is on and has no settings yet; takes its path, plugin
 * and told when it succeeds. registry_sort is to be called before it can be
 * found. -1 without memory.
 */
int registry_add(struct registry *registry, const struct module *module);
void registry_sort(struct registry *registry);

/* Takes a module out. */
void registry_remove(struct registry *registry, struct module *module);

/* Keeps why a file is no module; takes path. -1 without memory. */
int registry_fail(struct registry *registry, char *path, const char *reason);

/* The family of a module of these types, which are not none. */
enum family family_of(unsigned types);

/* NULL if there is none of that name. */
struct module *registry_find(const struct registry *registry, const char *name);

/* How many settings the descriptor lists. */
size_t module_setting_count(const struct misp_module *descriptor);

/* Whether it lists one of this name. */
bool module_has_setting(const struct misp_module *descriptor, const char *name);

/* Whether it names a service, and whether it talks to anybody at all. */
bool module_has_service(const struct misp_module *descriptor);
bool module_has_host(const struct misp_module *descriptor);

void registry_free(struct registry *registry);

/*
 * What is wrong with a descriptor, in words, written to reason; NULL when
 * nothing is. filename is the plugin's, without directory and ".so".
 */
const char *descriptor_check(const struct misp_module *descriptor,
			     const char *filename, char *reason, size_t size);

#endif
