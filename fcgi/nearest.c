/*
 * nearest.c: the known name nearest to one that was mistyped.
 */
#include "nearest.h"

#include <string.h>

/* No name that a person types is longer; what is, was no slip. */
#define LONGEST 128

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Levenshtein's distance; both names are at most LONGEST bytes long. */
static size_t distance(const char *a, const char *b)
{
	size_t row[LONGEST + 1];
	size_t length = strlen(b);

	for (size_t j = 0; j <= length; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < length; j++) {
			size_t replaced = diagonal + (a[i] != b[j]);

			diagonal = row[j + 1];
			row[j + 1] =
			    least(replaced, least(row[j], row[j + 1]) + 1);
		}
	}
	return row[length];
}

const char *nearest_name(const char *name, const char *const *names,
			 size_t count)
{
	const char *nearest = NULL;
	size_t length = strlen(name);
	size_t best = length / 3 + 1;

	if (length > LONGEST)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		size_t steps;

		if (strlen(names[i]) > LONGEST)
			continue;
		steps = distance(name, names[i]);
		if (steps < best) {
			best = steps;
			nearest = names[i];
		}
	}
	return nearest;
}
