/*
 * board.c: the scoreboard; see board.h.
 */
#include "board.h"

#include <limits.h>
#include <linux/futex.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Nobody waits longer than this without looking, whatever became of whoever
 * should have woken it. In milliseconds, under a second. */
#define PERMIT_WAIT 100
/* Between looks for a place with a remote, at least; in milliseconds. */
#define PLACE_WAIT 10

const unsigned board_bucket_ms[BOARD_BUCKETS] = {
    5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 60000};

/* Changes with the size of anything on the board. */
#define BOARD_LAYOUT                                                   \
	(UINT64_C(0x4d49535000000000) ^ (sizeof(struct board) << 32) ^ \
	 (sizeof(struct slot) << 16) ^ sizeof(struct row))

static struct slot *slots(struct board *board)
{
	return (struct slot *)(board + 1);
}

static struct row *rows(struct board *board)
{
	return (struct row *)(slots(board) + board->slot_count);
}

static _Atomic pid_t *permits(struct board *board)
{
	return (_Atomic pid_t *)(rows(board) + board->row_count);
}

static size_t board_size(size_t slot_count, size_t row_count, size_t workers)
{
	return sizeof(struct board) + slot_count * sizeof(struct slot) +
	       row_count * sizeof(struct row) + workers * sizeof(pid_t);
}

static struct board *board_map(int fd, size_t size)
{
	void *memory =
	    mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

static void board_name_rows(struct board *board,
			    const struct registry *registry)
{
	for (size_t i = 0; i < registry->count; i++) {
		struct row *row = board_row(board, i);

		snprintf(row->name, sizeof(row->name), "%s",
			 registry->modules[i].descriptor->name);
	}
}

struct board *board_create(size_t workers, const struct registry *registry,
			   int *fd)
{
	size_t slot_count = workers + BOARD_WAITING + BOARD_OTHERS;
	size_t size = board_size(slot_count, registry->count, workers);
	struct board *board;

	*fd = memfd_create("misp-modules-board", MFD_CLOEXEC);
	if (*fd < 0)
		return NULL;
	if (ftruncate(*fd, (off_t)size) != 0)
		goto failed;
	board = board_map(*fd, size);
	if (!board)
		goto failed;
	*board = (struct board){.layout = BOARD_LAYOUT,
				.size = size,
				.slot_count = slot_count,
				.row_count = registry->count,
				.workers = workers};
	board_name_rows(board, registry);
	return board;

failed:
	close(*fd);
	*fd = -1;
	return NULL;
}

static bool board_holds_together(const struct board *board, size_t size)
{
	return board->layout == BOARD_LAYOUT && board->size == size &&
	       board->slot_count < INT_MAX && board->row_count < INT_MAX &&
	       board->workers < INT_MAX &&
	       size == board_size(board->slot_count, board->row_count,
				  board->workers);
}

struct board *board_adopt(int fd)
{
	struct stat status;
	struct board *board;

