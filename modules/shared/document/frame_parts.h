/*
 * frame_parts.h: how a value of a column is written, which decides how wide
 * the column is; between frame_write.c,
 * frame_columns.c and frame_value.c.
 */
#ifndef MODULES_FRAME_PARTS_H
#define MODULES_FRAME_PARTS_H

#include "frame.h"

/* Room for any number in digits. */
#define FRAME_VALUE_SIZE 400

/* How all values of a column are written. */
enum frame_mode {
	FRAME_OBJECTS, /* each in its own way */
	FRAME_INTEGERS,
	FRAME_FLOATS,
	FRAME_SCIENTIFIC,
	FRAME_BOOLEANS,
	FRAME_TIMES,
};

struct frame_column {
	/* What is in it. */
	size_t filled;
	size_t kinds[FRAME_TIME + 1]; /* how many cells of each */
	bool fractions;               /* a number is no whole one */
	bool clocks;                  /* a time is not at midnight */
	bool large, small;            /* numbers that are hard to read */
	int decimals;                 /* that say something, from 0 to 6 */
	int longest;                  /* of numbers with all 6 */

	/* What follows. */
	enum frame_mode mode;
	size_t width;
	const char *heading; /* NULL while it has none */
};

/* Takes note of a value of the column. */
void frame_column_note(struct frame_column *column,
		       const struct frame_cell *cell);

/* Decides how the values are written, when all have been noted. */
void frame_column_decide(struct frame_column *column, bool integers,
			 size_t rows);

/* The value as text, but for that of FRAME_TEXT; none for FRAME_EMPTY. */
void frame_value(const struct frame *frame, const struct frame_column *column,
		 const struct frame_cell *cell, char text[FRAME_VALUE_SIZE]);

/* Whether numbers are in the column: then its heading is set off by a space. */
bool frame_column_numeric(const struct frame_column *column);

/* A table that is written. */
struct frame_table {
	struct frame *frame;
	struct long_text *text;
	struct frame_column *columns;
	size_t first; /* the first row of values */
	size_t rows;  /* of values */
	size_t next;  /* the cell to be written next */
	bool aligned;
	size_t index_width;
};

/* Decides how each column is written, how wide it is, and its heading. Next
 * has to be the first cell of a value, and the cells in their order. */
void frame_measure(struct frame_table *table);

/* Characters of a text, when written. */
size_t frame_width(const char *text, size_t size);

/* The text of a cell. */
static inline const char *frame_string(const struct frame *frame,
				       const struct frame_cell *cell)
{
	return frame->strings->bytes + cell->start;
}

#endif
