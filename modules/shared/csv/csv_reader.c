/*
 * csv_reader.c: the rows of a CSV file, by the states of Python's csv reader.
 */
#include "csv_reader.h"

#include <string.h>
#include <unictype.h>
#include <unistr.h>

enum state { FIELD_BEGINS, INSIDE, QUOTED, BEHIND_QUOTE, ROW_ENDS };

bool csv_open(struct misp_query *query, struct csv_reader *reader,
	      const void *bytes, size_t size, const char *delimiter)
{
	static const char mark[] = "\xef\xbb\xbf"; /* Windows' editors */
	const char *text = bytes;
	size_t skipped = sizeof(mark) - 1;
	if (u8_check(bytes, size)) {
		misp_fail(query, "Input is not valid UTF-8");
		return false;
	}
	if (size < skipped || memcmp(text, mark, skipped) != 0)
		skipped = 0;
	*reader = (struct csv_reader){
	    .at = text + skipped,
	    .end = text + size,
	    .delimiter = delimiter,
	    .delimiter_length = strlen(delimiter),
	    .next = 1,
	    .bytes = misp_alloc(query, CSV_ROW_MOST),
	};
	return reader->bytes;
}

/* ---- White space, as Python's strip() has it ---- */

static bool is_space(ucs4_t character)
{
	return uc_is_property_white_space(character) ||
	       (character >= 0x1c && character <= 0x1f);
}

/* Cuts it off the field that begins at start and ends the bytes used; the NUL
 * behind it is there already. */
static const char *strip(char *start, char *end)
{
	const uint8_t *begin = (const uint8_t *)start;
	const uint8_t *stop = (const uint8_t *)end;
	ucs4_t character = 0;
	const uint8_t *before = u8_prev(&character, stop, begin);
	while (before && is_space(character)) {
		stop = before;
		before = u8_prev(&character, stop, begin);
	}
	start[stop - begin] = '\0';
	const uint8_t *next = u8_next(&character, begin);
	while (next && is_space(character)) {
		begin = next;
		next = u8_next(&character, begin);
	}
	return (const char *)begin;
}

/* ---- Rows ---- */

/* One more byte of the row; those that do not fit are counted only. */
static void put(struct csv_reader *reader, char byte)
{
	if (reader->used < CSV_ROW_MOST)
		reader->bytes[reader->used] = byte;
	reader->used++;
}

/* The next byte of the file; NUL bytes vanish. */
static void copy(struct csv_reader *reader)
{
	if (*reader->at)
		put(reader, *reader->at);
	reader->at++;
}

/* Ends a field; those that are too many are counted only. */
static void field_end(struct csv_reader *reader, size_t *start)
{
	put(reader, '\0');
	if (reader->count < CSV_FIELDS_MOST && reader->used <= CSV_ROW_MOST)
		reader->fields[reader->count] = strip(
		    reader->bytes + *start, reader->bytes + reader->used - 1);
	reader->count++;
	*start = reader->used;
}

static bool at_delimiter(const struct csv_reader *reader)
{
	size_t length = reader->delimiter_length;
	return (size_t)(reader->end - reader->at) >= length &&
	       memcmp(reader->at, reader->delimiter, length) == 0;
}

/* Takes the end of a line, if there is one. */
static bool take_line_end(struct csv_reader *reader)
{
	char character = *reader->at;
	if (character != '\n' && character != '\r')
		return false;
	reader->at++;
	if (character == '\r' && reader->at < reader->end &&
	    *reader->at == '\n')
		reader->at++;
	reader->next++;
	return true;
}

static enum state take_quoted(struct csv_reader *reader)
{
	if (*reader->at == '"') {
		reader->at++;
		return BEHIND_QUOTE;
	}
	if (take_line_end(reader))
		put(reader, '\n');
	else
		copy(reader);
	return QUOTED;
}

static enum state take(struct csv_reader *reader, enum state state,
		       size_t *start)
{
	if (state == QUOTED)
		return take_quoted(reader);
	if (at_delimiter(reader)) {
		reader->at += reader->delimiter_length;
		field_end(reader, start);
		return FIELD_BEGINS;
	}
	if (take_line_end(reader))
		return ROW_ENDS;
	if (*reader->at == '"' && state != INSIDE) {
		/* Doubled, a quote stands for itself. */
		if (state == BEHIND_QUOTE)
			put(reader, '"');
		reader->at++;
		return QUOTED;
	}
	copy(reader);
	return INSIDE;
}

/* Reads one row, comment or empty line, which has no field; whether it is a
 * comment. */
static bool read_row(struct csv_reader *reader)
{
	enum state state = FIELD_BEGINS;
	size_t start = 0;
	reader->count = reader->used = 0;
	reader->line = reader->next;
	while (reader->at < reader->end && state != ROW_ENDS &&
	       reader->used <= CSV_ROW_MOST)
		state = take(reader, state, &start);
	if (reader->count == 0 && reader->used == 0)
		return false;
	field_end(reader, &start);
	return reader->bytes[0] == '#';
}

bool csv_next(struct misp_query *query, struct csv_reader *reader)
{
	bool comment = true;
	while (reader->at < reader->end && (comment || reader->count == 0)) {
		comment = read_row(reader);
		if (reader->used > CSV_ROW_MOST)
			misp_fail(query,
				  "The row in line %zu has more than %d bytes: "
				  "is a quote left open?",
				  reader->line, CSV_ROW_MOST);
		else if (reader->count > CSV_FIELDS_MOST)
			misp_fail(query,
				  "The row in line %zu has more than %d fields",
				  reader->line, CSV_FIELDS_MOST);
		if (misp_failure(query))
			return false;
	}
	return !comment && reader->count > 0;
}

const char *csv_field(const struct csv_reader *reader, size_t index)
{
	return index < reader->count ? reader->fields[index] : "";
}
