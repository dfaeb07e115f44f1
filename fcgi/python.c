/*
 * python.c: starts the program that serves the Python modules; see python.h.
 */
#include "python.h"

#include "backoff.h"
#include "listener.h"
#include "log.h"
#include "memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM "python/pool.py"
#define LOADING "python.loading"
/* Below it are the program's standard files. */
#define FIRST_FD 3

/* In milliseconds. */
#define LIVED_LONG_ENOUGH 2000 /* not to have failed at its start */
#define STARTED 500            /* to have been executed */
#define STOP_GRACE 2000        /* for one that no query is with */
#define BACKOFF_FIRST 200
#define BACKOFF_LAST 10000

/* ---- Whether there are any ---- */

static int is_python(const struct dirent *entry)
{
	const char *ending = strrchr(entry->d_name, '.');

	return !strchr("._", entry->d_name[0]) && ending &&
	       strcmp(ending, ".py") == 0;
}

static bool folder_has_python(const char *modules, const char *family)
{
	char *folder = NULL;
	bool found = false;
	DIR *entries;

	if (asprintf(&folder, "%s/%s", modules, family) < 0)
		return false;
	entries = opendir(folder);
	free(folder);
	for (struct dirent *entry = NULL;
	     entries && !found && (entry = readdir(entries));)
		found = is_python(entry);
	if (entries)
		closedir(entries);
	return found;
}

/* Whether there are any in a folder; a package is for Python to find. */
static bool place_has_python(const char *place)
{
	bool found = !strchr(place, '/');
	char *inner = NULL;

	for (size_t i = 0; !found && i < FAMILY_COUNT; i++)
		found = folder_has_python(place, families[i].folder);
	if (!found && asprintf(&inner, "%s/modules", place) >= 0) {
		for (size_t i = 0; !found && i < FAMILY_COUNT; i++)
			found = folder_has_python(inner, families[i].folder);
		free(inner);
	}
	return found;
}

bool python_is_wanted(const struct config *config)
{
	const struct words *path = &config->python.path;
	bool wanted = place_has_python(config->modules);

	for (size_t i = 0; !wanted && i < path->count; i++)
		wanted = place_has_python(path->items[i]);
	return wanted;
}

/* ---- The socket ---- */

/* One a manager: several may share the cache folder (mod_fcgid). */
static int listener_new(const char *path)
{
	int listener;

	unlink(path);
	listener = listener_open(path);
	if (listener >= 0)
		chmod(path, 0600);
	return listener;
}

/* The path of the socket; false after a line in the log. */
static bool socket_path(struct server *server)
{
	const size_t size = sizeof(server->python_socket);
	int length = snprintf(server->python_socket, size, "%s/python-%ld.sock",
			      server->config.cache, (long)getpid());

	if (length > 0 && (size_t)length < size)
		return true;
	log_message(LOG_LEVEL_ERROR,
		    "the path of the cache folder is too long for the socket "
		    "of the Python modules: %s",
		    server->config.cache);
	return false;
}

void python_open(struct server *server, struct python_program *program)
{
	int *listener = &program->listener;
	bool wanted = python_is_wanted(&server->config) && socket_path(server);

	if (*listener >= 0 &&
	    !(wanted && listener_is_at(*listener, server->python_socket))) {
		listener_remove(*listener);
		close(*listener);
		*listener = -1;
	}
	if (wanted && *listener < 0)
		*listener = listener_new(server->python_socket);
	if (*listener >= 0)
		return;
	server->python_socket[0] = '\0';
	python_signal(program, SIGTERM);
}

/* ---- The program ---- */

/* Its command line. */
struct command {
	char **words;
	size_t count;
	bool no_memory;
};

