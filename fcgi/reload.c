/*
 * reload.c: a reload; see reload.h.
 */
#include "reload.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* "LISTENER BOARD PID PID …" */
#define VARIABLE "MISP_MODULES_RELOAD"

static char program[PATH_MAX];

/* The name with links resolved would be the old file of an upgrade that
 * switches a link; so a path is only made absolute. */
void reload_remember_program(const char *name)
{
	char directory[PATH_MAX];
	ssize_t size;

	if (name[0] == '/') {
		snprintf(program, sizeof(program), "%s", name);
		return;
	}
	if (strchr(name, '/') && getcwd(directory, sizeof(directory)) &&
	    (size_t)snprintf(program, sizeof(program), "%s/%s", directory,
			     name) < sizeof(program))
		return;
	size = readlink("/proc/self/exe", program, sizeof(program) - 1);
	program[size > 0 ? size : 0] = '\0';
}

void handover_take(struct handover *handover)
{
	const char *text = getenv(VARIABLE);
	char *rest;
	long pid;

	*handover = (struct handover){.listener = -1, .board_fd = -1};
	if (!text)
		return;
	handover->listener = (int)strtol(text, &rest, 10);
	handover->board_fd = (int)strtol(rest, &rest, 10);
	handover->board = board_adopt(handover->board_fd);
	while ((pid = strtol(rest, &rest, 10)) > 0) {
		size_t count = handover->worker_count;
		pid_t *workers =
		    realloc(handover->workers, (count + 1) * sizeof(*workers));

		if (!workers)
			break;
		workers[count] = (pid_t)pid;
		handover->workers = workers;
		handover->worker_count = count + 1;
	}
	unsetenv(VARIABLE);
}

void handover_free(struct handover *handover)
{
	free(handover->workers);
	board_release(handover->board, handover->board_fd);
	*handover = (struct handover){.listener = -1, .board_fd = -1};
}

static int handover_leave(int listener, struct board *board, int board_fd,
			  const struct handover *before)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int result = -1;

	if (!out)
		return -1;
	fprintf(out, "%d %d", listener, board_fd);
	for (size_t i = 0; i < board->slot_count; i++) {
		pid_t pid = board_slot(board, i)->pid;

		if (pid > 0)
			fprintf(out, " %ld", (long)pid);
	}
	for (size_t i = 0; i < before->worker_count; i++) {
		if (before->workers[i] > 0)
			fprintf(out, " %ld", (long)before->workers[i]);
	}
	if (fclose(out) == 0)
		result = setenv(VARIABLE, text, 1);
	free(text);
	return result;
}

pid_t reload_check(char *const *arguments, const char *const *files)
{
	char *check[72] = {arguments[0], (char *)"check"};
	size_t count = 2;
	sigset_t none;
	pid_t pid;

	for (size_t i = 0; files[i] && count + 3 < 72; i++) {
		check[count++] = (char *)"--config";
		check[count++] = (char *)files[i];
	}
	pid = fork();
	if (pid != 0)
		return pid;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* Only the errors, which go to stderr. */
	if (freopen("/dev/null", "w", stdout))
		execv(program, check);
	_exit(EXIT_FAILURE);
}

static void keep_on_exec(int fd, bool keep)
{
	fcntl(fd, F_SETFD, keep ? 0 : FD_CLOEXEC);
}

void reload_execute(char *const *arguments, int listener, struct board *board,
		    int board_fd, const struct handover *before)
{
	int error;

	if (handover_leave(listener, board, board_fd, before) != 0)
		return;
	keep_on_exec(listener, true);
	keep_on_exec(board_fd, true);
	execv(program, arguments);
	error = errno;
	keep_on_exec(listener, false);
	keep_on_exec(board_fd, false);
	unsetenv(VARIABLE);
	errno = error;
}
