/*
 * cage_lock.h: what a process gives up for good before it parses bytes that
 * strangers made.
 */
#ifndef FCGI_CAGE_LOCK_H
#define FCGI_CAGE_LOCK_H

#include <stddef.h>

/* What the kernel grants of it. */
struct cage_lock {
	/* seccomp: which system calls are left. NULL: in force, else why not
	 * (then no cage can be closed). */
	const char *without_seccomp;
	/* Landlock: which files may be read. Its version; 0: not in this
	 * kernel, and no file can be opened. */
	int landlock;
};

/*
 * Makes the filters, once in a process; what is forked from it has them too.
 * Returns what the kernel has.
 */
const struct cage_lock *cage_lock_prepare(void);

/*
 * Closes the cage around this process: no network, no other program or
 * process, no signal, no file but those below reads (NULL: none) and these to
 * read only; descriptors that are open stay so. At most `memory` bytes (0: as
 * before) and `seconds` of the processor's time. Returns NULL, or what failed,
 * with errno.
 */
const char *cage_lock(const char *const *reads, size_t memory, long seconds);

#endif
