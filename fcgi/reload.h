/*
 * reload.h: a reload: the manager re-executes itself, with the same pid and
 * the same listening socket. What the new program must know of the old is
 * handed over in one environment variable.
 */
#ifndef FCGI_RELOAD_H
#define FCGI_RELOAD_H

#include "board.h"

/* What a reload hands over. */
struct handover {
	int listener; /* -1: this is a first start */
	int board_fd;
	struct board *board; /* NULL when it cannot be read any more */
	pid_t *workers;      /* that are to finish, to be freed */
	size_t worker_count;
};

/* Takes what the process before left, and forgets it was there. */
void handover_take(struct handover *handover);

/* Frees what it holds but the listener. */
void handover_free(struct handover *handover);

/* Starts `PROGRAM check` on the configuration; its pid, or -1. Errors appear
 * where the log does. */
pid_t reload_check(char *const *arguments, const char *const *files);

/* Executes the program anew. before: the workers that an earlier reload left,
 * and that are not gone yet. Returns only when that failed, with errno. */
void reload_execute(char *const *arguments, int listener, struct board *board,
		    int board_fd, const struct handover *before);

/* The program's path as it was at the start: an upgrade is found there. */
void reload_remember_program(const char *name);

#endif