static void add(struct command *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void add(struct command *command, const char *format, ...)
{
	char **longer =
	    reallocarray(command->words, command->count + 2, sizeof(*longer));
	va_list arguments;

	if (!longer) {
		command->no_memory = true;
		return;
	}
	command->words = longer;
	va_start(arguments, format);
	if (vasprintf(&longer[command->count], format, arguments) < 0)
		command->no_memory = true;
	else
		command->count++;
	va_end(arguments);
	longer[command->count] = NULL;
}

static void add_option(struct command *command, const char *name, long number)
{
	add(command, "%s", name);
	add(command, "%ld", number);
}

static void command_build(struct command *command, const struct server *server,
			  pid_t replaces)
{
	const struct config *config = &server->config;
	const struct python *python = &config->python;

	add(command, "%s", python->interpreter);
	add(command, "%s/" PROGRAM, config->modules);
	add_option(command, "--listen", FIRST_FD);
	add(command, "--list");
	add(command, "%s/" REMOTE_LISTS "/python.json", config->cache);
	add(command, "--loading");
	add(command, "%s/" LOADING, config->cache);
	add_option(command, "--workers", python->workers);
	add_option(command, "--most",
		   config->remotes[REMOTE_PYTHON].max_workers +
		       python->workers);
	add_option(command, "--max-body", (long)config->max_request);
	if (replaces > 0)
		add_option(command, "--replaces", replaces);
	if (config->log_values)
		add(command, "--values");
	add(command, "--");
	add(command, "%s", config->modules);
	for (size_t i = 0; i < python->path.count; i++)
		add(command, "%s", python->path.items[i]);
}

/* It finds signals and standard files as any program does: standard input may
 * be the socket of the web server. */
static int process_prepare(int listener)
{
	sigset_t none;
	int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0)
		return -1;
	/* dup2 would leave it close-on-exec if it were the same. */
	if (listener == FIRST_FD)
		return fcntl(listener, F_SETFD, 0);
	return dup2(listener, FIRST_FD) < 0 ? -1 : 0;
}

/* Returns only when it cannot be executed. */
static void execute(const struct server *server,
		    const struct python_program *program)
{
	struct command command = {0};

	command_build(&command, server, program->before);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	memory_limit(server->config.max_memory);
	if (!command.no_memory && process_prepare(program->listener) == 0)
		execvp(command.words[0], command.words);
	log_message(LOG_LEVEL_ERROR,
		    "cannot start the Python modules: %s: %s (python { "
		    "interpreter })",
		    server->config.python.interpreter, strerror(errno));
}

/* ---- While the manager runs ---- */

static void wait_longer(struct python_program *program)
{
	program->backoff =
	    backoff_longer(program->backoff, BACKOFF_FIRST, BACKOFF_LAST);
	program->not_until = misp_now() + program->backoff;
}

static void start(struct server *server, struct python_program *program)
{
	program->born = misp_now();
	program->pid = fork();
	if (program->pid == 0) {
		execute(server, program);
		_exit(EXIT_FAILURE);
	}
	if (program->pid > 0)
		return;
	program->pid = 0;
	log_message(LOG_LEVEL_ERROR, "cannot start the Python modules: %s",
		    strerror(errno));
	wait_longer(program);
}

void python_tend(struct server *server, struct python_program *program)
{
	if (program->listener < 0)
		return;
	if (!program->pid && misp_now() >= program->not_until)
		start(server, program);
	if (!program->pid)
		return;
	if (misp_now() - program->born > LIVED_LONG_ENOUGH)
		program->backoff = 0;
	if (misp_now() - program->born > STARTED)
		server->board->remotes[REMOTE_PYTHON].down = false;
}

bool python_reap(struct server *server, struct python_program *program,
		 pid_t pid, int status)
{
	if (pid == program->before) {
		program->before = 0;
		return true;
	}
	if (pid != program->pid)
		return false;
	program->pid = 0;
	if (WIFSIGNALED(status))
		log_message(LOG_LEVEL_ERROR,
			    "the program of the Python modules ended by signal "
			    "%d (%s)",
			    WTERMSIG(status), strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status) != EXIT_SUCCESS)
		log_message(LOG_LEVEL_ERROR,
			    "the program of the Python modules ended with "
			    "status %d",
			    WEXITSTATUS(status));
	if (misp_now() - program->born < LIVED_LONG_ENOUGH) {
		/* After one failure queries wait for the next start. */
		server->board->remotes[REMOTE_PYTHON].down =
		    program->backoff > 0 && !program->before;
		wait_longer(program);
	}
	return true;
}

void python_signal(const struct python_program *program, int signal)
{
	if (program->pid > 0)
		kill(program->pid, signal);
	if (program->before > 0)
		kill(program->before, signal);
}

bool python_stopped(struct python_program *program)
{
	if (program->pid <= 0 && program->before <= 0)
		return true;
	if (!program->kill_at)
		program->kill_at = misp_now() + STOP_GRACE;
	python_signal(program,
		      misp_now() < program->kill_at ? SIGTERM : SIGKILL);
	return false;
}

/* ---- What it says ---- */

size_t python_print_loading(const struct config *config, const char *before,
			    FILE *out)
{
	size_t count = 0, size = 0;
	char *path = NULL, *line = NULL;
	FILE *file = NULL;

	if (asprintf(&path, "%s/" LOADING, config->cache) >= 0)
		file = fopen(path, "re");
	while (file && getline(&line, &size, file) > 0) {
		line[strcspn(line, "\n")] = '\0';
		fprintf(out, "%s%s\n", before, line);
		count++;
	}
	if (file)
		fclose(file);
	free(line);
	free(path);
	return count;
}
