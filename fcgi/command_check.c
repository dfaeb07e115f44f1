/*
 * command_check.c: the command `check`: the configuration and every module.
 */
#include "command.h"

#include "cage.h"
#include "cage_lock.h"
#include "config.h"
#include "describe.h"
#include "python.h"
#include "reload.h"
#include "server.h"
#include "url.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Milliseconds that a module server may take to say that it is up. */
#define UP_LIMIT 2000

static void print_list(FILE *out, const char *heading, char *const *list,
		       size_t count)
{
	if (count)
		fprintf(out, "\n%s:\n", heading);
	for (size_t i = 0; i < count; i++)
		fprintf(out, "  %s\n", list[i]);
}

static void print_seconds(FILE *out, const char *name, long seconds)
{
	if (seconds)
		fprintf(out, "  %s = %ld\n", name, seconds);
}

/* A URL without the user and password in it. */
static void print_url(FILE *out, const char *name, const char *url)
{
	size_t length = 0;
	const char *user = url ? url_user(url, &length) : NULL;

	if (user)
		fprintf(out, "  %s = %.*s…%s\n", name, (int)(user - url), url,
			user + length);
	else
		fprintf(out, "  %s = %s\n", name, url ? url : "(none)");
}

static void print_net(FILE *out, const struct misp_net *net)
{
	print_url(out, "proxy", net->proxy);
	fprintf(out,
		"  no_proxy = %s\n  ca_file = %s\n  user_agent = %s\n"
		"  connect_timeout = %ld\n  max_response = %zu\n"
		"  connect_to = %s\n  allow_private = %s\n"
		"  nameserver = %s\n",
		net->no_proxy ? net->no_proxy : "(none)",
		net->ca_file ? net->ca_file : "(the system's)", net->user_agent,
		net->connect_timeout, net->max_response,
		net->connect_to ? net->connect_to : "(none)",
		net->allow_private ? "true" : "false",
		net->nameserver ? net->nameserver : "(the system's)");
}

static void print_config(FILE *out, const struct config *config,
			 const char *const *files)
{
	fprintf(out, "Configuration:");
	for (; *files; files++)
		fprintf(out, " %s", *files);
	fprintf(out,
		"\n  workers = %ld\n  timeout = %ld\n  max_request = %zu\n"
		"  max_memory = %zu\n  modules = %s\n  cache = %s\n"
		"  socket = %s\n"
		"  log = %s\n  log_values = %s\n",
		config->workers, config->timeout, config->max_request,
		config->max_memory, config->modules, config->cache,
		config->socket ? config->socket : "(file descriptor 0)",
		config->log == LOG_TO_SYSLOG ? "syslog" : "stderr",
		config->log_values ? "true" : "false");
	print_net(out, &config->net);
	for (size_t i = 0; i < FAMILY_COUNT; i++) {
		char name[64];

		snprintf(name, sizeof(name), "%s_timeout", families[i].setting);
		print_seconds(out, name, config->families[i].timeout);
	}
	print_seconds(out, "Enrichment_hover_timeout", config->hover_timeout);
}

/* Whom it talks to, and what the file changes about that. */
static void print_hosts(FILE *out, const struct module *module)
{
	if (!module_has_host(module->descriptor))
		return;
	fputs("      talks to: ", out);
	describe_hosts(module->descriptor, out);
	putc('\n', out);
	if (module->endpoint)
		fputs("      endpoint: set\n", out);
	if (module->proxy)
		fprintf(out, "      proxy: %s\n",
			strcmp(module->proxy, "none") == 0 ? "none" : "set");
}

/* Nothing to forget, to do or to hear: only whether it can be closed. */
static void cage_does_nothing(void *context)
{
	(void)context;
}

static void cage_works(void *context)
{
	(void)context;
	cage_say(1, "", 0);
}

static bool cage_hears(void *context, char kind, char *bytes, size_t size)
{
	(void)context;
	(void)kind;
	(void)size;
	free(bytes);
	return false;
}

/* Which locks the cage has here, as seen by closing one. */
static void print_cage(FILE *out)
{
	const struct cage_lock *lock = cage_lock_prepare();
	struct cage cage = {.seconds = 1,
			    .most = sizeof(cage.broken),
			    .forget = cage_does_nothing,
			    .parted = cage_does_nothing,
			    .work = cage_works,
			    .hear = cage_hears};
	enum cage_end end = cage_run(&cage);

	cage_reap();
	fputs("\nCage of modules that parse files:\n", out);
	if (end != CAGE_DONE)
		fprintf(out,
			"  it cannot be closed, and no such module runs: %s\n",
			end == CAGE_BROKEN ? cage.broken : cage_end_words(end));
	else if (lock->landlock)
		fprintf(out,
			"  seccomp: in force\n"
			"  Landlock: in force (version %d)\n",
			lock->landlock);
	else
		fputs("  seccomp: in force\n"
		      "  Landlock: not in this kernel, so that no file can be "
		      "opened there: modules\n  that need one (see \"reads\") "
		      "do without or fail\n",
		      out);
}

/* Whether it is caged, and what it may read there. */
static void print_caged(FILE *out, const struct misp_module *descriptor)
{
	const char *const *path = descriptor->reads;

	if (!descriptor->caged)
		return;
	fputs("      caged", out);
	for (; path && *path; path++)
		fprintf(out, "%s%s",
			path == descriptor->reads ? ", reads " : ", ", *path);
	putc('\n', out);
}

