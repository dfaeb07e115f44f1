/*
 * caged_tries: a module in the cage that tries to get out of it. Its value says
 * how: "read PATH", "write PATH", "socket", "exec", … It answers with what it
 * could do and what happened: "allowed", or the error in words.
 */
#include "misp-module.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define GIB ((size_t)1 << 30)

static int try_read(const char *path)
{
	char byte;
	int fd = open(path, O_RDONLY);
	return fd < 0 ? -1 : (int)read(fd, &byte, 1);
}

static int try_write(const char *path)
{
	return open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
}

static int try_append(const char *path)
{
	return open(path, O_WRONLY | O_APPEND);
}

static int try_remove(const char *path)
{
	return unlink(path);
}

static int try_folder(const char *path)
{
	return mkdir(path, 0700);
}

static int try_socket(const char *none)
{
	(void)none;
	return socket(AF_INET, SOCK_STREAM, 0);
}

static int try_local_socket(const char *none)
{
	(void)none;
	return socket(AF_UNIX, SOCK_STREAM, 0);
}

/* Over what may be left open. */
static int try_descriptors(const char *none)
{
	const struct sockaddr_un nobody = {.sun_family = AF_UNIX,
					   .sun_path = "/nonexistent"};
	(void)none;
	for (int fd = 3; fd < 1024; fd++)
		if (fd != 3 && (write(fd, "x", 1) == 1 || errno != EBADF))
			return fd;
	return connect(0, (const struct sockaddr *)&nobody, sizeof(nobody));
}

static int try_exec(const char *path)
{
	return execl(path, path, NULL);
}

static int try_fork(const char *none)
{
	(void)none;
	for (int i = 0; i < 1000; i++)
		if (fork() == 0)
			for (;;)
				pause();
	return 0;
}

static void *idle(void *none)
{
	return none;
}

static int try_thread(const char *none)
{
	pthread_t thread;
	(void)none;
	errno = pthread_create(&thread, NULL, idle, NULL);
	return errno ? -1 : 0;
}

static int try_memory(const char *none)
{
	char *block = malloc(10 * GIB);
	(void)none;
	if (!block)
		return -1;
	memset(block, 1, 10 * GIB);
	return 0;
}

/* Bit by bit, and without looking. */
static int try_much_memory(const char *none)
{
	const size_t piece = 1 << 20;
	(void)none;
	for (size_t i = 0; i < 10 * GIB / piece; i++)
		memset(malloc(piece), 1, piece);
	return 0;
}

static int try_pipe(const char *none)
{
	static char much[1 << 20];
	(void)none;
	for (size_t i = 0; i < 10 * GIB / sizeof(much); i++)
		if (write(3, much, sizeof(much)) < 0)
			return -1;
	return 0;
}

/* A record that promises more than there is. */
static int try_promise(const char *none)
{
	const char promise[16] = {1, 0, 0, 0, 0, 0, 0, 0, -1, -1, -1, -1};
	(void)none;
	if (write(3, promise, sizeof(promise)) < 0)
		return -1;
	_exit(EXIT_SUCCESS);
}

static int try_kill(const char *none)
{
	(void)none;
	return kill(getppid(), SIGKILL);
}

static int try_limits(const char *none)
{
	(void)none;
	return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

static int try_crash(const char *none)
{
	volatile int *nowhere = NULL;
	(void)none;
	return *nowhere;
}

static int try_abort(const char *none)
{
	(void)none;
	abort();
}

static int try_exit(const char *none)
{
	(void)none;
	exit(EXIT_SUCCESS);
}

static int try_loop(const char *none)
{
	(void)none;
	for (volatile int i = 0;; i = i + 1)
		;
	return 0;
}

static int try_sleep(const char *seconds)
{
	return (int)sleep((unsigned)strtoul(seconds, NULL, 10));
}

static int try_print(const char *text)
{
	return fprintf(stderr, "caged words: %s\n", text) < 0 ||
		       fflush(stderr) != 0
		   ? -1
		   : 0;
}

static const struct {
	const char *word;
	int (*try)(const char *argument);
} tries[] = {
    {"read", try_read},
    {"write", try_write},
    {"append", try_append},
    {"remove", try_remove},
    {"folder", try_folder},
    {"socket", try_socket},
    {"local_socket", try_local_socket},
    {"descriptors", try_descriptors},
    {"exec", try_exec},
    {"fork", try_fork},
    {"thread", try_thread},
    {"memory", try_memory},
    {"much_memory", try_much_memory},
    {"pipe", try_pipe},
    {"promise", try_promise},
    {"kill", try_kill},
    {"limits", try_limits},
    {"crash", try_crash},
    {"abort", try_abort},
    {"exit", try_exit},
    {"loop", try_loop},
    {"sleep", try_sleep},
    {"print", try_print},
};

static json_t *caged_tries_query(struct misp_query *query)
{
	const char *text = misp_value(query, "text");
	const char *argument = text ? strchr(text, ' ') : NULL;
	size_t length = text ? strcspn(text, " ") : 0;
	json_t *rows = misp_rows();
	for (size_t i = 0; i < sizeof(tries) / sizeof(*tries); i++) {
		if (!text || strlen(tries[i].word) != length ||
		    strncmp(tries[i].word, text, length) != 0)
			continue;
		errno = 0;
		int result = tries[i].try(argument ? argument + 1 : "");
		misp_row(rows, MISP_TYPES("text"),
			 result < 0 ? strerror(errno) : "allowed");
	}
	misp_row(rows, MISP_TYPES("text"), misp_setting(query, "apikey"));
	return rows;
}

MISP_MODULE(caged_tries, .types = MISP_EXPANSION,
	    .description = "Tries to get out of the cage",
	    .input = MISP_LIST("text"), .output = MISP_LIST("text"),
	    .settings = MISP_SETTINGS({.name = "apikey",
				       .description = "a secret of its own"}),
	    .caged = true,
	    .reads = MISP_LIST("/usr/share/doc", "/usr/share/nothing/there"),
	    .query = caged_tries_query);
