/*
 * cage.c: a process for one piece of work; see cage.h.
 *
 * The child shares no memory with anybody, has no descriptor but the pipe, and
 * dies with its parent: the parent's watchdog is the child's as well.
 */
#include "cage.h"

#include "cage_lock.h"
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PIPE_FD 3
#define PIPE_SIZE (1 << 20)
/* Exit statuses by which the child says what became of it. */
#define EXIT_NO_MEMORY 87
#define EXIT_BROKEN 88
/* The record that says why, when the cage cannot be closed. */
#define KIND_BROKEN '\0'
/* A record is small or the answer: who sends more of them is up to no good. */
#define MOST_RECORDS 10000

/* Before each record. */
struct record {
	char kind;
	uint64_t size;
};

/* ---- In the child ---- */

/* A library that is out of memory often notices by a crash. */
static void on_crash(int signal)
{
	struct sigaction fallback = {.sa_handler = SIG_DFL};

	if (guard_out_of_memory())
		_exit(EXIT_NO_MEMORY);
	/* What happened happens again, and ends the process. */
	sigaction(signal, &fallback, NULL);
}

static void signals_reset(void)
{
	static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigset_t none;

	for (int signal = 1; signal < NSIG; signal++)
		sigaction(signal, &action, NULL);
	action.sa_handler = on_crash;
	action.sa_flags = SA_ONSTACK;
	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++)
		sigaction(faults[i], &action, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* When memory is short, the kernel ends the cage before it ends a worker. */
static void volunteer(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, "1000", 4) != 4)
		errno = 0; /* then it is like any other */
	close(fd);
}

/* Keeps the pipe alone; what a library prints goes nowhere. */
static bool descriptors_close(int pipe)
{
	int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (nowhere < 0)
		return false;
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
#ifdef __SANITIZE_ADDRESS__ /* Its report shall be seen. */
		if (fd == STDERR_FILENO)
			break;
#endif
		if (dup2(nowhere, fd) < 0)
			return false;
	}
	if (pipe != PIPE_FD && dup2(pipe, PIPE_FD) < 0)
		return false;
	return close_range(PIPE_FD + 1, ~0U, 0) == 0;
}

/* The environment may hold what the configuration takes from it. It lies on
 * the first page of the stack. */
static bool environment_forget(void)
{
	extern char **environ;

	for (char **entry = environ; entry && *entry; entry++)
		explicit_bzero(*entry, strlen(*entry));
	return clearenv() == 0 &&
	       /* No thread can be had, and nobody's home be read. */
	       setenv("OMP_THREAD_LIMIT", "1", 1) == 0 &&
	       setenv("HOME", "/nonexistent", 1) == 0;
}

static _Noreturn void child_run(const struct cage *cage, int pipe, pid_t parent)
{
	const char *broken = NULL;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* It may have died before that. */
	if (getppid() != parent)
		_exit(EXIT_FAILURE);
	signals_reset();
	volunteer();
	cage->forget(cage->context);
	if (!descriptors_close(pipe))
		broken = "its descriptors could not be closed";
	else if (!environment_forget())
		broken = "its environment could not be emptied";
	if (!broken)
		broken = cage_lock(cage->reads, cage->memory, cage->seconds);
	if (broken) {
		cage_say(KIND_BROKEN, broken, strlen(broken));
		_exit(EXIT_BROKEN);
	}
	cage->work(cage->context);
	_exit(EXIT_SUCCESS);
}

