/*
 * config.h: the configuration file: libconfuse, in MISP's own names.
 *
 * Files are merged in the order given, each followed by conf.d/ beside it
 * (*.conf, by name). The options of the Plugin section come from the loaded
 * modules. All errors are collected, not the first alone.
 */
#ifndef FCGI_CONFIG_H
#define FCGI_CONFIG_H

#include "net.h"
#include "registry.h"
#include "remote.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum log_target { LOG_TO_STDERR, LOG_TO_SYSLOG };

/* The family settings of MISP that mean something here. */
struct family_config {
	bool enabled; /* <Family>_services_enable; true when not set */
	long timeout; /* seconds; 0: not set */
};

struct config {
	/* server { … } */
	long workers;
	long timeout;        /* seconds: deadline where nothing else is set */
	size_t max_request;  /* bytes of a body */
	size_t max_memory;   /* bytes a worker may use; 0: no limit */
	char *modules;       /* directory of the plugins */
	char *cache;         /* folder of what remotes have told */
	char *socket;        /* NULL: fd 0 */
	enum log_target log; /* log = "stderr" or "syslog" */
	bool log_values;     /* indicators' values may appear in the log */

	/* http { … } and dns { … }; the strings in it are ours. */
	struct misp_net net;

	/* python { … }, and remote NAME { … } behind it. */
	struct python python;
	struct remote remotes[REMOTES];

	/* Plugin { … } beside the modules' own */
	struct family_config families[FAMILY_COUNT];
	long hover_timeout; /* seconds; 0: not set */

	/* Lines for `check`: settings accepted that only MISP uses, … */
	char **notes;
	size_t note_count;
	/* "FILE:LINE: what is wrong"; the configuration holds when empty. */
	char **errors;
	size_t error_count;
};

/* Where the file is when nothing names one. */
#define CONFIG_DEFAULT_PATH SYSCONFDIR "/misp-modules.conf"

/* What holds when the file says nothing. */
enum {
	CONFIG_WORKERS = 32,
	CONFIG_TIMEOUT = 60,
	CONFIG_MAX_REQUEST = 256 << 20,
	CONFIG_PYTHON_WORKERS = 8,
};
#define CONFIG_INTERPRETER "/usr/bin/python3"
#define CONFIG_MAX_MEMORY (2L << 30)

/* Where that folder is when nothing names one: systemd's for us, if there is
 * one. */
const char *config_cache_default(void);

/* A configuration with no file read: the defaults. -1 without memory. */
int config_init(struct config *config);

/*
 * Reads the sections other than Plugin (those that say where the modules
 * are) from the NULL-terminated list of files, over what config held before
 * (it must have been initialised). A file that is missing is an error.
 * Returns 0; -1 when config->errors is not empty or memory ran out.
 */
int config_read_server(struct config *config, const char *const *files);

/*
 * Reads everything anew (what config pointed to is freed), with the Plugin
 * options of the registry's modules, and sets the modules' enabled, timeout,
 * proxy, endpoint and settings; enabled is false as well when the family is. An
 * unknown name is an error that says file, line, name and the nearest known
 * name. A file that holds a secret and is readable by others is an error.
 * Returns as above.
 */
int config_read(struct config *config, const char *const *files,
		struct registry *registry);

void config_free(struct config *config);

/* Overwrites what the modules other than own, and the proxy, are set to: only
 * for a process that asks for none of it any more. */
void config_forget(struct config *config, struct registry *registry,
		   const struct module *own);

/* Whether MISP would hide the value of a setting of this name. */
bool setting_is_secret(const char *name);

/* Whether a setting of this name is a part of what its owner proves himself
 * with: a secret, or whose it is. */
bool setting_is_credential(const char *name);

/*
 * Writes a configuration file made from MISP's own settings (the JSON of
 * `cake Admin getSetting all` or of /servers/serverSettings.json). Names that
 * no loaded module has are written as comments. Returns 0; -1 with a message
 * in error when it is no such JSON.
 */
int settings_convert(json_t *misp_settings, const struct registry *registry,
		     FILE *out, char *error, size_t size);

#endif
