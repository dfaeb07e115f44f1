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
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#ifndef __SANITIZE_ADDRESS__

/* The C library's own, under the names it exports beside the usual ones. */
extern void __libc_free(void *block);                  /* NOLINT */
extern void *__libc_realloc(void *block, size_t size); /* NOLINT */

MISP_API void free(void *block);
MISP_API void *realloc(void *block, size_t size);

/* Whether a block is a mapping of its own, which the system moves and takes
 * back without a trace. Most large ones are; the C library notes it in a bit of
 * the size that stands before the block. */
static bool is_mapping(const void *block)
{
	return ((const size_t *)block)[-1] & 2;
}

void free(void *block)
{
	if (block && memory_wipes() && !is_mapping(block))
		explicit_bzero(block, malloc_usable_size(block));
	__libc_free(block);
}

/* Some room to grow: else a block that does so by little and little would be
 * copied each time. */
static size_t roomy(size_t size)
{
	return size < MEMORY_LARGE_BLOCK ? size + size / 8 : size;
}

void *realloc(void *block, size_t size)
{
	size_t before = malloc_usable_size(block);
	void *moved;

	if (!block || !memory_wipes() || is_mapping(block))
		return __libc_realloc(block, size);
	if (size > 0 && size <= before && size >= before / 2)
		return block;
	moved = size > 0 ? malloc(size > before ? roomy(size) : size) : NULL;
	if (moved)
		memcpy(moved, block, size < before ? size : before);
	else if (size > 0)
		return size <= before ? block : NULL;
	free(block);
	return moved;
}

#endif
