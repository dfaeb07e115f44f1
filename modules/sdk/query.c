/*
 * query.c: the life of a query: its time, its memory, and how it fails.
 */
#include "query.h"

#include "text.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NO_REASON "The module failed and did not say why."

struct misp_deferred {
	struct misp_deferred *next;
	void *pointer;
	void (*release)(void *pointer);
};

int64_t misp_now(void)
{
	struct timespec now = {0};
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

long misp_remaining(const struct misp_query *query)
{
	int64_t left = query->deadline - misp_now();
	if (left < 0)
		return 0;
	return left < LONG_MAX ? (long)left : LONG_MAX;
}

void *misp_defer(struct misp_query *query, void *pointer,
		 void (*release)(void *pointer))
{
	if (!pointer)
		return NULL;
	struct misp_deferred *deferred = malloc(sizeof(*deferred));
	if (!deferred) {
		query->out_of_memory = true;
		release(pointer);
		return NULL;
	}
	deferred->next = query->deferred;
	deferred->pointer = pointer;
	deferred->release = release;
	query->deferred = deferred;
	return pointer;
}

static void release_json(void *json)
{
	json_decref(json);
}

json_t *misp_keep(struct misp_query *query, json_t *json)
{
	return misp_defer(query, json, release_json);
}

/* The same for what was just allocated: NULL is no memory. */
static void *defer_free(struct misp_query *query, void *allocated)
{
	if (!allocated)
		query->out_of_memory = true;
	return misp_defer(query, allocated, free);
}

void *misp_alloc(struct misp_query *query, size_t size)
{
	return defer_free(query, calloc(1, size ? size : 1));
}

char *misp_text(struct misp_query *query, const char *format, ...)
{
	char *text = NULL;
	va_list arguments;
	va_start(arguments, format);
	int length = vasprintf(&text, format, arguments);
	va_end(arguments);
	return defer_free(query, length < 0 ? NULL : text);
}

void misp_append(struct misp_query *query, const char **text,
		 const char *between, const char *part)
{
	if (!part)
		return;
	struct misp_deferred *own = *text ? query->deferred : NULL;
	while (own && own->pointer != *text)
		own = own->next;
	if (!own) {
		*text = misp_text(query, "%s%s%s", *text ? *text : "",
				  *text ? between : "", part);
		return;
	}
	size_t length = strlen(*text);
	char *longer =
	    realloc(own->pointer, length + strlen(between) + strlen(part) + 1);
	if (longer) {
		stpcpy(stpcpy(longer + length, between), part);
	} else {
		free(own->pointer);
		query->out_of_memory = true;
	}
	own->pointer = longer;
	*text = longer;
}

void *misp_fail(struct misp_query *query, const char *format, ...)
{
	if (query->failure[0])
		return NULL;
	/* Longer by a character, so that the cut is made between characters. */
	char message[sizeof(query->failure) + sizeof(uint32_t)] = "";
	va_list arguments;
	va_start(arguments, format);
	int length = vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	if (length <= 0)
		snprintf(message, sizeof(message), "%s", NO_REASON);
	size_t used = text_repair(query->failure, sizeof(query->failure) - 1,
				  message, strlen(message));
	query->failure[used] = '\0';
	/* Often it quotes what others have sent. */
	for (char *c = query->failure; *c; c++)
		if (iscntrl((unsigned char)*c))
			*c = ' ';
	return NULL;
}

void misp_forget(struct misp_query *query)
{
	query->failure[0] = '\0';
}

const char *misp_failure(const struct misp_query *query)
{
	return query->failure[0] ? query->failure : NULL;
}

void misp_query_end(struct misp_query *query)
{
	while (query->deferred) {
		struct misp_deferred *deferred = query->deferred;
		query->deferred = deferred->next;
		deferred->release(deferred->pointer);
		free(deferred);
	}
	free(query->file);
	query->file = NULL;
	query->file_size = 0;
}
