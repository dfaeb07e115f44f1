/*
 * config_options.c: which settings there are, and what becomes of a value.
 *
 * Those of Plugin are named as MISP names them: <Family>_<setting> and
 * <Family>_<module>_<setting>.
 */
#include "config_parts.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistr.h>

#define MOST_SECONDS 3600
#define MOST_MEMORY (1L << 40)
#define MOST_RESPONSE (1L << 30)

const char *const section_names[SECTION_COUNT] = {
    [SECTION_SERVER] = "server", [SECTION_HTTP] = "http",
    [SECTION_DNS] = "dns",       [SECTION_PYTHON] = "python",
    [SECTION_REMOTE] = "remote", [SECTION_PLUGIN] = "Plugin",
};

/* ---- What becomes of a value ---- */

static bool parse_number(const char *value, long least, long most, long *out)
{
	char *end = NULL;
	long number;

	errno = 0;
	number = strtol(value, &end, 10);
	if (end == value || *end || errno || number < least || number > most)
		return false;
	*out = number;
	return true;
}

/* The number a value stands for; false after an error. */
static bool read_number(struct reader *reader, const struct option *option,
			const char *value, int line, long *out)
{
	*out = option->number;
	if (!*value || parse_number(value, option->least, option->most, out))
		return true;
	reader_error(reader, line, "%s must be a whole number from %ld to %ld",
		     option->name, option->least, option->most);
	return false;
}

void set_number(struct reader *reader, const struct option *option,
		const char *value, int line)
{
	long number;

	if (read_number(reader, option, value, line, &number))
		*(long *)option->target = number;
}

static void set_size(struct reader *reader, const struct option *option,
		     const char *value, int line)
{
	long number;

	if (read_number(reader, option, value, line, &number))
		*(size_t *)option->target = (size_t)number;
}

static void set_boolean(struct reader *reader, const struct option *option,
			const char *value, int line)
{
	int truth = (int)option->number;

	if (*value)
		truth = cfg_parse_boolean(value);
	if (strcmp(value, "1") == 0 || strcmp(value, "0") == 0)
		truth = *value == '1';
	if (truth < 0)
		reader_error(reader, line, "%s must be true or false",
			     option->name);
	else
		*(bool *)option->target = truth;
}

static void set_log(struct reader *reader, const struct option *option,
		    const char *value, int line)
{
	enum log_target *target = option->target;

	if (!*value || strcmp(value, "stderr") == 0)
		*target = LOG_TO_STDERR;
	else if (strcmp(value, "syslog") == 0)
		*target = LOG_TO_SYSLOG;
	else
		reader_error(reader, line, "%s must be stderr or syslog",
			     option->name);
}

bool option_replace_text(struct reader *reader, const char **place,
			 const char *value)
{
	char *copy = *value ? strdup(value) : NULL;

	if (*value && !copy) {
		reader->no_memory = true;
		return false;
	}
	free((char *)*place);
	*place = copy;
	return true;
}

/* A path: most is the number of bytes it may have. */
static void set_path(struct reader *reader, const struct option *option,
		     const char *value, int line)
{
	char **target = option->target;
	const char *place = *target;

	if (!*value && option->text)
		value = option->text;
	if (strlen(value) > (size_t)option->most) {
		reader_error(reader, line, "%s has more than %ld bytes",
			     option->name, option->most);
		return;
	}
	if (option_replace_text(reader, &place, value))
		*target = (char *)place;
}

/* A setting of a module. */
static void set_setting(struct reader *reader, const struct option *option,
			const char *value, int line)
{
	struct misp_setting_value *target = option->target;

	(void)line;
	option_replace_text(reader, &target->value, value);
}

static void set_nothing(struct reader *reader, const struct option *option,
			const char *value, int line)
{
	(void)value;
	(void)line;
	tally_add(&reader->tallies.misp_only, option->name);
}

void option_set(struct option *option, const char *value, int line)
{
	struct reader *reader = option->reader;
	const struct option *end = reader->options + reader->option_count;
	const struct option *same = option;
	struct remote *remote;

	if (u8_check((const uint8_t *)value, strlen(value))) {
		reader_error(reader, line, "the value of %s is no UTF-8",
			     option->name);
		return;
	}
	for (; same < end && same->section == option->section &&
	       strcmp(same->name, option->name) == 0;
	     same++) {
		struct option here = *same;

		if (same->section == SECTION_REMOTE) {
			remote = remote_named(reader, reader->title, line);
			if (!remote)
				return;
			here.target = (char *)remote + same->place;
		}
		here.set(reader, &here, value, line);
	}
}

/* ---- Which there are ---- */

