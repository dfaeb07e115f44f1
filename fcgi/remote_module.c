/*
 * remote_module.c: the descriptor of a module that a remote has told of, made
 * from its entry in /modules.
 */
#include "registry.h"

#include <stdlib.h>
#include <string.h>

#define NAME_BYTES 127
#define MOST_NAMES 10000

/* The strings are those of the entry. */
struct remote_module {
	struct misp_module descriptor;
	json_t *told;
	const char **input;
	const char **output;
	struct misp_setting *settings;
};

const struct misp_module *
remote_module_descriptor(const struct remote_module *module)
{
	return &module->descriptor;
}

json_t *remote_module_told(const struct remote_module *module)
{
	return module->told;
}

void remote_module_free(struct remote_module *module)
{
	if (!module)
		return;
	free(module->input);
	free(module->output);
	free(module->settings);
	json_decref(module->told);
	free(module);
}

/* Names go into the log, the labels of /metrics and the names of settings. */
static bool name_is_good(const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < length; i++)
		if ((unsigned char)name[i] < ' ' || name[i] > '~' ||
		    strchr("\"\\/", name[i]))
			return false;
	return length > 0 && length <= NAME_BYTES;
}

static bool setting_name_is_good(const char *name)
{
	return *name && strspn(name, "abcdefghijklmnopqrstuvwxyz"
				     "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "0123456789_-") == strlen(name);
}

static unsigned types_of(const json_t *told)
{
	static const struct {
		const char *word;
		unsigned type;
	} words[] = {{"expansion", MISP_EXPANSION},
		     {"hover", MISP_HOVER},
		     {"import", MISP_IMPORT},
		     {"export", MISP_EXPORT},
		     {"action", MISP_ACTION}};
	const json_t *list =
	    json_object_get(json_object_get(told, "meta"), "module-type");
	unsigned types = 0;
	size_t index;
	const json_t *entry;

	json_array_foreach (list, index, entry) {
		const char *word = json_string_value(entry);

		for (size_t i = 0; word && i < 5; i++)
			if (strcmp(words[i].word, word) == 0)
				types |= words[i].type;
	}
	return types;
}

/* The strings of an array, as a list that ends with NULL; NULL without memory.
 */
static const char **strings_of(const json_t *array)
{
	size_t used = 0;
	size_t index;
	const json_t *entry;
	const char **list = calloc(json_array_size(array) + 1, sizeof(*list));

	json_array_foreach (array, index, entry)
		if (list && json_is_string(entry))
			list[used++] = json_string_value(entry);
	return list;
}

static void add_setting(struct misp_setting *list, size_t *used,
			const char *name)
{
	for (size_t i = 0; i < *used; i++)
		if (strcmp(list[i].name, name) == 0)
			return;
	if (*used < MOST_NAMES && setting_name_is_good(name))
		list[(*used)++].name = name;
}

/* meta.config: names, or objects that have the names as keys. An action has
 * parameters there, which are no settings. */
static struct misp_setting *settings_of(json_t *told, unsigned types)
{
	json_t *config =
	    json_object_get(json_object_get(told, "meta"), "config");
	size_t size = json_array_size(config) + json_object_size(config);
	struct misp_setting *list = calloc(size + 1, sizeof(*list));
	size_t used = 0;
	size_t index;
	json_t *entry;

	if (!list || types == MISP_ACTION)
		return list;
	json_array_foreach (config, index, entry)
		if (json_is_string(entry))
			add_setting(list, &used, json_string_value(entry));
	for (void *at = json_object_iter(config); at;
	     at = json_object_iter_next(config, at))
		add_setting(list, &used, json_object_iter_key(at));
	return list;
}

static const char *text_of(const json_t *told, const char *part,
			   const char *member)
{
	return json_string_value(
	    json_object_get(json_object_get(told, part), member));
}

static void descriptor_fill(struct remote_module *module, unsigned types)
{
	const json_t *told = module->told;
	const char *format = text_of(told, "mispattributes", "format");

	module->descriptor = (struct misp_module){
	    .abi = MISP_MODULE_ABI,
	    .size = sizeof(struct misp_module),
	    .name = json_string_value(json_object_get(told, "name")),
	    .types = types,
	    .format = format && strcmp(format, "misp_standard") == 0
			  ? MISP_STANDARD
			  : MISP_SIMPLE,
	    .title = text_of(told, "meta", "name"),
	    .version = text_of(told, "meta", "version"),
	    .author = text_of(told, "meta", "author"),
	    .description = text_of(told, "meta", "description"),
	    .input = module->input,
	    .output = module->output,
	    .settings = module->settings,
	};
}

/* What is wrong with an entry; NULL: nothing. */
static const char *entry_problem(const json_t *told)
{
	const char *name = json_string_value(json_object_get(told, "name"));
	unsigned types = types_of(told);

	if (!name || !name_is_good(name))
		return "it has no name that can be used";
	if (!types)
		return "its meta[\"module-type\"] names no type that MISP has";
	if (!json_is_object(json_object_get(told, "mispattributes")))
		return "it has no mispattributes";
	if ((types & (MISP_EXPANSION | MISP_HOVER)) &&
	    !json_is_array(json_object_get(
		json_object_get(told, "mispattributes"), "input")))
		return "its mispattributes have no list \"input\", without "
		       "which MISP fails";
	return NULL;
}

struct remote_module *remote_module_make(json_t *told, const char **problem)
{
	const json_t *attributes = json_object_get(told, "mispattributes");
	struct remote_module *module = NULL;

	*problem = entry_problem(told);
	if (*problem)
		return NULL;
	module = calloc(1, sizeof(*module));
	if (!module)
		return NULL;
	module->told = json_incref(told);
	module->input = strings_of(json_object_get(attributes, "input"));
	module->output = strings_of(json_object_get(attributes, "output"));
	module->settings = settings_of(told, types_of(told));
	if (!module->input || !module->output || !module->settings) {
		remote_module_free(module);
		return NULL;
	}
	descriptor_fill(module, types_of(told));
	return module;
}
