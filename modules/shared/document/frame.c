/*
 * frame.c: the cells of a sheet, as they come; see frame.h.
 */
#include "frame.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 256

static void frame_release(void *frame)
{
	free(((struct frame *)frame)->cells);
}

struct frame *frame_new(struct misp_query *query, struct long_text *strings)
{
	struct frame *frame =
	    misp_defer(query, misp_alloc(query, sizeof(*frame)), frame_release);
	if (!frame || !strings)
		return NULL;
	frame->query = query;
	frame->strings = strings;
	frame->none = "NaN";
	return frame;
}

void frame_clear(struct frame *frame)
{
	frame->count = 0;
	frame->length = 0;
	frame->rows = 0;
	frame->columns = 0;
	frame->unsorted = false;
	frame->cut = false;
}

bool frame_incomplete(const struct frame *frame)
{
	return frame->incomplete || frame->strings->cut;
}

/* Whether there is room for one more cell. */
static bool frame_room(struct frame *frame)
{
	if (frame->count < frame->capacity)
		return true;
	size_t capacity =
	    frame->capacity ? frame->capacity * 2 : FIRST_CAPACITY;
	struct frame_cell *cells =
	    capacity <= FRAME_CELLS_MAX
		? reallocarray(frame->cells, capacity, sizeof(*cells))
		: NULL;
	if (!cells)
		return false;
	frame->cells = cells;
	frame->capacity = capacity;
	return true;
}

static void frame_leave_out(struct frame *frame)
{
	frame->cut = true;
	frame->incomplete = true;
}

static bool comes_before(const struct frame_cell *a, const struct frame_cell *b)
{
	return a->row < b->row || (a->row == b->row && a->column <= b->column);
}

void frame_add(struct frame *frame, const struct frame_cell *cell)
{
	if (cell->kind == FRAME_EMPTY ||
	    (cell->kind == FRAME_TEXT && cell->size == 0))
		return;
	if (cell->row >= FRAME_ROWS_MAX || cell->column >= FRAME_COLUMNS_MAX ||
	    !frame_room(frame)) {
		frame_leave_out(frame);
		return;
	}
	/* A text can be the value of any number of cells. */
	frame->length += cell->size;
	if (frame->length > LONG_TEXT_MAX) {
		frame_leave_out(frame);
		return;
	}
	if (frame->count > 0 &&
	    !comes_before(&frame->cells[frame->count - 1], cell))
		frame->unsorted = true;
	frame->cells[frame->count++] = *cell;
	if (cell->row >= frame->rows)
		frame->rows = cell->row + 1;
	if (cell->column >= frame->columns)
		frame->columns = cell->column + 1;
}