/* Adds an option and takes its name. -1 without memory. */
static int add(struct reader *reader, struct option option)
{
	struct option *list = reallocarray(
	    reader->options, reader->option_count + 1, sizeof(*list));

	if (list)
		reader->options = list;
	if (!list || !option.name) {
		free(option.name);
		return -1;
	}
	option.reader = reader;
	list[reader->option_count++] = option;
	return 0;
}

int options_add(struct reader *reader, enum section section,
		const struct option *table, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct option option = table[i];

		option.section = section;
		option.name = strdup(table[i].name);
		if (add(reader, option) < 0)
			return -1;
	}
	return 0;
}

static int add_server(struct reader *reader)
{
	struct config *config = reader->config;
	const struct option table[] = {
	    {.name = "workers",
	     .set = set_number,
	     .target = &config->workers,
	     .least = 1,
	     .most = 1024,
	     .number = CONFIG_WORKERS},
	    {.name = "timeout",
	     .set = set_number,
	     .target = &config->timeout,
	     .least = 1,
	     .most = MOST_SECONDS,
	     .number = CONFIG_TIMEOUT},
	    {.name = "max_request",
	     .set = set_size,
	     .target = &config->max_request,
	     .least = 1024,
	     .most = MOST_MEMORY,
	     .number = CONFIG_MAX_REQUEST},
	    {.name = "max_memory",
	     .set = set_size,
	     .target = &config->max_memory,
	     .most = MOST_MEMORY,
	     .number = CONFIG_MAX_MEMORY},
	    {.name = "modules",
	     .set = set_path,
	     .target = &config->modules,
	     .most = 4095,
	     .text = MODULEDIR},
	    {.name = "cache",
	     .set = set_path,
	     .target = &config->cache,
	     .most = 4000,
	     .text = config_cache_default()},
	    {.name = "socket",
	     .set = set_path,
	     .target = &config->socket,
	     .most = sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1},
	    {.name = "log", .set = set_log, .target = &config->log},
	    {.name = "log_values",
	     .set = set_boolean,
	     .target = &config->log_values},
	};

	return options_add(reader, SECTION_SERVER, table,
			   sizeof(table) / sizeof(*table));
}

static int add_http(struct reader *reader)
{
	struct misp_net *net = &reader->config->net;
	const struct option table[] = {
	    {.name = "proxy", .set = set_proxy, .target = &net->proxy},
	    {.name = "no_proxy", .set = set_line, .target = &net->no_proxy},
	    {.name = "ca_file", .set = set_ca_file, .target = &net->ca_file},
	    {.name = "user_agent",
	     .set = set_line,
	     .target = &net->user_agent,
	     .text = NET_USER_AGENT},
	    {.name = "connect_timeout",
	     .set = set_number,
	     .target = &net->connect_timeout,
	     .least = 1,
	     .most = 60,
	     .number = NET_CONNECT_TIMEOUT},
	    {.name = "max_response",
	     .set = set_size,
	     .target = &net->max_response,
	     .least = 1024,
	     .most = MOST_RESPONSE,
	     .number = NET_MAX_RESPONSE},
	    {.name = "connect_to",
	     .set = set_connect_to,
	     .target = &net->connect_to},
	    {.name = "allow_private",
	     .set = set_boolean,
	     .target = &net->allow_private},
	};

	return options_add(reader, SECTION_HTTP, table,
			   sizeof(table) / sizeof(*table));
}

static int add_dns(struct reader *reader)
{
	const struct option nameserver = {.name = "nameserver",
					  .set = set_nameserver,
					  .target =
					      &reader->config->net.nameserver};

	return options_add(reader, SECTION_DNS, &nameserver, 1);
}

/* Adds an option of Plugin: <Family>_<last>, or <Family>_<module>_<last>. */
static int add_plugin(struct reader *reader, enum family family,
		      const char *module, const char *last,
		      struct option option)
{
	if (asprintf(&option.name, "%s_%s%s%s", families[family].setting,
		     module ? module : "", module ? "_" : "", last) < 0)
		option.name = NULL;
	option.section = SECTION_PLUGIN;
	return add(reader, option);
}

