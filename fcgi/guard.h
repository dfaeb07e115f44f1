/*
 * guard.h: every query gets an answer.
 *
 * While a module works, three things can end its query for it, each with a
 * reply of its own: a crash (signal handlers on an alternate stack), exit()
 * (an atexit handler), and the watchdog, a small thread that waits for the
 * deadline and for the web server to hang up. Whichever is first writes the
 * reply, counts, and ends the process; the manager starts another.
 *
 * The watchdog is a thread, not SIGALRM and SIGIO, so that a module which
 * blocks signals cannot hold a query, and so that no system call of a module
 * is ever interrupted by us.
 */
#ifndef FCGI_GUARD_H
#define FCGI_GUARD_H

#include "board.h"

#include <stdbool.h>
#include <stdint.h>

/* A process that ends a query so exits with this status. */
#define GUARD_EXIT_STATUS 86

/* How the reply is written: as FastCGI records, or as JSON for a terminal. */
enum guard_form { GUARD_FASTCGI, GUARD_PLAIN };

/*
 * Sets up handlers and watchdog, once in a process and after its fork. slot
 * is the process's (its pid is noted there), and outlives it. Returns 0, or -1
 * with errno.
 */
int guard_start(enum guard_form form, struct board *board, struct slot *slot);

/* From now on a request is read from fd: at the deadline (misp_now()) the
 * socket is shut down for reading, so that no read waits any longer. */
void guard_reading(int fd, int64_t deadline);

/* The request has been read: the deadline touches it no more. Returns whether
 * it had come already. */
bool guard_reading_end(void);

/* From now on a request is answered: at the deadline both directions of its
 * socket are shut down. */
void guard_replying(int64_t deadline);

/* The request that a query came in. */
struct guard_request {
	int fd;
	unsigned request_id; /* FastCGI's */
	const char *id;      /* repeated in the reply */
	/* The web server does not notice that a client hangs up unless it
	 * writes to it (Apache): have it write now and then. */
	bool signs_of_life;
};

/*
 * From now on a query runs: its crash, its deadline and (but for GUARD_PLAIN)
 * a hang-up of the web server end it.
 */
void guard_query(const struct guard_request *request, int64_t deadline);

/* Once the module is known: its name for the reply, its row, its deadline.
 * From here on the answer has status 200: signs of life may be sent. */
void guard_module(const char *name, struct row *row, int64_t deadline);

/*
 * The query is over; the caller answers it until reply_deadline, as after
 * guard_replying. Returns whether the head of the
 * reply has been sent already. Does not return if somebody ended the query at
 * this very moment.
 */
bool guard_query_end(int64_t reply_deadline);

/* Nothing is watched any more. */
void guard_idle(void);

/* fork() at a moment when the watchdog holds no lock that the child would wait
 * for in vain. */
pid_t guard_fork(void);

/* Whether memory is short: an allocation of a few MiB would fail. */
bool guard_out_of_memory(void);

#endif
