/*
 * frame.h: the cells of a sheet, and a table of them as text: in the layout of
 * pandas' DataFrame.to_string, which is what MISP's users have seen so far.
 */
#ifndef MODULES_FRAME_H
#define MODULES_FRAME_H

#include "long_text.h"

/* Cells, columns and rows that are kept; the programs have no more columns and
 * rows than this. */
#define FRAME_CELLS_MAX 1048576
#define FRAME_COLUMNS_MAX 16384
#define FRAME_ROWS_MAX 1048576

enum frame_kind {
	FRAME_EMPTY,
	FRAME_TEXT,
	FRAME_NUMBER,
	FRAME_BOOLEAN, /* a number, 0 or 1 */
	FRAME_TIME,    /* a number, of seconds since 1970 */
};

struct frame_cell {
	uint32_t row; /* from 0 */
	uint32_t column;
	enum frame_kind kind;
	double number;
	size_t start; /* of its text in the frame's strings */
	size_t size;
};

struct frame {
	struct misp_query *query;
	/* Its texts; may be those of several frames. */
	struct long_text *strings;
	/* How it is read. */
	bool headings;    /* the first row names the columns */
	bool integers;    /* whole numbers are shown without a fraction */
	bool drop;        /* columns without a value are left out */
	const char *none; /* what stands for no value among texts */

	/* What is in it. */
	struct frame_cell *cells;
	size_t count;
	size_t capacity;
	size_t rows; /* to the last that has a cell */
	size_t columns;
	size_t length;   /* of all texts */
	bool cut;        /* this sheet has more cells than are kept */
	bool incomplete; /* one of the sheets has */
	bool unsorted;
};

/* Empty, lives as long as the query; the caller sets how it is read. NULL
 * without memory. */
struct frame *frame_new(struct misp_query *query, struct long_text *strings);

/* Forgets the cells, for the next sheet. */
void frame_clear(struct frame *frame);

/* Adds a cell; one that is empty adds nothing. */
void frame_add(struct frame *frame, const struct frame_cell *cell);

/* Whether cells or texts of any sheet so far are not kept. */
bool frame_incomplete(const struct frame *frame);

/* Writes the table. Where it would be too long with all that is empty in it
 * and all that aligns its columns, that is left out. */
void frame_write(struct frame *frame, struct long_text *text);

#endif
