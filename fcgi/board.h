/*
 * board.h: the scoreboard: memory that the manager and its workers share.
 *
 * A slot a process says what it is doing; a row a module counts what became
 * of its queries. Counters only grow; each is one atomic. The board lives in a
 * memfd, so that a manager that re-executes itself still knows the workers of
 * the one before.
 */
#ifndef FCGI_BOARD_H
#define FCGI_BOARD_H

#include "registry.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum slot_state {
	SLOT_IDLE,    /* waits for work */
	SLOT_READING, /* has a connection, reads the request */
	SLOT_WAITING, /* has a query, waits until it may run */
	SLOT_RUNNING, /* a module works */
	SLOT_REPLYING,
};

/* How a query ended that its worker did not survive. */
enum slot_end {
	END_NONE,
	END_CRASH,     /* a signal */
	END_MEMORY,    /* a signal or nothing, for want of memory */
	END_DEADLINE,  /* took too long */
	END_EXIT,      /* the module called exit() */
	END_CANCELLED, /* nobody waited for the answer any more */
};

#define SLOT_NO_MODULE SIZE_MAX
#define BOARD_ID_SIZE 65

/* What the log says of a query; filled in by the worker that has it. */
struct slot_query {
	size_t module; /* row of the board, or SLOT_NO_MODULE */
	char id[BOARD_ID_SIZE];
	char input[64];  /* kind of input: an attribute type, "object", … */
	char value[256]; /* the indicator; "" unless log_values */
	char user[128];
	char address[64];
	int64_t started; /* misp_now() */
	uint64_t bytes;  /* of the body */
};

/*
 * Workers take work. The porter takes it only when no worker has been able to
 * for a while: it answers what needs no module (/healthcheck above all); with
 * a query it becomes an extra, which waits until the query may run, and the
 * manager starts another porter.
 */
enum slot_role {
	ROLE_WORKER,
	ROLE_PORTER,
	ROLE_EXTRA,
	ROLE_FETCHER, /* asks the remotes for their modules */
};

struct slot {
	_Atomic pid_t pid;        /* 0: free */
	atomic_int role;          /* enum slot_role */
	atomic_int state;         /* enum slot_state */
	atomic_int end;           /* enum slot_end */
	atomic_int signal;        /* that a crash came from */
	_Atomic int64_t deadline; /* of what goes on, misp_now(); 0: none */
	_Atomic uint64_t ticket;  /* of its wait for a turn; 0: none */
	/* The remote its query is with, or minus that when it waits for a place
	 * there; 0 (REMOTE_NONE): none. */
	atomic_int place;
	int64_t born; /* misp_now() */
	struct slot_query query;
};

/* Upper ends of the latency histogram's buckets, in milliseconds. */
#define BOARD_BUCKETS 12
extern const unsigned board_bucket_ms[BOARD_BUCKETS];

enum counter {
	COUNT_QUERIES,
	COUNT_ERRORS,
	COUNT_TIMEOUTS,
	COUNT_CRASHES,
	COUNT_CANCELLATIONS,
	COUNT_VIOLATIONS,
	COUNT_CAGE_FAILURES,
	COUNTER_COUNT,
};

struct row {
	char name[128]; /* of the module */
	_Atomic uint64_t counts[COUNTER_COUNT];
	_Atomic uint64_t buckets[BOARD_BUCKETS + 1];
	_Atomic uint64_t microseconds; /* of all queries */
};

/* What is known of a remote at the moment. */
struct board_remote {
	atomic_bool down;      /* none of its servers, or no program, is up */
	_Atomic uint32_t turn; /* of its URLs */
	/* A URL that could not be reached; misp_now(). */
	_Atomic int64_t left_until[REMOTE_URLS];
};

struct board {
	/* Of another size or layout (an upgrade): not to be read. */
	uint64_t layout;
	size_t size; /* of the whole, in bytes */
	size_t slot_count;
	size_t row_count;
	size_t workers;             /* how many queries may run at once */
	_Atomic uint32_t returned;  /* permits, so far: a futex to wait on */
	_Atomic uint32_t waiting;   /* for one */
	_Atomic uint64_t tickets;   /* given to those that wait, so far */
	_Atomic uint64_t completed; /* requests that came to an end */
	_Atomic uint64_t noted;     /* completed, when the porter last looked */
	_Atomic uint64_t respawns;
	struct board_remote remotes[REMOTES];
	/* then slot_count slots, row_count rows, and a permit a worker: the
	 * pid of the process that holds it, or 0 */
};

/* Slots beside the workers: of those who wait to run; of the porter
 * and the fetcher. */
#define BOARD_WAITING 64
#define BOARD_OTHERS 2

/*
 * A new board for this many workers and the registry's modules, in *fd (a
 * memfd, close-on-exec). NULL with errno.
 */
struct board *board_create(size_t workers, const struct registry *registry,
			   int *fd);

/* Maps the board that a manager before this one left in fd; NULL when it is
 * none or of another layout. */
struct board *board_adopt(int fd);

/* Moves the counters of the modules both boards know to board. To be repeated
 * while processes of the other still count. */
void board_inherit(struct board *board, struct board *before);

void board_release(struct board *board, int fd);

struct slot *board_slot(struct board *board, size_t index);
struct row *board_row(struct board *board, size_t index);

/* A slot without a process; NULL when all are taken. */
struct slot *board_free_slot(struct board *board);
struct slot *board_slot_of(struct board *board, pid_t pid);

/* How many processes have this role. */
size_t board_count_role(struct board *board, enum slot_role role);

/* Whether any process is noted on it. */
bool board_in_use(struct board *board);

/*
 * Lets the process of slot run one query: waits for its turn until `until`
 * (misp_now()). False when the turn did not come. Who waits longest is the
 * first. A permit belongs to a pid from the instant it is taken, so none is
 * lost with its process.
 */
bool board_permit_take(struct board *board, struct slot *slot, int64_t until);

/* Ends the wait of a process that has died in it, if it was in one. */
void board_ticket_return(struct board *board, struct slot *slot);

/* Gives the turn back, if pid has one. Async-signal-safe. */
void board_permit_return(struct board *board, pid_t pid);

/*
 * Takes a place with a remote for the query of slot, of which there are most:
 * waits for it until `until` (misp_now()). False when there was none in time,
 * or when too many wait already. board_place_return gives it back.
 */
bool board_place_take(struct board *board, struct slot *slot, int remote,
		      long most, int64_t until);
void board_place_return(struct slot *slot);

/* How many queries are with a remote. */
size_t board_places_taken(struct board *board, int remote);

/* What the workers do now. */
struct board_load {
	size_t idle; /* could take a query */
	size_t busy; /* read, run or answer one, or have died */
};

/* asker, the slot of whoever answers the question, is not busy for it. */
struct board_load board_load(struct board *board, const struct slot *asker);

/* Adds a query of a module that took this long to its histogram. */
void row_observe(struct row *row, uint64_t microseconds);

static inline void row_count(struct row *row, enum counter counter)
{
	if (row)
		atomic_fetch_add(&row->counts[counter], 1);
}

#endif
