/*
 * remote.h: other module servers whose modules are served here as well, and
 * the Python modules, which are served by a program of their own.
 *
 * What a remote has told of its modules lies in the cache folder: it is read
 * at the start (remote_list.c), fetched anew in the background
 * (remote_fetch.c), and a list that has changed is a reason to reload.
 */
#ifndef FCGI_REMOTE_H
#define FCGI_REMOTE_H

#include "net.h"

#include <jansson.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/* A remote is an index: of none for modules of our own, then of the Python
 * modules, then of the sections of the configuration. */
#define REMOTES 16
#define REMOTE_NONE 0
#define REMOTE_PYTHON 1
#define REMOTE_PYTHON_NAME "Python modules" /* no name of a section */
#define REMOTE_URLS 8

/* A list of texts. */
struct words {
	char **items;
	size_t count;
};

bool words_have(const struct words *words, const char *word);

/* As the configuration has it (config_remote.c). */
struct remote {
	char *name;           /* NULL: there is none at this place */
	struct words urls;    /* of servers that are the same to us */
	struct words modules; /* patterns (fnmatch) of names; none: all */
	bool prefer;          /* those that modules names win over ours */
	long timeout;         /* seconds; 0: not set */
	long max_workers;     /* that it may hold at once; 0: not set */
	const char *ca_file;
	const char *user;
	const char *password;
	const char *proxy;   /* a URL or "none"; NULL: as for modules */
	struct misp_net net; /* all of it borrowed */
};

/* What it has told, as its list was read. */
struct remote_told {
	bool there;     /* it may tell of modules, and of others tomorrow */
	size_t modules; /* those that are hidden as well */
	size_t hidden;  /* their names are taken */
	time_t when;    /* 0: never */
};

/* python { … }, beside the remote that the modules are. */
struct python {
	char *interpreter;
	long workers;
	struct words path; /* folders and packages with modules */
};

/* The folder of the lists in the cache folder: its time is that of the last
 * change of a list. */
#define REMOTE_LISTS "lists"

struct config;
struct registry;
struct server;
struct misp_module;

/* Whether there is a remote at this place. */
static inline bool remote_is_there(const struct remote *remote)
{
	return remote->name != NULL;
}

/* ---- Their lists (remote_list.c) ---- */

/* Whether there is any beside the Python modules. */
bool remote_is_configured(const struct config *config);

/* Makes the folder of the lists if there is anybody to tell any. An error is a
 * line in the log: there are just no modules of theirs. */
void remote_lists_open(const struct config *config);

/* When a list has changed last; 0: there is none. */
struct timespec remote_lists_time(const struct config *config);

/*
 * Adds the modules that the remotes have told of. One that is no module is a
 * failure in the registry; one whose name is taken is left out, unless its
 * remote is preferred. Returns 0; -1 without memory.
 */
int remote_lists_load(struct config *config, struct registry *registry);

/* Keeps modules (the array of /modules) as what the remote has told, if they
 * differ from what is kept. 1: they did; 0: no; -1 with errno. */
int remote_list_keep(const struct config *config, const struct remote *remote,
		     json_t *modules);

/* ---- Their descriptors (remote_module.c) ---- */

/* What is held for a module that a remote has told of. */
struct remote_module;

/*
 * The descriptor of a module from an entry of /modules (borrowed). NULL, with
 * the reason in *problem, when it is none. Freed with remote_module_free.
 */
struct remote_module *remote_module_make(json_t *told, const char **problem);
const struct misp_module *
remote_module_descriptor(const struct remote_module *module);
/* The entry of /modules. */
json_t *remote_module_told(const struct remote_module *module);
void remote_module_free(struct remote_module *module);

/* ---- Asking them (remote_fetch.c) ---- */

/*
 * Asks the server at one of a remote's URLs for its modules, for at most so
 * many milliseconds. The array (new reference), or NULL with the reason in
 * words.
 */
json_t *remote_fetch(const struct remote *remote, const char *url,
		     long milliseconds, char *reason, size_t size);

/* What the process does that looks after the remotes until it is told to stop
 * (*stop). Signals are let through while it waits. */
int remote_fetch_loop(struct server *server, bool (*stop_is_asked)(void),
		      const sigset_t *while_waiting);

#endif
