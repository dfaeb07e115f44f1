/*
 * nearest.h: the known name nearest to one that was mistyped.
 */
#ifndef FCGI_NEAREST_H
#define FCGI_NEAREST_H

#include <stddef.h>

/*
 * The one of count names with the smallest edit distance to name; NULL when
 * none is near enough to be meant (more than a third of its length away).
 */
const char *nearest_name(const char *name, const char *const *names,
			 size_t count);

#endif
