/*
 * board.c: the scoreboard; see board.h.
 */
#include "board.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

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
	size_t slot_count = workers + 1 + BOARD_WAITING;
	size_t size = sizeof(struct board) + slot_count * sizeof(struct slot) +
		      registry->count * sizeof(struct row);
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
	if (sem_init(&board->permits, 1, (unsigned)workers) != 0)
		goto failed;
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
	       size == sizeof(struct board) +
			   board->slot_count * sizeof(struct slot) +
			   board->row_count * sizeof(struct row);
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

static void row_inherit(struct row *row, const struct row *before)
{
	for (size_t i = 0; i < COUNTER_COUNT; i++)
		row->counts[i] = before->counts[i];
	for (size_t i = 0; i <= BOARD_BUCKETS; i++)
		row->buckets[i] = before->buckets[i];
	row->microseconds = before->microseconds;
}

void board_inherit(struct board *board, struct board *before)
{
	board->respawns = before->respawns;
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

bool board_permit_take(struct board *board, struct slot *slot, int64_t until)
{
	struct timespec deadline = {.tv_sec = until / 1000,
				    .tv_nsec = until % 1000 * 1000000};
	int result;

	do {
		result =
		    sem_clockwait(&board->permits, CLOCK_MONOTONIC, &deadline);
	} while (result != 0 && errno == EINTR);
	if (result == 0)
		slot->permit = true;
	return result == 0;
}

void board_permit_return(struct board *board, struct slot *slot)
{
	if (atomic_exchange(&slot->permit, false))
		sem_post(&board->permits);
}

size_t board_busy(struct board *board)
{
	int free_permits = 0;

	sem_getvalue(&board->permits, &free_permits);
	if (free_permits < 0)
		free_permits = 0;
	return board->workers > (size_t)free_permits
		   ? board->workers - (size_t)free_permits
		   : 0;
}

size_t board_idle(struct board *board)
{
	size_t alive = board_count_role(board, ROLE_WORKER);
	size_t busy = board_busy(board);

	return alive > busy ? alive - busy : 0;
}

void row_observe(struct row *row, uint64_t microseconds)
{
	size_t bucket = 0;

	while (bucket < BOARD_BUCKETS &&
	       microseconds > board_bucket_ms[bucket] * UINT64_C(1000))
		bucket++;
	atomic_fetch_add(&row->buckets[bucket], 1);
	atomic_fetch_add(&row->microseconds, microseconds);
}
