/*
 * frame_write.c: a sheet as a table; see frame.h.
 */
#include "frame_parts.h"

#include <stdlib.h>
#include <string.h>

/* Writes a text in one line. Where it has several, pandas would write a
 * backslash and an n: to MISP the end of one and the beginning of the next
 * would be one word, and no indicator. */
static void put_line(struct long_text *text, const char *bytes, size_t size)
{
	static const char breaks[] = {'\n', '\r', '\t'};
	size_t from = 0;
	for (size_t i = 0; i < size; i++) {
		if (!memchr(breaks, bytes[i], sizeof(breaks)))
			continue;
		long_text_add(text, bytes + from, i - from);
		long_text_put(text, " ");
		from = i + 1;
	}
	long_text_add(text, bytes + from, size - from);
}

/* Writes something at the right end of its column. */
static void put_cell(const struct frame_table *table,
		     const struct frame_column *column, const char *before,
		     const char *bytes, size_t size)
{
	size_t width = strlen(before) + frame_width(bytes, size);
	long_text_put(table->text, " ");
	if (table->aligned && width < column->width)
		long_text_pad(table->text, column->width - width);
	long_text_put(table->text, before);
	put_line(table->text, bytes, size);
}

static int compare_cells(const void *left, const void *right)
{
	const struct frame_cell *a = left, *b = right;
	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	return a->column < b->column ? -1 : a->column > b->column;
}

static bool is_shown(const struct frame *frame,
		     const struct frame_column *column)
{
	return column->filled > 0 || !frame->drop;
}

/* Whether the table with all of its spaces is not too long. */
static bool fits(const struct frame_table *table)
{
	size_t line = table->index_width + 1;
	for (size_t i = 0; i < table->frame->columns; i++)
		if (is_shown(table->frame, &table->columns[i]))
			line += table->columns[i].width + 1;
	return line <= LONG_TEXT_MAX / (table->rows + 1);
}

/* ---- Writing ---- */

static void write_headings(const struct frame_table *table)
{
	const struct frame *frame = table->frame;
	if (table->aligned)
		long_text_pad(table->text, table->index_width);
	for (size_t i = 0; i < frame->columns; i++) {
		const struct frame_column *column = &table->columns[i];
		if (is_shown(frame, column))
			put_cell(table, column,
				 frame_column_numeric(column) ? " " : "",
				 column->heading, strlen(column->heading));
	}
}

static void write_value(const struct frame_table *table,
			const struct frame_column *column,
			const struct frame_cell *cell)
{
	char value[FRAME_VALUE_SIZE];
	if (cell->kind == FRAME_TEXT) {
		put_cell(table, column, " ", frame_string(table->frame, cell),
			 cell->size);
		return;
	}
	frame_value(table->frame, column, cell, value);
	put_cell(table, column, "", value, strlen(value));
}

/* The cell of a place; of those that are there twice, one. */
static struct frame_cell cell_at(struct frame_table *table, size_t row,
				 size_t column)
{
	const struct frame *frame = table->frame;
	struct frame_cell cell = {0};
	while (table->next < frame->count &&
	       frame->cells[table->next].row == row &&
	       frame->cells[table->next].column == column)
		cell = frame->cells[table->next++];
	return cell;
}

static void write_index(const struct frame_table *table, size_t number)
{
	char index[32];
	int length =
	    snprintf(index, sizeof(index), "\n%-*zu",
		     table->aligned ? (int)table->index_width : 0, number);
	long_text_add(table->text, index, (size_t)length);
}

static void write_row(struct frame_table *table, size_t number)
{
	write_index(table, number);
	for (size_t i = 0; i < table->frame->columns; i++) {
		struct frame_cell cell =
		    cell_at(table, table->first + number, i);
		const struct frame_column *column = &table->columns[i];
		if (is_shown(table->frame, column))
			write_value(table, column, &cell);
	}
}

/* Where the rest of a row is empty, and rows are, nothing is written. */
static void write_filled(struct frame_table *table)
{
	const struct frame *frame = table->frame;
	size_t row = SIZE_MAX;
	for (size_t i = table->next;
	     i < frame->count && !long_text_full(table->text); i++) {
		const struct frame_cell *cell = &frame->cells[i];
		if (cell->row != row)
			write_index(table, cell->row - table->first);
		row = cell->row;
		write_value(table, &table->columns[cell->column], cell);
	}
}

/* A table that has no rows of values. */
static void write_empty(const struct frame_table *table)
{
	long_text_put(table->text, "Empty DataFrame\nColumns: [");
	for (size_t i = 0; i < table->frame->columns; i++) {
		const char *heading = table->columns[i].heading;
		long_text_put(table->text, i > 0 ? ", " : "");
		put_line(table->text, heading, strlen(heading));
	}
	long_text_put(table->text, "]\nIndex: []");
}

static size_t digits_of(size_t number)
{
	size_t digits = 1;
	for (; number > 9; number /= 10)
		digits++;
	return digits;
}

static void write_table(struct frame_table *table)
{
	if (table->rows == 0) {
		write_empty(table);
		return;
	}
	table->index_width = digits_of(table->rows - 1);
	table->aligned = fits(table);
	write_headings(table);
	for (size_t i = 0; table->aligned && i < table->rows; i++)
		write_row(table, i);
	if (!table->aligned)
		write_filled(table);
}

void frame_write(struct frame *frame, struct long_text *text)
{
	struct frame_table table = {.frame = frame, .text = text};
	size_t columns = frame->columns > 0 ? frame->columns : 1;
	table.columns =
	    misp_alloc(frame->query, columns * sizeof(*table.columns));
	if (!table.columns) {
		text->no_memory = true;
		return;
	}
	if (frame->unsorted)
		qsort(frame->cells, frame->count, sizeof(*frame->cells),
		      compare_cells);
	table.first = frame->headings ? 1 : 0;
	table.rows = frame->rows > table.first ? frame->rows - table.first : 0;
	while (table.next < frame->count &&
	       frame->cells[table.next].row < table.first)
		table.next++;
	frame_measure(&table);
	write_table(&table);
}
