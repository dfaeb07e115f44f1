/*
 * caged_escapes: native code in the cage that means harm. Each line of its
 * value is a step: "call NUMBER ARGUMENT…" makes a system call ("@" is a page
 * of zeros, "@TEXT" a text), "say KIND TEXT" sends a record of the answer, …
 */
#include "misp-module.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define GIB ((size_t)1 << 30)
#define PIECE ((size_t)16 << 20)
#define PIPE 3

static long argument(char **rest)
{
	static char page[4096];
	char *word = strsep(rest, " ");
	if (!word)
		return 0;
	if (word[0] == '@')
		return (long)(word[1] ? word + 1 : page);
	return strtol(word, NULL, 0);
}

static long try_call(char *rest)
{
	long a[7];
	for (size_t i = 0; i < 7; i++)
		a[i] = argument(&rest);
	return syscall(a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
}

/* The same with the numbers of a 32-bit program. */
static long try_old_call(char *rest)
{
	long result = argument(&rest);
#ifdef __x86_64__
	__asm__ volatile("int $0x80" : "+a"(result) : : "memory");
#endif
	return result;
}

/* Ten gibibytes mapped with these flags, with what is written made read-only
 * again: not all that the kernel counts as data. */
static long try_map(char *rest)
{
	int flags = (int)argument(&rest) | MAP_ANONYMOUS;
	for (size_t i = 0; i < 10 * GIB / PIECE; i++) {
		void *piece =
		    mmap(NULL, PIECE, PROT_READ | PROT_WRITE, flags, -1, 0);
		if (piece == MAP_FAILED)
			return -1;
		memset(piece, 1, PIECE);
		mprotect(piece, PIECE, PROT_READ);
	}
	return 0;
}

static long write_record(int kind, const char *text, size_t size)
{
	char record[16] = {(char)kind};
	memcpy(record + 8, &size, sizeof(size));
	return write(PIPE, record, sizeof(record)) < 0 ||
		       write(PIPE, text, strlen(text)) < 0
		   ? -1
		   : 0;
}

static long try_say(char *rest)
{
	int kind = (int)argument(&rest);
	return write_record(kind, rest ? rest : "", rest ? strlen(rest) : 0);
}

/* As often as it says. */
static long try_repeat(char *rest)
{
	long times = argument(&rest);
	int kind = (int)argument(&rest);
	while (times-- > 0)
		if (write_record(kind, rest ? rest : "",
				 rest ? strlen(rest) : 0) < 0)
			return -1;
	return 0;
}

/* A record of another size than it says. */
static long try_promise(char *rest)
{
	int kind = (int)argument(&rest);
	size_t size = (size_t)argument(&rest);
	return write_record(kind, rest ? rest : "", size);
}

static long try_byte(char *rest)
{
	char byte = (char)argument(&rest);
	return write(PIPE, &byte, 1);
}

static long try_linger(char *rest)
{
	close(PIPE);
	return (long)sleep((unsigned)argument(&rest));
}

static long try_exit(char *rest)
{
	_exit((int)argument(&rest));
}

static long try_ignore(char *rest)
{
	return signal((int)argument(&rest), SIG_IGN) == SIG_ERR ? -1 : 0;
}

static long try_spin(char *rest)
{
	(void)rest;
	for (volatile int i = 0;; i = i + 1)
		;
	return 0;
}

static const struct {
	const char *word;
	long (*try)(char *rest);
} tries[] = {
    {"call", try_call},     {"old_call", try_old_call},
    {"map", try_map},       {"say", try_say},
    {"repeat", try_repeat}, {"promise", try_promise},
    {"byte", try_byte},     {"linger", try_linger},
    {"exit", try_exit},     {"ignore", try_ignore},
    {"spin", try_spin},
};

static long try_step(char *step)
{
	char *word = strsep(&step, " ");
	for (size_t i = 0; i < sizeof(tries) / sizeof(*tries); i++)
		if (strcmp(word, tries[i].word) == 0)
			return tries[i].try(step);
	errno = ENOSYS;
	return -1;
}

static json_t *caged_escapes_query(struct misp_query *query)
{
	char *steps = misp_text(query, "%s", misp_value(query, "text"));
	json_t *rows = misp_rows();
	while (steps) {
		errno = 0;
		long result = try_step(strsep(&steps, "\n"));
		misp_row(rows, MISP_TYPES("text"),
			 result < 0 ? strerror(errno) : "allowed");
	}
	return rows;
}

MISP_MODULE(caged_escapes, .types = MISP_EXPANSION,
	    .description = "Does harm where it can", .input = MISP_LIST("text"),
	    .output = MISP_LIST("text"), .caged = true,
	    .reads = MISP_LIST("/usr/share/doc"), .query = caged_escapes_query);
