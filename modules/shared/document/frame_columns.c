/*
 * frame_columns.c: what the columns of a table are like, before it is written;
 * see frame_parts.h.
 */
#include "frame_parts.h"

#include <string.h>

size_t frame_width(const char *text, size_t size)
{
	size_t width = 0;
	for (size_t i = 0; i < size; i++)
		width += ((unsigned char)text[i] & 0xc0) != 0x80;
	return width;
}

static size_t value_width(const struct frame_table *table,
			  const struct frame_column *column,
			  const struct frame_cell *cell)
{
	char value[FRAME_VALUE_SIZE];
	if (cell->kind == FRAME_TEXT)
		return 1 + frame_width(frame_string(table->frame, cell),
				       cell->size);
	frame_value(table->frame, column, cell, value);
	return strlen(value);
}

static void widen(struct frame_column *column, size_t width)
{
	if (width > column->width)
		column->width = width;
}

/* Gives a heading that is there already a number. taken has all that the
 * sheet has, numbers how many of each there have been. */
static const char *unique_heading(struct misp_query *query, const json_t *taken,
				  json_t *numbers, const char *heading)
{
	const char *name = heading;
	json_int_t number =
	    json_integer_value(json_object_get(numbers, heading));
	if (number > 0)
		do
			name = misp_text(query, "%s.%" JSON_INTEGER_FORMAT,
					 heading, number++);
		while (name && (json_object_get(taken, name) ||
				json_object_get(numbers, name)));
	json_object_set_new(numbers, heading,
			    json_integer(number > 0 ? number : 1));
	if (name && name != heading)
		json_object_set_new(numbers, name, json_integer(1));
	return name;
}

/* The text of a heading, which is one cell of the first row or none. */
static const char *heading_text(const struct frame_table *table, size_t column,
				const struct frame_cell *cell)
{
	static const struct frame_column alone = {.decimals = 1};
	struct misp_query *query = table->frame->query;
	char value[FRAME_VALUE_SIZE];
	if (!table->frame->headings)
		return misp_text(query, "column.%zu", column);
	if (!cell)
		return misp_text(query, "Unnamed: %zu", column);
	if (cell->kind == FRAME_TEXT)
		return misp_text(query, "%.*s", (int)cell->size,
				 frame_string(table->frame, cell));
	frame_value(table->frame, &alone, cell, value);
	return misp_text(query, "%s", value + (value[0] == ' '));
}

/* The heading of each column as it is in the sheet. */
static void find_headings(const struct frame_table *table, json_t *taken)
{
	const struct frame *frame = table->frame;
	size_t next = 0;
	for (size_t i = 0; i < frame->columns; i++) {
		const struct frame_cell *cell = NULL;
		while (frame->headings && next < frame->count &&
		       frame->cells[next].row < table->first &&
		       frame->cells[next].column <= i) {
			if (frame->cells[next].column == i)
				cell = &frame->cells[next];
			next++;
		}
		const char *heading = heading_text(table, i, cell);
		table->columns[i].heading = heading;
		json_object_set_new(taken, heading, json_true());
	}
}

static void name_columns(struct frame_table *table)
{
	struct misp_query *query = table->frame->query;
	json_t *taken = misp_keep(query, json_object());
	json_t *numbers = misp_keep(query, json_object());
	find_headings(table, taken);
	for (size_t i = 0; i < table->frame->columns; i++) {
		struct frame_column *column = &table->columns[i];
		const char *heading =
		    unique_heading(query, taken, numbers, column->heading);
		column->heading = heading ? heading : "";
		widen(column,
		      frame_width(column->heading, strlen(column->heading)) +
			  frame_column_numeric(column));
	}
}

/* Decides how each column is written, and how wide its values are. */
static void measure_values(struct frame_table *table)
{
	struct frame *frame = table->frame;
	static const struct frame_cell nothing;
	for (size_t i = table->next; i < frame->count; i++)
		frame_column_note(&table->columns[frame->cells[i].column],
				  &frame->cells[i]);
	for (size_t i = 0; i < frame->columns; i++) {
		struct frame_column *column = &table->columns[i];
		frame_column_decide(column, frame->integers, table->rows);
		if (column->filled < table->rows)
			widen(column, value_width(table, column, &nothing));
	}
	for (size_t i = table->next; i < frame->count; i++) {
		struct frame_column *column =
		    &table->columns[frame->cells[i].column];
		widen(column, value_width(table, column, &frame->cells[i]));
	}
}

void frame_measure(struct frame_table *table)
{
	measure_values(table);
	name_columns(table);
}
