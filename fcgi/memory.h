/*
 * memory.h: how a process uses memory, and whether it got what it asked for.
 */
#ifndef FCGI_MEMORY_H
#define FCGI_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Blocks of this size go back to the system when they are freed. */
#define MEMORY_LARGE_BLOCK (1 << 20)

/* Before anything is allocated: later it would write all over the heap that
 * the workers share. */
void memory_tune(void);

/* From now on nothing is copied from this process: what it frees is not
 * overwritten any more (wipe.c). */
void memory_is_last(void);

/* Whether that is still to come. */
bool memory_wipes(void);

/* Gives what is free back to the system: before the workers are forked. */
void memory_trim(void);

/* Limits what this process may allocate, in bytes (0: no limit). Returns 0,
 * or -1 with errno. */
int memory_limit(size_t bytes);

/*
 * Whether JSON found no memory since this was last asked. A builder that
 * fails leaves its piece out and its module may not see it, so a result made
 * meanwhile is not whole.
 */
bool memory_failed(void);

#endif
