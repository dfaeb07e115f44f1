/*
 * fake_registry.h: a registry with modules of every family, for tests that
 * need no plugin.
 */
#ifndef UNIT_FAKE_REGISTRY_H
#define UNIT_FAKE_REGISTRY_H

#include "registry.h"

#include <stdlib.h>
#include <string.h>

static inline void fake_add(struct registry *registry, enum family family,
			    const struct misp_module *descriptor)
{
	struct module *modules = realloc(
	    registry->modules, (registry->count + 1) * sizeof(*modules));
	size_t settings = module_setting_count(descriptor) + 1;

	if (!modules)
		abort();
	registry->modules = modules;
	modules[registry->count++] = (struct module){
	    .descriptor = descriptor,
	    .family = family,
	    .path = strdup("fake"),
	    .enabled = true,
	    .settings = calloc(settings, sizeof(struct misp_setting_value))};
}

static inline void fake_fail(struct registry *registry, const char *path,
			     const char *reason)
{
	struct module_failure *failures =
	    realloc(registry->failures,
		    (registry->failure_count + 1) * sizeof(*failures));

	if (!failures)
		abort();
	registry->failures = failures;
	failures[registry->failure_count++] =
	    (struct module_failure){strdup(path), strdup(reason)};
}

static const struct misp_module fake_act = {
    .name = "act",
    .types = MISP_ACTION,
    .blocking = true,
    .parameters =
	MISP_PARAMETERS({"channel", "string", "Where to", "general", true},
			{"path", "hash_path", NULL, NULL, false}),
};

static const struct misp_module fake_dns = {
    .name = "dns",
    .title = "DNS",
    .types = MISP_EXPANSION | MISP_HOVER,
    .description = "Resolves",
    .version = "1",
    .author = "Us",
    .input = MISP_LIST("domain"),
    .output = MISP_LIST("ip-src", "ip-dst"),
    .requirements = MISP_LIST("a resolver"),
    .settings = MISP_SETTINGS({"nameserver", "Resolver to ask", NULL},
			      {"apikey", NULL, "none"}),
};

static const struct misp_module fake_out = {
    .name = "out",
    .types = MISP_EXPORT,
    .require_standard_format = true,
    .response_type = "text/plain",
    .file_extension = "txt",
};

static const struct misp_module fake_table = {
    .name = "table",
    .types = MISP_IMPORT,
    .input_source = MISP_LIST("file", "paste"),
    .options = MISP_OPTIONS(
	{"column", MISP_INTEGER, "Which", "A number", "/^[0-9]$/", true, true,
	 NULL},
	{"header", MISP_BOOLEAN, "Has one", NULL, NULL, true, true, NULL},
	{"mark", MISP_STRING, NULL, NULL, NULL, true, false, NULL},
	{"sort", MISP_SELECT, NULL, NULL, NULL, false, false,
	 MISP_CHOICES({"0", "up"}, {"1", NULL})}),
};

/* A module of each family, and one that was not loaded; to be freed with
 * registry_free. */
static inline void fake_registry(struct registry *registry)
{
	fake_add(registry, FAMILY_ACTION, &fake_act);
	fake_add(registry, FAMILY_ENRICHMENT, &fake_dns);
	fake_add(registry, FAMILY_EXPORT, &fake_out);
	fake_add(registry, FAMILY_IMPORT, &fake_table);
	fake_fail(registry, "/lib/modules/expansion/broken.so",
		  "it cannot be loaded");
}

#endif
