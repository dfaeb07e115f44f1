/*
 * command_settings.c: MISP's own settings as a configuration file; see
 * command.h.
 */
#include "command.h"

#include "config.h"
#include "registry.h"
#include "server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* There may be keys in it: a file is not for everybody. */
static void output_close_to_others(void)
{
	struct stat status;

	if (fstat(STDOUT_FILENO, &status) == 0 && S_ISREG(status.st_mode) &&
	    fchmod(STDOUT_FILENO, status.st_mode & 0770) != 0)
		fprintf(stderr,
			"others may be able to read the file, and keys are in "
			"it: chmod o-r it (%s)\n",
			strerror(errno));
}

int command_settings(const struct command_options *options)
{
	struct config config;
	struct registry registry = {0};
	json_error_t parse_error;
	char error[256];
	json_t *settings;
	int status = EXIT_FAILURE;

	if (config_init(&config) < 0)
		return EXIT_FAILURE;
	output_close_to_others();
	/* Only the modules matter: an existing file may well be broken. */
	config_read_server(&config, server_files(options->files));
	if (registry_load(&registry, config.modules) < 0)
		fprintf(stderr, "The modules in %s cannot be read: %s\n",
			config.modules, strerror(errno));
	settings = json_loadf(stdin, 0, &parse_error);
	if (!settings)
		/* The parser's own words quote what is there: a key, maybe. */
		fprintf(stderr,
			"standard input is not JSON: line %d, column %d\n",
			parse_error.line, parse_error.column);
	else if (settings_convert(settings, &registry, stdout, error,
				  sizeof(error)) != 0)
		fprintf(stderr, "%s\n", error);
	else
		status = EXIT_SUCCESS;
	json_decref(settings);
	registry_free(&registry);
	config_free(&config);
	return status;
}
