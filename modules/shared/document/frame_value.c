/*
 * frame_value.c: how the values of a column are written; see frame_parts.h.
 * The rules are those of pandas.
 */
#include "frame_parts.h"

#include <math.h>
#include <string.h>
#include <time.h>

#define DIGITS 6
#define DAY 86400

/* Behind the point, without the zeros at the end. */
static int decimals_of(const char *fixed, size_t length)
{
	int decimals = DIGITS;
	while (decimals > 0 && fixed[length - 1] == '0') {
		decimals--;
		length--;
	}
	return decimals;
}

static void note_number(struct frame_column *column, double number)
{
	char fixed[FRAME_VALUE_SIZE];
	int length = snprintf(fixed, sizeof(fixed), "% .*f", DIGITS, number);
	int decimals = decimals_of(fixed, (size_t)length);
	double size = fabs(number);
	if (decimals > column->decimals)
		column->decimals = decimals;
	if (length > column->longest)
		column->longest = length;
	column->fractions |= floor(number) != number;
	column->large |= size > 1e6;
	column->small |= size > 0 && size < 1e-6;
}

void frame_column_note(struct frame_column *column,
		       const struct frame_cell *cell)
{
	column->filled++;
	column->kinds[cell->kind]++;
	if (cell->kind == FRAME_NUMBER)
		note_number(column, cell->number);
	else if (cell->kind == FRAME_TIME)
		column->clocks |= fmod(cell->number, DAY) != 0;
}

/* Whether a number is long, without the zeros that none of them needs. */
static bool is_long(const struct frame_column *column)
{
	int decimals = column->decimals > 0 ? column->decimals : 1;
	return column->longest - (DIGITS - decimals) > DIGITS + DIGITS;
}

void frame_column_decide(struct frame_column *column, bool integers,
			 size_t rows)
{
	bool full = column->filled == rows;
	bool numbers = column->kinds[FRAME_NUMBER] == column->filled;
	column->mode = FRAME_OBJECTS;
	if (column->filled > 0 && numbers && integers && full &&
	    !column->fractions)
		column->mode = FRAME_INTEGERS;
	else if (numbers)
		column->mode =
		    column->small || (column->large && is_long(column))
			? FRAME_SCIENTIFIC
			: FRAME_FLOATS;
	else if (column->kinds[FRAME_BOOLEAN] == column->filled && full)
		column->mode = FRAME_BOOLEANS;
	else if (column->kinds[FRAME_TIME] == column->filled)
		column->mode = FRAME_TIMES;
}

bool frame_column_numeric(const struct frame_column *column)
{
	return column->mode != FRAME_OBJECTS && column->mode != FRAME_TIMES;
}

static void value_empty(const struct frame_column *column, const char *none,
			char text[FRAME_VALUE_SIZE])
{
	if (column->mode == FRAME_OBJECTS)
		snprintf(text, FRAME_VALUE_SIZE, " %s", none);
	else
		snprintf(text, FRAME_VALUE_SIZE, "%s",
			 column->mode == FRAME_TIMES ? "NaT" : "NaN");
}

/* A whole number; 0 has no sign. */
static void value_whole(double number, char text[FRAME_VALUE_SIZE])
{
	snprintf(text, FRAME_VALUE_SIZE, "% .0f", number == 0 ? 0 : number);
}

static void value_number(const struct frame_column *column, double number,
			 bool integers, char text[FRAME_VALUE_SIZE])
{
	int decimals = column->decimals;
	if (column->mode == FRAME_SCIENTIFIC) {
		snprintf(text, FRAME_VALUE_SIZE, "% .*e", DIGITS, number);
		return;
	}
	if (column->mode == FRAME_OBJECTS) {
		if (integers && floor(number) == number) {
			value_whole(number, text);
			return;
		}
		int length =
		    snprintf(text, FRAME_VALUE_SIZE, "% .*f", DIGITS, number);
		decimals = decimals_of(text, (size_t)length);
	}
	snprintf(text, FRAME_VALUE_SIZE, "% .*f", decimals > 0 ? decimals : 1,
		 number);
}

static void value_time(const struct frame_column *column, double number,
		       char text[FRAME_VALUE_SIZE])
{
	time_t seconds = (time_t)number;
	struct tm parts = {0};
	bool alone = column->mode == FRAME_TIMES;
	gmtime_r(&seconds, &parts);
	int length = snprintf(text, FRAME_VALUE_SIZE, "%s%04d-%02d-%02d",
			      alone ? "" : " ", parts.tm_year + 1900,
			      parts.tm_mon + 1, parts.tm_mday);
	if (column->clocks || !alone)
		snprintf(text + length, FRAME_VALUE_SIZE - (size_t)length,
			 " %02d:%02d:%02d", parts.tm_hour, parts.tm_min,
			 parts.tm_sec);
}

void frame_value(const struct frame *frame, const struct frame_column *column,
		 const struct frame_cell *cell, char text[FRAME_VALUE_SIZE])
{
	if (cell->kind == FRAME_EMPTY)
		value_empty(column, frame->none, text);
	else if (cell->kind == FRAME_BOOLEAN)
		snprintf(text, FRAME_VALUE_SIZE, " %s",
			 cell->number != 0 ? "True" : "False");
	else if (cell->kind == FRAME_TIME)
		value_time(column, cell->number, text);
	else if (column->mode == FRAME_INTEGERS)
		value_whole(cell->number, text);
	else
		value_number(column, cell->number, frame->integers, text);
}
