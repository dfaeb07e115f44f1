/*
 * wipe.c: what is freed is overwritten, by whatever library, so that a cage,
 * which is a copy of a worker, finds no secret of an earlier query in it. In
 * the cage itself nothing is: it ends with its query.
 *
 * It takes the place of the C library's free and realloc, as that allows
 * ("Replacing malloc" in the glibc manual). Linked into the program alone: the
 * tests run under tools that take the same place.
 */
#include "memory.h"
#include "misp-module.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#ifndef __SANITIZE_ADDRESS__

/* The C library's own, under the names it exports beside the usual ones. */
extern void __libc_free(void *block);                  /* NOLINT */
extern void *__libc_realloc(void *block, size_t size); /* NOLINT */

MISP_API void free(void *block);
MISP_API void *realloc(void *block, size_t size);

void free(void *block)
{
	size_t size = memory_wipes() ? malloc_usable_size(block) : 0;

	/* A larger one goes back to the system, which gives out zeros. */
	if (size > 0 && size < MEMORY_LARGE_BLOCK)
		explicit_bzero(block, size);
	__libc_free(block);
}

void *realloc(void *block, size_t size)
{
	size_t before = malloc_usable_size(block);
	void *moved;

	/* The system moves a large one by its pages, and nothing stays. */
	if (!block || size == 0 || before >= MEMORY_LARGE_BLOCK ||
	    !memory_wipes())
		return __libc_realloc(block, size);
	if (size <= before && size >= before / 2)
		return block;
	moved = malloc(size);
	if (!moved)
		return NULL;
	memcpy(moved, block, size < before ? size : before);
	free(block);
	return moved;
}

#endif
