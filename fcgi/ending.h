/*
 * ending.h: what is written to the web server about a query outside the usual
 * reply: while it runs, and when it has to be ended. All of it is composed by
 * memcpy, as a signal handler may.
 */
#ifndef FCGI_ENDING_H
#define FCGI_ENDING_H

#include "board.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#define ENDING_SIZE 1024

/* What a reply to the query of this moment needs to know. */
struct ending {
	bool plain; /* JSON for a terminal, not FastCGI records */
	unsigned request_id;
	char id[BOARD_ID_SIZE];
	char module[128];      /* "" while it is not known */
	atomic_bool head_sent; /* the HTTP head is on its way already */
};

/* The counter of an end. */
enum counter ending_counter(enum slot_end end);

/* Writes the whole rest of a reply that says how the query ended to bytes;
 * returns its size. */
size_t ending_reply(const struct ending *ending, enum slot_end end,
		    char bytes[ENDING_SIZE]);

/*
 * Writes a sign of life: a line break, which JSON may begin with, after the
 * HTTP head if that has not been sent. Returns its size.
 */
size_t ending_sign_of_life(const struct ending *ending,
			   char bytes[ENDING_SIZE]);

#endif
