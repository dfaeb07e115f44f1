/*
 * worker.c: a process that answers one request at a time; see worker.h.
 */
#include "worker.h"

#include "cage.h"
#include "guard.h"
#include "log.h"
#include "memory.h"
#include "request.h"
#include "route.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

/* How long no query may have come to an end, with every worker busy, before
 * the porter steps in; how often it looks; in milliseconds. */
#define PORTER_PATIENCE 250
/* How long the porter waits for a request that has begun; in milliseconds. */
#define PORTER_READING 1000
/* After an accept that failed for want of descriptors or memory. */
#define ACCEPT_PAUSE_MS 100

static volatile sig_atomic_t stop_asked;

static void on_stop(int signal)
{
	(void)signal;
	stop_asked = 1;
}

static void worker_signals(sigset_t *while_waiting)
{
	struct sigaction stop = {.sa_handler = on_stop};
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	sigemptyset(&stop.sa_mask);
	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGUSR1, &stop, NULL);
	/* For the manager, when a terminal sends them to all of us. */
	sigaction(SIGINT, &ignore, NULL);
	sigaction(SIGHUP, &ignore, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	/* The manager blocked what it waits for; a module should find the
	 * usual state but for the two that stop us. */
	sigemptyset(while_waiting);
	sigaddset(while_waiting, SIGTERM);
	sigaddset(while_waiting, SIGUSR1);
	sigprocmask(SIG_SETMASK, while_waiting, NULL);
	sigemptyset(while_waiting);
}

static void pause_for(long milliseconds)
{
	struct timespec time = {milliseconds / 1000,
				milliseconds % 1000 * 1000000};

	nanosleep(&time, NULL);
}

/* Whether this process, the porter, has handed on its role to run a query. */
static bool porter_becomes_extra(struct board *board, struct slot *slot)
{
	if (!board_free_slot(board))
		return false;
	slot->role = ROLE_EXTRA;
	kill(getppid(), SIGUSR2);
	return true;
}

/* What the porter may be held by, so that it is soon there for others. */
static int64_t patience(const struct server *server, const struct slot *slot)
{
	return slot->role == ROLE_PORTER ? PORTER_READING
					 : server->config.timeout * 1000;
}

static void request_serve(struct server *server, struct slot *slot,
			  struct request *request)
{
	bool porter = slot->role == ROLE_PORTER;

	if (porter && route_runs_module(request->path) &&
	    !porter_becomes_extra(server->board, slot)) {
		route_refuse(server, slot, request);
		return;
	}
	/* As an extra it may wait for the body for longer. */
	if (porter)
		guard_reading(request->fd, misp_now() + patience(server, slot));
	route_serve(server, slot, request);
}

static void worker_serve(struct server *server, struct slot *slot, int listener)
{
	struct request request;

	slot->state = SLOT_READING;
	if (request_accept(&request, listener, patience(server, slot)) == 0) {
		request_serve(server, slot, &request);
		request_close(&request);
		cage_reap();
		atomic_fetch_add(&server->board->completed, 1);
	} else if (request.fd < 0 && errno != EAGAIN && errno != EINTR &&
		   errno != ECONNABORTED) {
		pause_for(ACCEPT_PAUSE_MS);
	}
	slot->state = SLOT_IDLE;
}

/* Signals that stop us are let through only by the waits below; a wait that
 * finds work at once lets none through, so on a busy server they are looked
 * for. */
static bool stop_is_asked(void)
{
	sigset_t pending;

	sigpending(&pending);
	return stop_asked || sigismember(&pending, SIGTERM) ||
	       sigismember(&pending, SIGUSR1);
}

/* Waits for a connection and serves it, until it is told to stop. */
static int worker_loop(struct server *server, struct slot *slot, int listener,
		       const sigset_t *while_waiting)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLEXCLUSIVE};
	int epoll = epoll_create1(EPOLL_CLOEXEC);

	if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event) != 0)
		return EXIT_FAILURE;
	while (!stop_is_asked()) {
		if (epoll_pwait(epoll, &event, 1, -1, while_waiting) == 1)
			worker_serve(server, slot, listener);
	}
	return EXIT_SUCCESS;
}

/* Whether no worker has been able to take work since the porter looked last. */
static bool porter_needed(struct board *board)
{
	uint64_t before = board->noted;

	board->noted = board->completed;
	return board_load(board, NULL).idle == 0 && before == board->noted;
}

static int porter_loop(struct server *server, struct slot *slot, int listener,
		       const sigset_t *while_waiting)
{
	const struct timespec tick = {0, PORTER_PATIENCE * 1000000L};
	struct pollfd poll = {.fd = listener, .events = POLLIN};
	struct board *board = server->board;
	/* One that takes the place of a porter that became an extra goes on
	 * where that stopped. */
	bool needed = porter_needed(board);

	while (!stop_is_asked() && slot->role == ROLE_PORTER) {
		if (ppoll(&poll, needed ? 1 : 0, &tick, while_waiting) != 1) {
			needed = porter_needed(board);
			continue;
		}
		worker_serve(server, slot, listener);
		/* Its own work is no sign that the others can. */
		if (slot->role == ROLE_PORTER)
			board->noted = board->completed;
		needed = board_load(board, NULL).idle == 0;
	}
	return EXIT_SUCCESS;
}

int worker_run(struct server *server, struct slot *slot, int listener,
	       pid_t manager)
{
	sigset_t while_waiting;

	worker_signals(&while_waiting);
	if (memory_limit(server->config.max_memory) != 0)
		log_message(LOG_LEVEL_WARNING,
			    "cannot limit the memory of a worker: %s",
			    strerror(errno));
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	/* It may have died before that. */
	if (getppid() != manager)
		return EXIT_SUCCESS;
	if (slot->role == ROLE_FETCHER) {
		slot->pid = getpid();
		return remote_fetch_loop(server, stop_is_asked, &while_waiting);
	}
	if (request_library_start() != 0 ||
	    guard_start(GUARD_FASTCGI, server->board, slot) != 0) {
		log_message(LOG_LEVEL_ERROR, "a worker cannot start: %s",
			    strerror(errno));
		return EXIT_FAILURE;
	}
	if (slot->role == ROLE_PORTER)
		return porter_loop(server, slot, listener, &while_waiting);
	return worker_loop(server, slot, listener, &while_waiting);
}
