/*
 * bad_leaves: a module that misbehaves: it leaves its API key wherever it can,
 * in memory that it gives back.
 */
#include "misp-module.h"

#include <stdlib.h>
#include <string.h>

#define SMALL ((size_t)1000)
#define SMALLS 4000
#define LARGE ((size_t)2 << 20)

/* Keeps the compiler from leaving out what nobody reads. */
static void note(const void *bytes)
{
	__asm__ volatile("" : : "r"(bytes) : "memory");
}

__attribute__((noinline)) static void leave_on_stack(const char *key)
{
	char deep[LARGE];
	strcpy(deep, key); /* at its lower end */
	note(deep);
}

static void leave_in(char *block, const char *key)
{
	if (block)
		memcpy(block + SMALL / 2, key, strlen(key) + 1);
	note(block);
}

/* A large block that is a part of the heap: room for it is between others. */
static void leave_in_heap(const char *key)
{
	static char *smalls[SMALLS], *behind;
	for (size_t i = 0; i < SMALLS; i++)
		smalls[i] = malloc(SMALL);
	if (!behind)
		behind = malloc(SMALL);
	for (size_t i = 0; i < SMALLS; i++)
		free(smalls[i]);
	char *large = malloc(LARGE);
	leave_in(large, key);
	free(large);
}

static void leave_by_realloc(const char *key, size_t size)
{
	char *block = malloc(SMALL);
	leave_in(block, key);
	note(block = realloc(block, size));
	if (size > 0)
		free(block);
}

static json_t *bad_leaves_query(struct misp_query *query)
{
	const char *key = misp_setting(query, "apikey");
	leave_on_stack(key);
	leave_in_heap(key);
	leave_by_realloc(key, SMALL / 4);
	leave_by_realloc(key, SMALL * 4);
	leave_by_realloc(key, 0); /* nothing comes into its place */
	return misp_fail(query, "Nothing");
}

MISP_MODULE(bad_leaves, .types = MISP_EXPANSION, .description = "Misbehaves",
	    .input = MISP_LIST("text"), .output = MISP_LIST("text"),
	    .settings = MISP_SETTINGS({.name = "apikey",
				       .description = "a secret"}),
	    .query = bad_leaves_query);