/* Which of its settings the file gives, and what is particular about it. */
static void print_settings(FILE *out, const struct module *module)
{
	const struct misp_module *descriptor = module->descriptor;
	size_t count = module_setting_count(descriptor);

	print_seconds(out, "    timeout", module->timeout);
	for (size_t i = 0; i < count; i++) {
		const struct misp_setting_value *value = &module->settings[i];
		const char *state = "not set";

		if (value->value)
			state = "set";
		else if (descriptor->settings[i].value)
			state = "default";
		fprintf(out, "      %s: %s%s\n", descriptor->settings[i].name,
			state, value->locked ? ", locked" : "");
	}
}

/* What is on of a remote's modules, and what is not. */
static void print_told(FILE *out, const struct registry *registry, int index)
{
	const struct remote_told *told = &registry->told[index];
	struct tm time;
	char when[64] = "";
	size_t count = 0;

	for (size_t i = 0; i < registry->count; i++)
		count += registry->modules[i].remote == index;
	if (localtime_r(&told->when, &time))
		strftime(when, sizeof(when), "%F %T", &time);
	if (!told->when)
		fputs("    modules: not known yet (a running server asks for "
		      "them)\n",
		      out);
	else
		fprintf(out,
			"    modules: %zu of %zu (%zu have a name that is "
			"taken), as told %s\n",
			count, told->modules, told->hidden, when);
}

/* Whether each of its servers is up now, and the modules of one that is. */
static void print_remote(FILE *out, const struct config *config,
			 const struct registry *registry, int index)
{
	const struct remote *remote = &config->remotes[index];

	fprintf(out, "  %s:\n", remote->name);
	for (size_t i = 0; i < remote->urls.count; i++) {
		char reason[256] = "not asked during a reload";
		json_t *list = NULL;

		if (!reload_is_checking())
			list = remote_fetch(remote, remote->urls.items[i],
					    UP_LIMIT, reason, sizeof(reason));
		print_url(out, "  url", remote->urls.items[i]);
		if (list)
			fprintf(out, "      up, %zu modules\n",
				json_array_size(list));
		else
			fprintf(out, "      down: %s\n", reason);
		json_decref(list);
	}
	print_told(out, registry, index);
}

static void print_python(FILE *out, const struct config *config,
			 const struct registry *registry)
{
	const struct python *python = &config->python;
	size_t loading;

	fprintf(out, "\nPython modules:\n  interpreter = %s\n  workers = %ld\n",
		python->interpreter, python->workers);
	for (size_t i = 0; i < python->path.count; i++)
		fprintf(out, "  path = %s\n", python->path.items[i]);
	print_told(out, registry, REMOTE_PYTHON);
	loading = python_print_loading(config, "    loading: ", out);
	if (loading)
		fprintf(out, "    still loading: %zu\n", loading);
}

static void print_remotes(FILE *out, const struct config *config,
			  const struct registry *registry)
{
	if (python_is_wanted(config))
		print_python(out, config, registry);
	if (remote_is_configured(config))
		fputs("\nModule servers:\n", out);
	for (int i = REMOTE_PYTHON + 1; i < REMOTES; i++)
		if (remote_is_there(&config->remotes[i]))
			print_remote(out, config, registry, i);
}

static void print_module(FILE *out, const struct config *config,
			 const struct module *module)
{
	const char *name = module->descriptor->name;
	const char *family = families[module->family].setting;

	fprintf(out, "  %s: ", name);
	if (module->enabled) {
		fprintf(out,
			module->remote == REMOTE_NONE ? "loaded from %s\n"
						      : "of %s\n",
			module->path);
		print_hosts(out, module);
		print_caged(out, module->descriptor);
		print_settings(out, module);
	} else if (!config->families[module->family].enabled) {
		fprintf(out, "off (%s_services_enable = false)\n", family);
	} else {
		fprintf(out, "off (%s_%s_enabled = false)\n", family, name);
	}
}

static void print_modules(FILE *out, const struct config *config,
			  const struct registry *registry)
{
	fprintf(out, "\nModules:\n");
	for (size_t i = 0; i < registry->count; i++)
		print_module(out, config, &registry->modules[i]);
	if (!registry->count)
		fprintf(out, "  none\n");
	if (registry->failure_count)
		fprintf(out, "\nNot loaded:\n");
	for (size_t i = 0; i < registry->failure_count; i++)
		fprintf(out, "  %s: %s\n", registry->failures[i].path,
			registry->failures[i].reason);
}

/* The configuration and the modules; the number of errors. */
static size_t print_all(FILE *out, struct config *config,
			struct registry *registry, const char *const *files)
{
	size_t errors = 0;
	int failure = 0;

	/* What it says against the file is said again by config_read. */
	config_read_server(config, files);
	if (registry_load(registry, config->modules) < 0)
		failure = errno;
	if (remote_lists_load(config, registry) < 0)
		errors++;
	if (config_read(config, files, registry) < 0)
		errors = config->error_count ? config->error_count : 1;
	print_config(out, config, files);
	print_cage(out);
	print_remotes(out, config, registry);
	print_modules(out, config, registry);
	print_list(out, "Notes", config->notes, config->note_count);
	fflush(out);
	print_list(stderr, "Errors", config->errors, config->error_count);
	if (failure) {
		errors++;
		fprintf(stderr, "\nThe modules in %s cannot be read: %s\n",
			config->modules, strerror(failure));
	}
	return errors;
}

int command_check(const struct command_options *options)
{
	struct config config;
	struct registry registry = {0};
	size_t errors;

	if (config_init(&config) < 0)
		return EXIT_FAILURE;
	errors =
	    print_all(stdout, &config, &registry, server_files(options->files));
	if (errors)
		fprintf(stderr, "\n%zu error%s: it does not hold.\n", errors,
			errors == 1 ? "" : "s");
	else
		printf("\nThe configuration holds.\n");
	registry_free(&registry);
	config_free(&config);
	return errors ? EXIT_FAILURE : EXIT_SUCCESS;
}
