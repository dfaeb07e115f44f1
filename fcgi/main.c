/*
 * main.c: the command line of misp-modules.fcgi.
 */
#include "command.h"

#include "listener.h"
#include "reload.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: misp-modules.fcgi serve [--config FILE]… [--socket PATH] "
    "[--workers N]\n"
    "       misp-modules.fcgi check [--config FILE]…\n"
    "       misp-modules.fcgi modules [--config FILE]… [--table]\n"
    "       misp-modules.fcgi query [--config FILE]… MODULE [TYPE=VALUE | "
    "--attribute TYPE=VALUE | --file PATH]… [--set NAME=VALUE]…\n"
    "       misp-modules.fcgi settings < settings.json > conf.d/plugin.conf\n"
    "       misp-modules.fcgi        with a listening socket on fd 0: one "
    "worker, for mod_fcgid\n"
    "\n"
    "serve takes its connections from --socket, or from a listening socket on "
    "fd 0.\n"
    "The configuration is " SYSCONFDIR
    "/misp-modules.conf unless --config or the\n"
    "environment variable MISP_MODULES_CONFIG names another.\n";

static const struct {
	const char *name;
	int (*run)(const struct command_options *options);
} commands[] = {
    {"serve", command_serve},       {"check", command_check},
    {"modules", command_modules},   {"query", command_query},
    {"settings", command_settings},
};

enum {
	OPTION_CONFIG = 1,
	OPTION_SOCKET,
	OPTION_WORKERS,
	OPTION_TABLE,
	OPTION_HELP
};

static const struct option long_options[] = {
    {"config", required_argument, NULL, OPTION_CONFIG},
    {"socket", required_argument, NULL, OPTION_SOCKET},
    {"workers", required_argument, NULL, OPTION_WORKERS},
    {"table", no_argument, NULL, OPTION_TABLE},
    {"help", no_argument, NULL, OPTION_HELP},
    {0}};

static int number_read(const char *text, long min, long max, long *number)
{
	char *end;
	long value;

	errno = 0;
	value = strtol(text, &end, 10);
	if (errno != 0 || end == text || *end || value < min || value > max)
		return -1;
	*number = value;
	return 0;
}

/* Reads the options up to the first word that is none; 0, or -1 to stop with
 * *status. */
static int options_read(int argc, char **argv, struct command_options *options,
			int *status)
{
	size_t files = 0;
	int option;

	*status = EXIT_FAILURE;
	while ((option = getopt_long(argc, argv, "+h", long_options, NULL)) !=
	       -1) {
		switch (option) {
		case OPTION_CONFIG:
			options->files[files++] = optarg;
			break;
		case OPTION_SOCKET:
			options->socket = optarg;
			break;
		case OPTION_WORKERS:
			if (number_read(optarg, 1, 1024, &options->workers) ==
			    0)
				break;
			fprintf(stderr,
				"--workers takes a number from 1 to 1024, not "
				"%s\n",
				optarg);
			return -1;
		case OPTION_TABLE:
			options->table = true;
			break;
		case 'h':
		case OPTION_HELP:
			fputs(usage, stdout);
			*status = EXIT_SUCCESS;
			return -1;
		default:
			fputs(usage, stderr);
			return -1;
		}
	}
	if (files == 0 && getenv("MISP_MODULES_CONFIG"))
		options->files[0] = getenv("MISP_MODULES_CONFIG");
	return 0;
}

static int command_find(const char *name,
			int (**run)(const struct command_options *options))
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (!strcmp(commands[i].name, name)) {
			*run = commands[i].run;
			return 0;
		}
	}
	fprintf(stderr, "there is no command \"%s\"\n%s", name, usage);
	return -1;
}

/* Whoever starts us may have closed 0, 1 or 2: what is opened later must not
 * take their place, or the log would be written into it. */
static int descriptors_fill(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
		if (fd < 0)
			return -1;
	} while (fd <= STDERR_FILENO);
	return close(fd);
}

int main(int argc, char **argv)
{
	struct command_options options = {.arguments = argv};
	int (*run)(const struct command_options *options) = command_fcgid;
	int status = EXIT_FAILURE;

	if (descriptors_fill() != 0)
		return EXIT_FAILURE;
	/* Where that is ignored nobody learns how a child has ended. */
	signal(SIGCHLD, SIG_DFL);
	reload_remember_program(argv[0]);
	/* No more files than words; one for the NULL, one for the default. */
	options.files = calloc((size_t)argc + 2, sizeof(*options.files));
	if (!options.files)
		return EXIT_FAILURE;
	if (argc > 1 && argv[1][0] != '-') {
		if (command_find(argv[1], &run) != 0)
			goto done;
		argc--;
		argv++;
	}
	if (options_read(argc, argv, &options, &status) != 0)
		goto done;
	options.rest = argv + optind;
	if (run != command_query && options.rest[0]) {
		fprintf(stderr,
			"\"%s\" is one word too many (a configuration file is "
			"named with --config)\n%s",
			options.rest[0], usage);
		goto done;
	}
	if (run == command_fcgid && !listener_is(STDIN_FILENO)) {
		fputs("standard input is no listening socket: nothing to serve "
		      "from\n",
		      stderr);
		fputs(usage, stderr);
		goto done;
	}
	status = run(&options);
done:
	free(options.files);
	return status;
}
