/*
 * config.c: reads the configuration: the files in their order, conf.d/ beside
 * each, with libconfuse.
 *
 * libconfuse stops at its first error, and it hands its callbacks no context.
 * So every value is taken as text and checked here, with errors kept aside;
 * unknown names are accepted (CFGF_KEYSTRVAL) and judged; and the first
 * option of each section, whose empty name no file can say, leads to the
 * reader.
 */
#include "config_parts.h"

#include "url.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* How often a file is read again because a section was blanked out. */
#define MOST_ROUNDS 100

/* ---- What libconfuse calls ---- */

static struct reader *reader_of(const cfg_t *cfg)
{
	return *cfg->opts[0].simple_value.ptr;
}

static void check_secret(struct reader *reader, const char *name, int line)
{
	if (!reader->text.readable_by_all || reader->secret_said ||
	    text_from_environment(&reader->text, line, name))
		return;
	reader->secret_said = true;
	reader_error(reader, 0,
		     "holds a secret (%s) and everybody can read it: "
		     "chmod o-r %s",
		     name, reader->path);
}

static int on_value(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
	char *place = (char *)opt->simple_value.string;
	struct option *option =
	    (struct option *)(void *)(place - offsetof(struct option, value));

	option->reader->title = cfg->title;
	option_set(option, value, cfg->line);
	if (*value && (option->is_secret || url_user(value, NULL)))
		check_secret(option->reader, option->name, cfg->line);
	*(const char **)result = value;
	return 0;
}

/* libconfuse's messages, and what we say instead: theirs can hold a part of
 * a value. */
static const struct message {
	const char *theirs;
	const char *ours;
} messages[] = {
    {"missing equal sign", "a setting has no = and value"},
    {"premature end", "the file ends too early"},
    {"closing brace", "there is a } too many"},
    {"missing opening brace", "a section has no {"},
    {"missing title", "a remote has no name: remote NAME { … }"},
    {"escape sequence", "a string has a wrong number behind a \\"},
    {"octal number", "a string has a wrong number behind a \\"},
    {"unexpected token", "=, { or } stands in the wrong place"},
};

static void on_error(cfg_t *cfg, const char *format, va_list arguments)
{
	struct reader *reader = reader_of(cfg);
	bool outside = strcmp(cfg->name, "root") == 0;
	const char *ours = "this is not understood";

	if (strstr(format, "no such option")) {
		unknown_name(reader, outside ? NULL : cfg->name,
			     va_arg(arguments, const char *), cfg->line);
		return;
	}
	/* It follows from what unknown_name has said. */
	if (reader->blanked || reader->misplaced)
		return;
	for (size_t i = 0; i < sizeof(messages) / sizeof(*messages); i++)
		if (strstr(format, messages[i].theirs))
			ours = messages[i].ours;
	reader_error(reader, cfg->line, "%s", ours);
}

/* ---- The tables for libconfuse ---- */

static cfg_opt_t leading_option(struct reader *reader)
{
	return (cfg_opt_t){
	    .name = "", .type = CFGT_PTR, .simple_value.ptr = &reader->self};
}

/* The option table of a section, to be freed. NULL without memory. */
static cfg_opt_t *section_table(struct reader *reader, enum section section)
{
	size_t count = 0;
	struct option *options = options_of(reader, section, &count);
	cfg_opt_t *table = calloc(count + 2, sizeof(*table));
	size_t used = 0;

	if (!table)
		return NULL;
	table[used++] = leading_option(reader);
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && strcmp(options[i - 1].name, options[i].name) == 0)
			continue;
		table[used++] = (cfg_opt_t){
		    .name = options[i].name,
		    .type = CFGT_STR,
		    .flags = options[i].is_list ? CFGF_LIST : CFGF_NONE,
		    .simple_value.string = &options[i].value,
		    .parsecb = on_value,
		};
	}
	return table;
}

static cfg_t *make_cfg(struct reader *reader)
{
	/* One in front, and what ends it behind. */
	cfg_opt_t root[SECTION_COUNT + 2] = {leading_option(reader)};
	bool complete = true;
	cfg_t *cfg = NULL;

	for (size_t i = 0; i < SECTION_COUNT; i++) {
		cfg_opt_t *table = section_table(reader, (enum section)i);
		cfg_opt_t section = CFG_SEC(
		    section_names[i], table,
		    i == SECTION_REMOTE ? CFGF_MULTI | CFGF_TITLE : CFGF_NONE);

		root[i + 1] = section;
		complete = complete && table;
	}
	if (complete)
		cfg = cfg_init(root, CFGF_KEYSTRVAL);
	if (cfg)
		cfg_set_error_function(cfg, on_error);
	for (size_t i = 0; i < SECTION_COUNT; i++)
		free(root[i + 1].subopts);
	return cfg;
}