	if (fstat(fd, &status) != 0 ||
	    status.st_size < (off_t)sizeof(struct board))
		return NULL;
	board = board_map(fd, (size_t)status.st_size);
	if (board && !board_holds_together(board, (size_t)status.st_size)) {
		munmap(board, (size_t)status.st_size);
		board = NULL;
	}
	return board;
}

static void counter_move(_Atomic uint64_t *to, _Atomic uint64_t *from)
{
	atomic_fetch_add(to, atomic_exchange(from, 0));
}

static void row_inherit(struct row *row, struct row *before)
{
	for (size_t i = 0; i < COUNTER_COUNT; i++)
		counter_move(&row->counts[i], &before->counts[i]);
	for (size_t i = 0; i <= BOARD_BUCKETS; i++)
		counter_move(&row->buckets[i], &before->buckets[i]);
	counter_move(&row->microseconds, &before->microseconds);
}

void board_inherit(struct board *board, struct board *before)
{
	counter_move(&board->respawns, &before->respawns);
	for (size_t i = 0; i < board->row_count; i++) {
		for (size_t j = 0; j < before->row_count; j++) {
			if (!strcmp(rows(board)[i].name, rows(before)[j].name))
				row_inherit(&rows(board)[i], &rows(before)[j]);
		}
	}
}

void board_release(struct board *board, int fd)
{
	if (board)
		munmap(board, board->size);
	if (fd >= 0)
		close(fd);
}

struct slot *board_slot(struct board *board, size_t index)
{
	return &slots(board)[index];
}

struct row *board_row(struct board *board, size_t index)
{
	return index < board->row_count ? &rows(board)[index] : NULL;
}

struct slot *board_slot_of(struct board *board, pid_t pid)
{
	for (size_t i = 0; i < board->slot_count; i++) {
		if (slots(board)[i].pid == pid)
			return &slots(board)[i];
	}
	return NULL;
}

struct slot *board_free_slot(struct board *board)
{
	return board_slot_of(board, 0);
}

size_t board_count_role(struct board *board, enum slot_role role)
{
	size_t count = 0;

	for (size_t i = 0; i < board->slot_count; i++) {
		if (slots(board)[i].pid && slots(board)[i].role == (int)role)
			count++;
	}
	return count;
}

bool board_in_use(struct board *board)
{
	for (size_t i = 0; i < board->slot_count; i++) {
		if (slots(board)[i].pid > 0)
			return true;
	}
	return false;
}

/* Each process begins to look at another place. */
static bool permit_try(struct board *board, pid_t pid)
{
	size_t first = (size_t)pid % board->workers;

	for (size_t i = 0; i < board->workers; i++) {
		pid_t nobody = 0;

		if (atomic_compare_exchange_strong(
			&permits(board)[(first + i) % board->workers], &nobody,
			pid))
			return true;
	}
	return false;
}

/* Whether nobody has waited for longer. */
static bool ticket_is_first(struct board *board, uint64_t ticket)
{
	for (size_t i = 0; i < board->slot_count; i++) {
		uint64_t other = slots(board)[i].ticket;

		if (slots(board)[i].pid > 0 && other && other < ticket)
			return false;
	}
	return true;
}

static void permits_changed(struct board *board)
{
	atomic_fetch_add(&board->returned, 1);
	if (board->waiting > 0)
		syscall(SYS_futex, &board->returned, FUTEX_WAKE, INT_MAX, NULL,
			NULL, 0);
}

static bool permit_wait(struct board *board, pid_t pid, uint64_t ticket,
			int64_t until)
{
	for (;;) {
		uint32_t seen = board->returned;
		int64_t left = until - misp_now();
		int64_t wait = left < PERMIT_WAIT ? left : PERMIT_WAIT;
		const struct timespec time = {0, wait * 1000000};

		if (ticket_is_first(board, ticket) && permit_try(board, pid))
			return true;
		if (left <= 0)
			return false;
		syscall(SYS_futex, &board->returned, FUTEX_WAIT, seen, &time,
			NULL, 0);
	}
}

void board_ticket_return(struct board *board, struct slot *slot)
{
	if (atomic_exchange(&slot->ticket, 0) == 0)
		return;
	atomic_fetch_sub(&board->waiting, 1);
	/* The next one is the first now. */
	permits_changed(board);
}

bool board_permit_take(struct board *board, struct slot *slot, int64_t until)
{
	bool taken;

	if (board->waiting == 0 && permit_try(board, slot->pid))
		return true;
	slot->ticket = atomic_fetch_add(&board->tickets, 1) + 1;
	atomic_fetch_add(&board->waiting, 1);
	taken = permit_wait(board, slot->pid, slot->ticket, until);
	board_ticket_return(board, slot);
	return taken;
}

void board_permit_return(struct board *board, pid_t pid)
{
	for (size_t i = 0; i < board->workers; i++) {
		pid_t holder = pid;

		if (!atomic_compare_exchange_strong(&permits(board)[i], &holder,
						    0))
			continue;
		permits_changed(board);
		return;
	}
}

/* ---- Places with remotes ---- */

/* Of the slots whose process lives, those with this in place. */
static size_t count_places(struct board *board, int place)
{
	size_t count = 0;

	for (size_t i = 0; i < board->slot_count; i++)
		count +=
		    slots(board)[i].pid > 0 && slots(board)[i].place == place;
	return count;
}

size_t board_places_taken(struct board *board, int remote)
{
	return count_places(board, remote);
}

/* It is taken first and then counted, so that there are never too many. */
static bool place_try(struct board *board, struct slot *slot, int remote,
		      long most)
{
	slot->place = remote;
	if (count_places(board, remote) <= (size_t)most)
		return true;
	slot->place = -remote;
	return false;
}

bool board_place_take(struct board *board, struct slot *slot, int remote,
		      long most, int64_t until)
{
	/* Not all at the same time. */
	const struct timespec pause = {0, (PLACE_WAIT + getpid() % PLACE_WAIT) *
					      1000000L};

	while (!place_try(board, slot, remote, most)) {
		if (misp_now() >= until ||
		    count_places(board, slot->place) > (size_t)most / 2 + 1) {
			slot->place = 0;
			return false;
		}
		nanosleep(&pause, NULL);
	}
	return true;
}

void board_place_return(struct slot *slot)
{
	slot->place = 0;
}

static size_t permits_taken(struct board *board)
{
	size_t taken = 0;

	for (size_t i = 0; i < board->workers; i++)
		taken += permits(board)[i] != 0;
	return taken;
}

/* A query may run in an extra, while the worker whose turn it took is idle. */
struct board_load board_load(struct board *board, const struct slot *asker)
{
	struct board_load load = {.busy = permits_taken(board)};
	size_t alive = 0, free = 0;

	for (size_t i = 0; i < board->slot_count; i++) {
		struct slot *slot = &slots(board)[i];

		if (slot->pid <= 0 || slot->role != ROLE_WORKER)
			continue;
		alive++;
		free += slot->state == SLOT_IDLE || slot == asker;
	}
	if (load.busy < alive - free)
		load.busy = alive - free;
	load.idle = alive > load.busy ? alive - load.busy : 0;
	if (load.busy < board->workers - load.idle)
		load.busy = board->workers - load.idle;
	return load;
}

void row_observe(struct row *row, uint64_t microseconds)
{
	size_t bucket = 0;

	if (!row)
		return;
	while (bucket < BOARD_BUCKETS &&
	       microseconds > board_bucket_ms[bucket] * UINT64_C(1000))
		bucket++;
	atomic_fetch_add(&row->buckets[bucket], 1);
	atomic_fetch_add(&row->microseconds, microseconds);
}
