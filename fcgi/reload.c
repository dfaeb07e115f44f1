/*
 * reload.c: a reload; see reload.h.
 */
#include "reload.h"

#include "log.h"
#include "misp-text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* "LISTENER OWN_SOCKET BOARD… -1 PID…" */
#define VARIABLE "MISP_MODULES_RELOAD"
/* "LISTENER PID BEFORE" of the Python modules' program */
#define VARIABLE_PYTHON "MISP_MODULES_RELOAD_PYTHON"
/* Set for a check. */
#define VARIABLE_CHECK "MISP_MODULES_RELOAD_CHECK"

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

static void close_on_exec(int fd, bool close)
{
	fcntl(fd, F_SETFD, close ? FD_CLOEXEC : 0);
}

static void take_board(struct handover *handover, int fd)
{
	struct board *board = NULL;

	close_on_exec(fd, true);
	if (handover->board_count < HANDOVER_BOARDS)
		board = board_adopt(fd);
	if (!board) {
		close(fd);
		return;
	}
	/* The new workers have no use for it. */
	madvise(board, board->size, MADV_DONTFORK);
	handover->boards[handover->board_count] = board;
	handover->board_fds[handover->board_count++] = fd;
}

static int take_worker(struct handover *handover, pid_t pid)
{
	size_t count = handover->worker_count;
	pid_t *workers =
	    realloc(handover->workers, (count + 1) * sizeof(*workers));

	if (!workers)
		return -1;
	workers[count] = pid;
	handover->workers = workers;
	handover->worker_count = count + 1;
	return 0;
}

static void take_python(struct python_program *python)
{
	const char *text = getenv(VARIABLE_PYTHON);
	char *rest;

	*python = (struct python_program){.listener = -1};
	if (!text)
		return;
	python->listener = (int)strtol(text, &rest, 10);
	python->pid = (pid_t)strtol(rest, &rest, 10);
	python->before = (pid_t)strtol(rest, &rest, 10);
	python->born = misp_now();
	if (python->listener >= 0)
		close_on_exec(python->listener, true);
	unsetenv(VARIABLE_PYTHON);
}

void handover_take(struct handover *handover)
{
	const char *text = getenv(VARIABLE);
	char *rest;
	long number;

	*handover = (struct handover){.listener = -1};
	take_python(&handover->python);
	if (!text)
		return;
	handover->listener = (int)strtol(text, &rest, 10);
	handover->own_socket = strtol(rest, &rest, 10) != 0;
	while ((number = strtol(rest, &rest, 10)) > 0)
		take_board(handover, (int)number);
	while ((number = strtol(rest, &rest, 10)) > 0) {
		if (take_worker(handover, (pid_t)number) != 0)
			break;
	}
	unsetenv(VARIABLE);
}

void handover_tidy(struct handover *handover)
{
	size_t kept = 0;

	for (size_t i = 0; i < handover->board_count; i++) {
		struct board *board = handover->boards[i];
		int fd = handover->board_fds[i];

		if (!board_in_use(board)) {
			board_release(board, fd);
			continue;
		}
		handover->boards[kept] = board;
		handover->board_fds[kept++] = fd;
	}
	handover->board_count = kept;
}

void handover_free(struct handover *handover)
{
	free(handover->workers);
	for (size_t i = 0; i < handover->board_count; i++)
		board_release(handover->boards[i], handover->board_fds[i]);
	*handover =
	    (struct handover){.listener = -1, .python = {.listener = -1}};
}

static void leave_workers(FILE *out, struct board *board,
			  const struct handover *handover)
{
	for (size_t i = 0; board && i < board->slot_count; i++) {
		pid_t pid = board_slot(board, i)->pid;

		if (pid > 0)
			fprintf(out, " %ld", (long)pid);
	}
	for (size_t i = 0; i < handover->worker_count; i++) {
		if (handover->workers[i] > 0)
			fprintf(out, " %ld", (long)handover->workers[i]);
	}
}

static int leave_python(const struct python_program *python, bool keep)
{
	char text[64];
	pid_t pid = python->pid, before = python->before;

	if (!keep) {
		/* One that has not taken over yet is not waited for. */
		if (before > 0 && pid > 0)
			kill(pid, SIGTERM);
		before = before > 0 ? before : pid;
		pid = 0;
	}
	snprintf(text, sizeof(text), "%d %ld %ld", python->listener, (long)pid,
		 (long)before);
	return setenv(VARIABLE_PYTHON, text, 1);
}

static int handover_leave(const struct handover *handover, struct board *board,
			  int board_fd)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = misp_text_file(NULL, &text, &size);
	int result = -1;

	if (!out)
		return -1;
	fprintf(out, "%d %d", handover->listener, handover->own_socket);
	if (board)
		fprintf(out, " %d", board_fd);
	for (size_t i = 0; i < handover->board_count; i++)
		fprintf(out, " %d", handover->board_fds[i]);
	fputs(" -1", out);
	leave_workers(out, board, handover);
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
	setenv(VARIABLE_CHECK, "1", 1);
	if (freopen("/dev/null", "w", stdout))
		execv(program, check);
	log_message(LOG_LEVEL_ERROR, "cannot execute %s: %s", program,
		    strerror(errno));
	_exit(EXIT_FAILURE);
}

bool reload_is_checking(void)
{
	return getenv(VARIABLE_CHECK) != NULL;
}

static void pass_on(const struct handover *handover, int board_fd, bool pass)
{
	close_on_exec(handover->listener, !pass);
	if (handover->python.listener >= 0)
		close_on_exec(handover->python.listener, !pass);
	if (board_fd >= 0)
		close_on_exec(board_fd, !pass);
	for (size_t i = 0; i < handover->board_count; i++)
		close_on_exec(handover->board_fds[i], !pass);
}

void reload_execute(char *const *arguments, const struct handover *handover,
		    struct board *board, int board_fd, bool keep_python)
{
	int error;

	if (handover_leave(handover, board, board_fd) != 0 ||
	    leave_python(&handover->python, keep_python) != 0)
		return;
	pass_on(handover, board_fd, true);
	execv(program, arguments);
	error = errno;
	pass_on(handover, board_fd, false);
	unsetenv(VARIABLE);
	unsetenv(VARIABLE_PYTHON);
	errno = error;
}
