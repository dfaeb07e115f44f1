/*
 * memory.c: how a process uses memory; see memory.h.
 */
#include "memory.h"

#include <jansson.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/resource.h>

static bool failed;
static bool last;

static void *allocate(size_t size)
{
	void *block = malloc(size);

	if (!block)
		failed = true;
	return block;
}

void memory_tune(void)
{
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_MMAP_THRESHOLD, MEMORY_LARGE_BLOCK);
	mallopt(M_TRIM_THRESHOLD, MEMORY_LARGE_BLOCK);
	json_set_alloc_funcs(allocate, free);
}

void memory_is_last(void)
{
	last = true;
}

bool memory_wipes(void)
{
	return !last;
}

void memory_trim(void)
{
	void *volatile block; /* or the compiler leaves both calls out */

	malloc_trim(0);
	/* What is free now lies unsorted, until a block is wanted that is
	 * larger than all of it: sorted here once, it is not sorted in a copy
	 * of the heap in each worker. */
	block = malloc(MEMORY_LARGE_BLOCK / 2);
	free(block);
}

int memory_limit(size_t bytes)
{
	const struct rlimit limit = {bytes, bytes};

#ifdef __SANITIZE_ADDRESS__
	/* It maps terabytes for itself. */
	return 0;
#endif
	/* RLIMIT_DATA counts what is allocated, not what is mapped from
	 * files: libraries and databases are free. */
	return bytes > 0 ? setrlimit(RLIMIT_DATA, &limit) : 0;
}

bool memory_failed(void)
{
	bool before = failed;

	failed = false;
	return before;
}