/* After an error libconfuse's scanner is in no state to go on from, and a
 * name that was unknown once is known to it from then on. */
static void drop_cfg(struct reader *reader)
{
	if (reader->cfg)
		cfg_free(reader->cfg);
	reader->cfg = NULL;
	reader->found_unknown = false;
}

/* ---- Files ---- */

/* Settings that are accepted without being ours can be secret as well. */
static void check_other_secrets(struct reader *reader)
{
	cfg_t *plugin = cfg_getsec(reader->cfg, "Plugin");

	for (size_t i = 0; plugin && plugin->opts[i].name; i++) {
		cfg_opt_t *opt = &plugin->opts[i];
		const char *value = NULL;

		if (opt->type == CFGT_STR && !opt->simple_value.string)
			value = cfg_opt_getstr(opt);
		if (value && *value &&
		    (setting_is_secret(opt->name) || url_user(value, NULL)))
			check_secret(reader, opt->name, 0);
	}
}

/* One that has no settings is there as well. */
static void note_remotes(struct reader *reader)
{
	unsigned count = cfg_size(reader->cfg, section_names[SECTION_REMOTE]);

	for (unsigned i = 0; i < count; i++) {
		cfg_t *section =
		    cfg_getnsec(reader->cfg, section_names[SECTION_REMOTE], i);

		remote_named(reader, cfg_title(section), section->line);
	}
}

static void parse_text(struct reader *reader)
{
	struct tallies before = reader->tallies;

	for (int round = 0; round < MOST_ROUNDS; round++) {
		int result;

		if (!reader->cfg)
			reader->cfg = make_cfg(reader);
		if (!reader->cfg) {
			reader->no_memory = true;
			return;
		}
		reader->blanked = false;
		reader->misplaced = false;
		reader->tallies = before;
		result = cfg_parse_buf(reader->cfg, reader->text.bytes);
		if (reader->registry)
			check_other_secrets(reader);
		note_remotes(reader);
		if (result != CFG_SUCCESS || reader->found_unknown)
			drop_cfg(reader);
		if (!reader->blanked)
			return;
	}
}

static void read_file(struct reader *reader, const char *path)
{
	reader->path = path;
	reader->secret_said = false;
	if (text_read(reader, path, &reader->text) < 0)
		return;
	parse_text(reader);
	free(reader->text.bytes);
	reader->text.bytes = NULL;
}

static int is_config_file(const struct dirent *entry)
{
	const char *ending = strrchr(entry->d_name, '.');

	return entry->d_name[0] != '.' && ending &&
	       strcmp(ending, ".conf") == 0;
}

static int by_file_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void read_folder(struct reader *reader, const char *folder)
{
	struct dirent **entries = NULL;
	int count = scandir(folder, &entries, is_config_file, by_file_name);

	reader->path = folder;
	if (count < 0 && errno != ENOENT)
		reader_error(reader, 0, "cannot be read: %s", strerror(errno));
	for (int i = 0; i < count; i++) {
		char *path = NULL;

		if (asprintf(&path, "%s/%s", folder, entries[i]->d_name) < 0) {
			path = NULL;
			reader->no_memory = true;
		}
		if (path)
			read_file(reader, path);
		free(path);
		free(entries[i]);
	}
	free(entries);
}

/* The file, then conf.d/ beside it. */
static void read_with_folder(struct reader *reader, const char *path)
{
	const char *slash = strrchr(path, '/');
	int length = slash ? (int)(slash - path) + 1 : 0;
	char *folder = NULL;

	read_file(reader, path);
	if (asprintf(&folder, "%.*sconf.d", length, path) < 0) {
		reader->no_memory = true;
		return;
	}
	read_folder(reader, folder);
	free(folder);
}

static int read_files(struct config *config, const char *const *files,
		      struct registry *registry)
{
	struct reader reader = {.config = config, .registry = registry};

	reader.self = &reader;
	if (options_build(&reader) < 0)
		reader.no_memory = true;
	for (; *files && !reader.no_memory; files++)
		read_with_folder(&reader, *files);
	drop_cfg(&reader);
	reader.path = NULL;
	remotes_check(&reader);
	if (config->net.allow_private)
		reader_note(&reader, 0,
			    "allow_private is true: modules that fetch any "
			    "URL reach this machine and its network");
	tally_note(&reader, &reader.tallies.misp_only, "only MISP uses");
	tally_note(&reader, &reader.tallies.other_families,
		   "of MISP's other families");
	tally_note(&reader, &reader.tallies.not_loaded,
		   "of modules that could not be loaded");
	tally_note(&reader, &reader.tallies.not_told,
		   "of modules that no module server has told of");
	options_free(&reader);
	return reader.no_memory || config->error_count ? -1 : 0;
}