static void say(const void *bytes, size_t size)
{
	while (size > 0) {
		ssize_t written = write(PIPE_FD, bytes, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			_exit(EXIT_FAILURE);
		bytes = (const char *)bytes + written;
		size -= (size_t)written;
	}
}

void cage_say(char kind, const char *bytes, size_t size)
{
	struct record record;

	memset(&record, 0, sizeof(record)); /* its padding as well */
	record.kind = kind;
	record.size = size;
	say(&record, sizeof(record));
	say(bytes, size);
}

/* ---- On this side ---- */

/* Reads size bytes, fewer when there are no more. */
static size_t hear(int pipe, void *bytes, size_t size)
{
	size_t heard = 0;

	while (heard < size) {
		ssize_t got = read(pipe, (char *)bytes + heard, size - heard);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		heard += (size_t)got;
	}
	return heard;
}

/* Why the cage could not be closed: the first record, from our own code. */
static void hear_broken(struct cage *cage, char *bytes)
{
	snprintf(cage->broken, sizeof(cage->broken), "%s", bytes);
	free(bytes);
}

/* Hears a record to its end; false when there is no further one. What is none
 * says so in *end; of one that is cut short the child's end says more. */
static bool hear_record(struct cage *cage, int pipe, size_t *left,
			enum cage_end *end)
{
	struct record record;
	char *bytes = NULL;

	if (hear(pipe, &record, sizeof(record)) < sizeof(record))
		return false;
	if (record.size > *left)
		*end = CAGE_ANSWER;
	else if (!(bytes = malloc(record.size + 1)))
		*end = CAGE_MEMORY;
	if (!bytes)
		return false;
	*left -= record.size;
	if (hear(pipe, bytes, record.size) < record.size) {
		free(bytes);
		return false;
	}
	bytes[record.size] = '\0';
	if (record.kind == KIND_BROKEN)
		hear_broken(cage, bytes);
	else
		cage->hear(cage->context, record.kind, bytes, record.size);
	return true;
}

/* Hears all the child says; CAGE_DONE when there is something, and it is all
 * right so far. */
static enum cage_end hear_all(struct cage *cage, int pipe)
{
	enum cage_end end = CAGE_DONE;
	size_t left = cage->most;
	size_t count = 0;

	while (hear_record(cage, pipe, &left, &end))
		if (++count == MOST_RECORDS)
			return CAGE_ANSWER;
	return count == 0 && end == CAGE_DONE ? CAGE_EXIT : end;
}

static enum cage_end end_of(struct cage *cage, int status)
{
	if (WIFSIGNALED(status)) {
		cage->signal = WTERMSIG(status);
		if (cage->signal == SIGSYS)
			return CAGE_FORBIDDEN;
		if (cage->signal == SIGXCPU)
			return CAGE_TIME;
		/* Nobody kills it but the kernel that is out of memory. */
		return cage->signal == SIGKILL ? CAGE_MEMORY : CAGE_CRASH;
	}
	switch (WEXITSTATUS(status)) {
	case EXIT_SUCCESS:
		return CAGE_DONE;
	case EXIT_NO_MEMORY:
		return CAGE_MEMORY;
	case EXIT_BROKEN:
		return CAGE_BROKEN;
	default:
		return CAGE_EXIT;
	}
}

static enum cage_end broken(struct cage *cage, const char *what)
{
	snprintf(cage->broken, sizeof(cage->broken), "%s: %s", what,
		 strerror(errno));
	return CAGE_BROKEN;
}

enum cage_end cage_run(struct cage *cage)
{
	pid_t parent = getpid(), child;
	enum cage_end end;
	int ends[2], status = 0;

	cage_lock_prepare();
	if (pipe2(ends, O_CLOEXEC) != 0)
		return broken(cage, "no pipe");
	/* A large answer goes through it in fewer steps. */
	fcntl(ends[0], F_SETPIPE_SZ, PIPE_SIZE);
	child = fork();
	if (child == 0)
		child_run(cage, ends[1], parent);
	close(ends[1]);
	if (child < 0) {
		close(ends[0]);
		return broken(cage, "no process");
	}
	cage->parted(cage->context);
	end = hear_all(cage, ends[0]);
	close(ends[0]);
	if (end == CAGE_ANSWER || end == CAGE_MEMORY)
		kill(child, SIGKILL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (end == CAGE_DONE || end == CAGE_EXIT) {
		enum cage_end died = end_of(cage, status);

		return died == CAGE_DONE ? end : died;
	}
	return end;
}

const char *cage_end_words(enum cage_end end)
{
	static const char *const words[] = {
	    [CAGE_DONE] = "gave no answer",
	    [CAGE_FORBIDDEN] = "tried what a parser may not do, and was "
			       "stopped",
	    [CAGE_CRASH] = "crashed",
	    [CAGE_MEMORY] = "ran out of memory",
	    [CAGE_TIME] = "took too much of the processor's time",
	    [CAGE_EXIT] = "ended without an answer",
	    [CAGE_ANSWER] = "gave an answer that is too long, or none that is "
			    "one",
	    [CAGE_BROKEN] = "could not be run",
	};

	return words[end];
}
