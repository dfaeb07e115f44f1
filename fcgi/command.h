/*
 * command.h: the commands of misp-modules.fcgi. Each returns the status to
 * exit with.
 */
#ifndef FCGI_COMMAND_H
#define FCGI_COMMAND_H

#include <stdbool.h>

/* What stands behind the command's name. */
struct command_options {
	const char **files; /* --config, NULL-terminated */
	const char *socket; /* --socket; NULL: not given */
	long workers;       /* --workers; 0: not given */
	bool table;         /* --table */
	char **arguments;   /* the whole command line */
	char **rest;        /* what is no option, NULL-terminated */
};

/* Manager and workers, until a signal stops them. */
int command_serve(const struct command_options *options);

/* One worker on fd 0: what mod_fcgid starts, without any argument. */
int command_fcgid(const struct command_options *options);

/*
 * Prints what configuration is in force, and of every module whether it is
 * loaded, off, or why it could not be loaded; never the value of a setting.
 * Success when the configuration holds.
 */
int command_check(const struct command_options *options);

/* Prints the /modules answer; with --table, a Markdown table of the modules. */
int command_modules(const struct command_options *options);

/* Asks a module, as /query does, and prints the answer. */
int command_query(const struct command_options *options);

/* Reads MISP's settings from standard input, prints a configuration file. */
int command_settings(const struct command_options *options);

#endif
