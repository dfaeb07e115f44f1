/*
 * cage.h: runs a function over bytes that strangers made in a process forked
 * for it, closed in (cage_lock.h) before it begins. What it has to say comes
 * back as records through a pipe; nothing else of it does.
 */
#ifndef FCGI_CAGE_H
#define FCGI_CAGE_H

#include <stdbool.h>
#include <stddef.h>

/* How it ended. */
enum cage_end {
	CAGE_DONE,      /* it said all it had to say */
	CAGE_FORBIDDEN, /* it tried what only an attack would try */
	CAGE_CRASH,
	CAGE_MEMORY,
	CAGE_TIME,   /* of the processor */
	CAGE_EXIT,   /* it ended without a word */
	CAGE_ANSWER, /* it said too much, or what is no record */
	CAGE_BROKEN, /* our fault: it could not be made */
};

struct cage {
	const char *const *reads; /* what it may open to read, or NULL */
	size_t memory;            /* bytes; 0: no limit of its own */
	long seconds;             /* of the processor */
	size_t most;              /* bytes of all that it says */

	/* Called in the child before the cage is closed: forgets what the
	 * work has no use for, and lets shared memory go. */
	void (*forget)(void *context);
	/* Called in the closed cage. */
	void (*work)(void *context);
	/* Called here when the child has its copy of everything. */
	void (*parted)(void *context);
	/* Called here for each record: a string of size bytes, to be freed.
	 * Whoever speaks there may mean harm. False: that was the last word. */
	bool (*hear)(void *context, char kind, char *bytes, size_t size);
	void *context;

	/* Afterwards. */
	int signal;       /* of CAGE_CRASH */
	char broken[128]; /* of CAGE_BROKEN: what failed */
};

/* Returns at the last word, whatever the process still does: it is ended, and
 * cage_reap waits for that. */
enum cage_end cage_run(struct cage *cage);

/* When there is time: after the answer. The next cage_run does it else. */
void cage_reap(void);

/* In the cage: says a record to the other side. Does not return when nobody
 * listens any more. */
void cage_say(char kind, const char *bytes, size_t size);

/* What an end means, in words to stand behind "The file made the parser fail:
 * <module> ". */
const char *cage_end_words(enum cage_end end);

#endif
