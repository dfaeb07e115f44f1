/*
 * config_messages.c: keeps the errors and notes about a configuration.
 */
#include "config_parts.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

/* A file may be wrong on every line; nobody reads on for ever. */
#define MOST_MESSAGES 1000

/* What a file says must not reach a terminal as control characters, nor as
 * bytes that are no text. */
static void make_printable(char *text)
{
	uint8_t *bytes = (uint8_t *)text;
	size_t size = strlen(text);
	const uint8_t *bad;

	while ((bad = u8_check(bytes, size)))
		bytes[bad - bytes] = '?';
	for (size_t i = 0; i < size; i++)
		if (bytes[i] < ' ' || bytes[i] == 0x7f)
			bytes[i] = '?';
}

/* Takes text. */
static void keep(struct reader *reader, char ***list, size_t *count, char *text)
{
	char **longer = NULL;

	for (size_t i = 0; text && i < *count; i++)
		if (strcmp((*list)[i], text) == 0) {
			free(text);
			return;
		}
	if (*count >= MOST_MESSAGES) {
		free(text);
		return;
	}
	longer = reallocarray(*list, *count + 1, sizeof(*longer));
	if (longer)
		*list = longer;
	if (!longer || !text) {
		reader->no_memory = true;
		free(text);
		return;
	}
	make_printable(text);
	longer[(*count)++] = text;
}

/* "FILE:LINE: …"; NULL without memory. */
static char *compose(const struct reader *reader, int line, const char *format,
		     va_list arguments) __attribute__((format(printf, 3, 0)));

static char *compose(const struct reader *reader, int line, const char *format,
		     va_list arguments)
{
	char *body = NULL;
	char *text = NULL;

	if (vasprintf(&body, format, arguments) < 0)
		return NULL;
	if (!reader->path)
		return body;
	if ((line > 0 ? asprintf(&text, "%s:%d: %s", reader->path, line, body)
		      : asprintf(&text, "%s: %s", reader->path, body)) < 0)
		text = NULL;
	free(body);
	return text;
}

void reader_error(struct reader *reader, int line, const char *format, ...)
{
	struct config *config = reader->config;
	va_list arguments;

	va_start(arguments, format);
	keep(reader, &config->errors, &config->error_count,
	     compose(reader, line, format, arguments));
	va_end(arguments);
}

void reader_note(struct reader *reader, int line, const char *format, ...)
{
	struct config *config = reader->config;
	va_list arguments;

	va_start(arguments, format);
	keep(reader, &config->notes, &config->note_count,
	     compose(reader, line, format, arguments));
	va_end(arguments);
}

/* Names are added while they fit; "…" stands for the others. */
void tally_add(struct tally *tally, const char *name)
{
	static const char more[] = ", …";
	size_t room = sizeof(tally->names) - tally->used;
	size_t length = strlen(name) + strlen(", ");

	tally->count++;
	if (tally->is_full)
		return;
	tally->is_full = length + sizeof(more) > room;
	if (tally->is_full)
		name = tally->used ? "…" : name;
	snprintf(tally->names + tally->used, room, "%s%s",
		 tally->used ? ", " : "", name);
	tally->used = strlen(tally->names);
}

void tally_note(struct reader *reader, const struct tally *tally,
		const char *predicate)
{
	if (!tally->count)
		return;
	reader_note(reader, 0, "%zu setting%s %s: %s", tally->count,
		    tally->count == 1 ? "" : "s", predicate, tally->names);
}

static void free_list(char ***list, size_t *count)
{
	for (size_t i = 0; i < *count; i++)
		free((*list)[i]);
	free(*list);
	*list = NULL;
	*count = 0;
}

void message_lists_free(struct config *config)
{
	free_list(&config->errors, &config->error_count);
	free_list(&config->notes, &config->note_count);
}
