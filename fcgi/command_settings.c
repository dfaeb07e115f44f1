/*
 * command_settings.c: MISP's own settings as a configuration file; see
 * command.h.
 */
#include "command.h"

#include "server.h"

#include <stdio.h>
#include <stdlib.h>

int command_settings(const struct command_options *options)
{
	struct server server;
	json_error_t parse_error;
	char error[256];
	json_t *settings;
	int status = EXIT_FAILURE;

	/* Only the modules matter: an existing file may well be broken. */
	server_load(&server, options->files);
	settings = json_loadf(stdin, 0, &parse_error);
	if (!settings)
		fprintf(stderr, "standard input is not JSON: %s (line %d)\n",
			parse_error.text, parse_error.line);
	else if (settings_convert(settings, &server.registry, stdout, error,
				  sizeof(error)) != 0)
		fprintf(stderr, "%s\n", error);
	else
		status = EXIT_SUCCESS;
	json_decref(settings);
	server_free(&server);
	return status;
}
