/*
 * reload.h: a reload: the manager re-executes itself, with the same pid and
 * the same listening socket. What the new program must know of the old is
 * handed over in one environment variable.
 */
#ifndef FCGI_RELOAD_H
#define FCGI_RELOAD_H

#include "board.h"
#include "python.h"

/* Of the generations of workers that may still be finishing; what is older
 * finishes without being looked after. */
#define HANDOVER_BOARDS 8

/* What a reload hands over. */
struct handover {
	int listener;       /* -1: this is a first start */
	bool own_socket;    /* we made its file, and remove it at the end */
	size_t board_count; /* newest first; only those that can be read */
	struct board *boards[HANDOVER_BOARDS];
	int board_fds[HANDOVER_BOARDS];
	pid_t *workers; /* that are to finish, to be freed; 0: gone */
	size_t worker_count;
	struct python_program python;
};

/* Takes what the process before left, and forgets it was there. */
void handover_take(struct handover *handover);

/* Lets go of the boards whose processes have all ended. */
void handover_tidy(struct handover *handover);

/* Frees what it holds but the listener. */
void handover_free(struct handover *handover);

/* Starts `PROGRAM check` on the configuration; its pid, or -1. Errors appear
 * where the log does. */
pid_t reload_check(char *const *arguments, const char *const *files);

/*
 * Executes the program anew. handover is what an earlier reload left, with the
 * listener; board, which may be NULL, is this process's own. The program of the
 * Python modules goes on if keep_python, else another takes its place. Returns
 * only when that failed, with errno.
 */
void reload_execute(char *const *arguments, const struct handover *handover,
		    struct board *board, int board_fd, bool keep_python);

/* Whether this process, a check, was started by reload_check. */
bool reload_is_checking(void);

/* The program's path as it was at the start: an upgrade is found there. */
void reload_remember_program(const char *name);

#endif
