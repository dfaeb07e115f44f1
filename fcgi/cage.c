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
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Of the stack, in bytes; nothing else lies as near to it. */
#define STACK_DEEP ((size_t)8 << 20)
#define STACK_NEAR ((size_t)12 << 10)

#define PIPE_FD 3
#define PIPE_SIZE (1 << 20)
/* The exit status by which the child says what became of it. */
#define EXIT_NO_MEMORY 87
/* The first record, from our own code: whether the cage is closed (it is
 * empty), or why not. What follows may be anybody's. */
#define KIND_CLOSED '\0'
/* A record is small or a piece of the answer: who sends more of them is up to
 * no good. */
#define MOST_RECORDS 100000

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
	/* Who stops a whole group of processes waits for its queries. */
	static const int stops[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1};
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigset_t none;

	for (int signal = 1; signal < NSIG; signal++)
		sigaction(signal, &action, NULL);
	action.sa_handler = SIG_IGN;
	for (size_t i = 0; i < sizeof(stops) / sizeof(*stops); i++)
		sigaction(stops[i], &action, NULL);
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

/* What functions that have returned have left on the stack lies below. Not
 * inlined: all of it is below this. */
__attribute__((noinline)) static void stack_forget_near(void)
{
	char below[STACK_NEAR];

	explicit_bzero(below, sizeof(below));
}

/* The pages beyond those in use are given back. */
static void stack_forget(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *here = __builtin_frame_address(0);
	char *end = here - (uintptr_t)here % page - page;

	/* Where there are none it says so, and takes the others. */
	madvise(end - STACK_DEEP, STACK_DEEP, MADV_DONTNEED);
	stack_forget_near();
}

/* The environment may hold what the configuration takes from it. It lies on
 * the first page of the stack. */
static bool environment_forget(void)
{
	extern char **environ;

	for (char **entry = environ; entry && *entry; entry++)
		explicit_bzero(*entry, strlen(*entry));
	return clearenv() == 0 &&
	       /* Who has none is looked up among the system's users. */
	       setenv("HOME", "/nonexistent", 1) == 0 &&
	       /* What the worker has read of the local time is chance. */
	       setenv("TZ", "UTC0", 1) == 0;
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
	stack_forget();
	if (!descriptors_close(pipe))
		broken = "its descriptors could not be closed";
	else if (!environment_forget())
		broken = "its environment could not be emptied";
	if (!broken)
		broken = cage_lock(cage->reads, cage->memory, cage->seconds);
	cage_say(KIND_CLOSED, broken ? broken : "",
		 broken ? strlen(broken) : 0);
	if (broken)
		_exit(EXIT_FAILURE);
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

/* Hears a record to its end: its bytes, or NULL when there is no further one.
 * What is none says so in *end; of one that is cut short the child's end says
 * more. */
static char *hear_record(int pipe, struct record *record, size_t *left,
			 enum cage_end *end)
{
	char *bytes;

	if (hear(pipe, record, sizeof(*record)) < sizeof(*record))
		return NULL;
	if (record->size > *left) {
		*end = CAGE_ANSWER;
		return NULL;
	}
	*left -= record->size;
	bytes = malloc(record->size + 1);
	if (!bytes) {
		*end = CAGE_MEMORY;
		return NULL;
	}
	if (hear(pipe, bytes, record->size) < record->size) {
		free(bytes);
		return NULL;
	}
	bytes[record->size] = '\0';
	return bytes;
}

/* Whether the cage is closed: CAGE_DONE. */
static enum cage_end hear_closed(struct cage *cage, int pipe)
{
	size_t left = sizeof(cage->broken) - 1;
	enum cage_end end = CAGE_EXIT;
	struct record record;
	char *bytes = hear_record(pipe, &record, &left, &end);

	if (!bytes)
		return end;
	snprintf(cage->broken, sizeof(cage->broken), "%s", bytes);
	free(bytes);
	return cage->broken[0] ? CAGE_BROKEN : CAGE_DONE;
}

/* Hears all that is said: to the last word (CAGE_DONE), or until nothing more
 * comes (CAGE_EXIT). */
static enum cage_end hear_all(struct cage *cage, int pipe)
{
	enum cage_end end = hear_closed(cage, pipe);
	size_t left = cage->most;
	struct record record;

	if (end != CAGE_DONE)
		return end;
	end = CAGE_EXIT;
	for (size_t count = 0; count < MOST_RECORDS; count++) {
		char *bytes = hear_record(pipe, &record, &left, &end);

		if (!bytes)
			return end;
		if (!cage->hear(cage->context, record.kind, bytes, record.size))
			return CAGE_DONE;
	}
	return CAGE_ANSWER;
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
	return WEXITSTATUS(status) == EXIT_NO_MEMORY ? CAGE_MEMORY : CAGE_EXIT;
}

static int child_wait(pid_t child)
{
	int status = 0;

	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

/* That has been ended, and not waited for. */
static pid_t ended;

void cage_reap(void)
{
	if (ended > 0)
		child_wait(ended);
	ended = 0;
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
	int ends[2];

	cage_reap();
	cage_lock_prepare();
	if (pipe2(ends, O_CLOEXEC) != 0)
		return broken(cage, "no pipe");
	/* A large answer goes through it in fewer steps. */
	fcntl(ends[0], F_SETPIPE_SZ, PIPE_SIZE);
	child = guard_fork();
	if (child == 0)
		child_run(cage, ends[1], parent);
	if (child < 0) {
		end = broken(cage, "no process");
		close(ends[0]);
		close(ends[1]);
		return end;
	}
	close(ends[1]);
	cage->parted(cage->context);
	end = hear_all(cage, ends[0]);
	close(ends[0]);
	if (end == CAGE_EXIT)
		return end_of(cage, child_wait(child));
	/* What it does now is of no interest, and its end takes a while. */
	kill(child, SIGKILL);
	ended = child;
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
