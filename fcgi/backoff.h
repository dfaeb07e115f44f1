/*
 * backoff.h: how long to wait before what has failed is tried again.
 */
#ifndef FCGI_BACKOFF_H
#define FCGI_BACKOFF_H

#include <stdint.h>

/* Twice as long as the last time (0: there was none), up to a limit. */
static inline int64_t backoff_longer(int64_t before, int64_t first,
				     int64_t last)
{
	int64_t longer = before ? before * 2 : first;

	return longer < last ? longer : last;
}

#endif