/* ---- The configuration ---- */

const char *config_cache_default(void)
{
	const char *folder = getenv("CACHE_DIRECTORY");

	return folder && *folder == '/' ? folder : CACHEDIR;
}

int config_init(struct config *config)
{
	*config = (struct config){
	    .workers = CONFIG_WORKERS,
	    .timeout = CONFIG_TIMEOUT,
	    .max_request = CONFIG_MAX_REQUEST,
	    .max_memory = CONFIG_MAX_MEMORY,
	    .modules = strdup(MODULEDIR),
	    .cache = strdup(config_cache_default()),
	    .python = {.interpreter = strdup(CONFIG_INTERPRETER),
		       .workers = CONFIG_PYTHON_WORKERS},
	    .remotes = {[REMOTE_PYTHON] = {.name = strdup(REMOTE_PYTHON_NAME)}},
	    .net = {.user_agent = strdup(NET_USER_AGENT),
		    .connect_timeout = NET_CONNECT_TIMEOUT,
		    .max_response = NET_MAX_RESPONSE},
	};
	for (size_t i = 0; i < FAMILY_COUNT; i++)
		config->families[i].enabled = true;
	return config->modules && config->net.user_agent && config->cache &&
		       config->python.interpreter &&
		       config->remotes[REMOTE_PYTHON].name
		   ? 0
		   : -1;
}

static void free_net(struct misp_net *net)
{
	free((char *)net->proxy);
	free((char *)net->no_proxy);
	free((char *)net->ca_file);
	free((char *)net->user_agent);
	free((char *)net->connect_to);
	free((char *)net->nameserver);
}

void config_free(struct config *config)
{
	message_lists_free(config);
	free(config->modules);
	free(config->cache);
	free(config->socket);
	remotes_free(config);
	free_net(&config->net);
	*config = (struct config){0};
}

static void forget(const char *text)
{
	if (text)
		explicit_bzero((char *)text, strlen(text));
}

void config_forget(struct config *config, struct registry *registry,
		   const struct module *own)
{
	forget(config->net.proxy);
	for (size_t i = 0; i < REMOTES; i++) {
		struct remote *remote = &config->remotes[i];

		forget(remote->password);
		forget(remote->proxy);
		for (size_t j = 0; j < remote->urls.count; j++)
			forget(remote->urls.items[j]);
	}
	for (size_t i = 0; i < registry->count; i++) {
		const struct module *module = &registry->modules[i];
		size_t count = module_setting_count(module->descriptor);

		forget(module->proxy);
		forget(module->endpoint);
		for (size_t j = 0; module != own && j < count; j++)
			forget(module->settings[j].value);
	}
}

int config_read_server(struct config *config, const char *const *files)
{
	config_free(config);
	if (config_init(config) < 0)
		return -1;
	return read_files(config, files, NULL);
}

/* As if nothing had been set yet. */
static void reset_module(struct module *module)
{
	size_t count = module_setting_count(module->descriptor);

	module->enabled = true;
	module->timeout = 0;
	free((char *)module->proxy);
	free((char *)module->endpoint);
	module->proxy = NULL;
	module->endpoint = NULL;
	for (size_t i = 0; i < count; i++) {
		free((char *)module->settings[i].value);
		module->settings[i] = (struct misp_setting_value){0};
	}
}

int config_read(struct config *config, const char *const *files,
		struct registry *registry)
{
	int result;

	config_free(config);
	if (config_init(config) < 0)
		return -1;
	for (size_t i = 0; i < registry->count; i++)
		reset_module(&registry->modules[i]);
	result = read_files(config, files, registry);
	for (size_t i = 0; i < registry->count; i++) {
		struct module *module = &registry->modules[i];

		if (!config->families[module->family].enabled)
			module->enabled = false;
	}
	return result;
}

static bool has_word(const char *name, const char *const *words)
{
	for (; *words; words++)
		if (strcasestr(name, *words))
			return true;
	return false;
}

bool setting_is_secret(const char *name)
{
	static const char *const words[] = {"key", "secret", "pass", "token",
					    NULL};

	return has_word(name, words);
}

bool setting_is_credential(const char *name)
{
	static const char *const words[] = {"username", "user_id",   "api_user",
					    "login",    "client_id", "clientid",
					    "api_id",   "license",   NULL};

	return setting_is_secret(name) || has_word(name, words);
}