/* Settings by which MISP finds this server, and its own pop-ups. */
static int add_misp_only(struct reader *reader, enum family family)
{
	static const char *const names[] = {
	    "services_url",       "services_port",         "ssl_cafile",
	    "ssl_verify_peer",    "ssl_verify_host",       "hover_enable",
	    "hover_popover_only", "ssl_allow_self_signed",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (add_plugin(reader, family, NULL, names[i],
			       (struct option){.set = set_nothing,
					       .is_misp_only = true}) < 0)
			return -1;
	return 0;
}

/* In MISP a timeout of 0 is one that is not set. */
static int add_family(struct reader *reader, enum family family)
{
	struct config *config = reader->config;
	struct option enable = {.set = set_boolean,
				.target = &config->families[family].enabled,
				.number = true};
	struct option timeout = {.set = set_number,
				 .target = &config->families[family].timeout,
				 .most = MOST_SECONDS};
	struct option hover = {.set = set_number,
			       .target = &config->hover_timeout,
			       .most = MOST_SECONDS};

	if (add_plugin(reader, family, NULL, "services_enable", enable) < 0 ||
	    add_plugin(reader, family, NULL, "timeout", timeout) < 0 ||
	    add_misp_only(reader, family) < 0)
		return -1;
	if (family != FAMILY_ENRICHMENT)
		return 0;
	return add_plugin(reader, family, NULL, "hover_timeout", hover);
}

static int add_setting(struct reader *reader, struct module *module, size_t i)
{
	const char *name = module->descriptor->settings[i].name;
	struct option value = {.set = set_setting,
			       .target = &module->settings[i],
			       .is_secret = setting_is_secret(name)};
	struct option lock = {.set = set_boolean,
			      .target = &module->settings[i].locked};
	char *lock_name = NULL;
	int result = -1;

	if (asprintf(&lock_name, "%s_lock", name) < 0)
		return -1;
	if (add_plugin(reader, module->family, module->descriptor->name, name,
		       value) == 0)
		result = add_plugin(reader, module->family,
				    module->descriptor->name, lock_name, lock);
	free(lock_name);
	return result;
}

static int add_module(struct reader *reader, struct module *module)
{
	const struct misp_module *descriptor = module->descriptor;
	/* Named by their last part. A setting of its own goes first. */
	struct option common[] = {
	    {.name = (char *)"enabled",
	     .set = set_boolean,
	     .target = &module->enabled,
	     .number = true},
	    {.name = (char *)"timeout",
	     .set = set_number,
	     .target = &module->timeout,
	     .most = MOST_SECONDS},
	    {.name = (char *)"restrict",
	     .set = set_nothing,
	     .is_misp_only = true},
	    {.name = (char *)"proxy",
	     .set = module_has_host(descriptor) ? set_module_proxy : NULL,
	     .target = &module->proxy},
	    {.name = (char *)"endpoint",
	     .set = module_has_service(descriptor) ? set_endpoint : NULL,
	     .target = &module->endpoint},
	};
	size_t count = module_setting_count(descriptor);

	for (size_t i = 0; i < sizeof(common) / sizeof(*common); i++) {
		const char *last = common[i].name;

		if (common[i].set && !module_has_setting(descriptor, last) &&
		    add_plugin(reader, module->family, descriptor->name, last,
			       common[i]) < 0)
			return -1;
	}
	for (size_t i = 0; i < count; i++)
		if (add_setting(reader, module, i) < 0)
			return -1;
	return 0;
}

static int by_section_and_name(const void *a, const void *b)
{
	const struct option *left = a;
	const struct option *right = b;

	if (left->section != right->section)
		return left->section < right->section ? -1 : 1;
	return strcmp(left->name, right->name);
}

int options_build(struct reader *reader)
{
	struct registry *registry = reader->registry;

	if (add_server(reader) < 0 || add_http(reader) < 0 ||
	    add_dns(reader) < 0 || remote_options_add(reader) < 0)
		return -1;
	for (size_t i = 0; registry && i < FAMILY_COUNT; i++)
		if (add_family(reader, (enum family)i) < 0)
			return -1;
	for (size_t i = 0; registry && i < registry->count; i++)
		if (add_module(reader, &registry->modules[i]) < 0)
			return -1;
	qsort(reader->options, reader->option_count, sizeof(*reader->options),
	      by_section_and_name);
	return 0;
}

void options_free(struct reader *reader)
{
	for (size_t i = 0; i < reader->option_count; i++) {
		free(reader->options[i].name);
		free(reader->options[i].value);
	}
	free(reader->options);
	reader->options = NULL;
	reader->option_count = 0;
}

struct option *options_of(const struct reader *reader, enum section section,
			  size_t *count)
{
	size_t first = 0;
	size_t end;

	while (first < reader->option_count &&
	       reader->options[first].section != section)
		first++;
	end = first;
	while (end < reader->option_count &&
	       reader->options[end].section == section)
		end++;
	*count = end - first;
	return reader->options + first;
}

const struct option *option_find(const struct reader *reader,
				 enum section section, const char *name)
{
	size_t count = 0;
	struct option *options = options_of(reader, section, &count);
	struct option wanted = {.name = (char *)name, .section = section};

	return bsearch(&wanted, options, count, sizeof(*options),
		       by_section_and_name);
}
