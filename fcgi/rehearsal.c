/*
 * rehearsal.c: loads plugins in a child first; see rehearsal.h.
 */
#include "rehearsal.h"

#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOADING_SECONDS 5

/* In the child: *now is the plugin that is being loaded. */
static _Noreturn void load_all(char *const *paths, size_t count,
			       volatile size_t *now)
{
	prctl(PR_SET_DUMPABLE, 0); /* no core file */
	signal(SIGALRM, SIG_DFL);
	for (*now = 0; *now < count; (*now)++) {
		alarm(LOADING_SECONDS);
		dlopen(paths[*now], RTLD_NOW | RTLD_LOCAL);
	}
	_exit(EXIT_SUCCESS);
}

static void explain(int status, char *reason, size_t size)
{
	if (WIFEXITED(status))
		snprintf(reason, size, "it ends the process that loads it");
	else if (WTERMSIG(status) == SIGALRM)
		snprintf(reason, size, "it cannot be loaded within %d s",
			 LOADING_SECONDS);
	else
		snprintf(reason, size,
			 "whoever loads it ends with \"%s\": the file was cut "
			 "short (copy it anew), or its constructor crashes",
			 strsignal(WTERMSIG(status)));
}

size_t rehearse(char *const *paths, size_t count, char *reason, size_t size)
{
	volatile size_t *now = mmap(NULL, sizeof(*now), PROT_READ | PROT_WRITE,
				    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	size_t ended = count;
	int status = 0;
	pid_t child;

	if (now == MAP_FAILED)
		return count;
	child = count > 0 ? fork() : -1;
	if (child == 0)
		load_all(paths, count, now);
	if (child > 0 && waitpid(child, &status, 0) == child && *now < count) {
		ended = *now;
		explain(status, reason, size);
	}
	munmap((void *)now, sizeof(*now));
	return ended;
}
