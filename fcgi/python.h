/*
 * python.h: the Python modules: a program (modules/python) that the manager
 * starts and watches, and that is asked like any other remote, on a unix
 * socket in the cache folder.
 */
#ifndef FCGI_PYTHON_H
#define FCGI_PYTHON_H

#include "server.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

/* Whether there are Python modules: the configuration names places of them, or
 * a .py file lies in a folder of the modules. */
bool python_is_wanted(const struct config *config);

/* The program, as the manager keeps it; a reload hands it over. */
struct python_program {
	int listener;      /* -1: there is none */
	pid_t pid;         /* 0: it does not run */
	pid_t before;      /* of before a reload: stops when pid is ready */
	int64_t born;      /* misp_now() */
	int64_t not_until; /* of the next start, after one that failed */
	int64_t backoff;
	int64_t kill_at; /* when it is to stop; 0: it is not */
};

/* Opens the socket, or takes that of before a reload, and notes where it is on
 * the server. Without Python modules, ends what there was. */
void python_open(struct server *server, struct python_program *program);

/* Starts it when it does not run, unless it failed a moment ago. */
void python_tend(struct server *server, struct python_program *program);

/* Whether pid, which has ended, was it. */
bool python_reap(struct server *server, struct python_program *program,
		 pid_t pid, int status);

/* To be called once no query is with it any more, again and again: tells it to
 * stop. Whether it has. */
bool python_stopped(struct python_program *program);

/* Tells it to stop, or kills it. */
void python_signal(const struct python_program *program, int signal);

/* Writes the files that are still to be loaded, a line each, with that before
 * it. Returns how many. */
size_t python_print_loading(const struct config *config, const char *before,
			    FILE *out);

#endif
