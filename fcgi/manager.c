/*
 * manager.c: the process that keeps the workers; see manager.h.
 */
#include "manager.h"

#include "guard.h"
#include "log.h"
#include "reload.h"
#include "run.h"
#include "worker.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* In milliseconds. */
#define TICK 250          /* between looks at the workers */
#define OVERDUE 1000      /* past its deadline a worker is killed */
#define BACKOFF_FIRST 100 /* after a worker that died at birth */
#define BACKOFF_LAST 10000
#define STOP_GRACE 2000 /* beyond the longest query, when stopping */

struct manager {
	struct server *server;
	const struct manager_options *options;
	struct handover before;  /* of the process before a reload */
	int64_t backoff;         /* 0: none */
	int64_t spawn_not_until; /* misp_now() */
	pid_t checker;           /* of a reload's configuration; 0: none */
	int64_t stop_until;      /* 0: not stopping */
};

/* ---- Starting workers ---- */

static pid_t worker_start(struct manager *manager, struct slot *slot,
			  enum slot_role role)
{
	pid_t pid, parent = getpid();

	*slot = (struct slot){.role = role};
	slot->query.module = SLOT_NO_MODULE;
	pid = fork();
	if (pid == 0)
		exit(worker_run(manager->server, slot,
				manager->options->listener, parent));
	if (pid > 0)
		slot->pid = pid;
	else
		log_message(LOG_LEVEL_ERROR, "cannot start a worker: %s",
			    strerror(errno));
	return pid;
}

static void backoff_more(struct manager *manager)
{
	manager->backoff =
	    manager->backoff ? manager->backoff * 2 : BACKOFF_FIRST;
	if (manager->backoff > BACKOFF_LAST)
		manager->backoff = BACKOFF_LAST;
	manager->spawn_not_until = misp_now() + manager->backoff;
}

/* Starts what is missing of a role. */
static void manager_fill_role(struct manager *manager, enum slot_role role,
			      size_t wanted)
{
	struct board *board = manager->server->board;
	size_t there = board_count_role(board, role);
	struct slot *slot;

	while (there < wanted && misp_now() >= manager->spawn_not_until) {
		slot = board_free_slot(board);
		if (!slot)
			return;
		if (worker_start(manager, slot, role) < 0)
			backoff_more(manager);
		else
			there++;
	}
}

static void manager_fill(struct manager *manager)
{
	if (manager->stop_until)
		return;
	manager_fill_role(manager, ROLE_WORKER,
			  manager->server->board->workers);
	manager_fill_role(manager, ROLE_PORTER,
			  manager->options->with_porter ? 1 : 0);
}

/* ---- When one has ended ---- */

static const struct {
	const char *status, *cause;
} end_words[] = {
    [END_CRASH] = {"crashed", ""},
    [END_MEMORY] = {"crashed", "out of memory"},
    [END_DEADLINE] = {"timeout", "took longer than its time limit"},
    [END_EXIT] = {"crashed", "the module called exit()"},
    [END_CANCELLED] = {"cancelled", "the client went away"},
};

/* The query's log line, which its worker could not write. */
static void log_end(struct board *board, const struct slot *slot)
{
	enum slot_end end = (enum slot_end)(int)slot->end;
	const char *cause = end_words[end].cause;
	int64_t took = misp_now() - slot->query.started;

	if (end == END_CRASH)
		cause = strsignal(slot->signal);
	run_log(board, &slot->query, end_words[end].status, cause, 0,
		took * 1000);
}

static bool slot_has_query(const struct slot *slot)
{
	return slot->state == SLOT_WAITING || slot->state == SLOT_RUNNING;
}

/* One that somebody killed, or that crashed in our own code. */
static void log_killed(struct board *board, struct slot *slot, pid_t pid,
		       int signal)
{
	log_message(LOG_LEVEL_ERROR, "worker %ld ended by signal %d (%s)",
		    (long)pid, signal, strsignal(signal));
	if (!slot_has_query(slot))
		return;
	row_count(board_row(board, slot->query.module), COUNT_QUERIES);
	row_count(board_row(board, slot->query.module), COUNT_CRASHES);
	run_log(board, &slot->query, "killed", strsignal(signal), 0,
		(misp_now() - slot->query.started) * 1000);
}

static void slot_end(struct board *board, struct slot *slot, pid_t pid,
		     int status)
{
	if (slot->end != END_NONE && slot_has_query(slot))
		log_end(board, slot);
	else if (slot->end == END_CRASH)
		log_killed(board, slot, pid, slot->signal);
	else if (WIFSIGNALED(status))
		log_killed(board, slot, pid, WTERMSIG(status));
	board_permit_return(board, slot);
	slot->pid = 0;
}

static bool worker_died_at_birth(const struct slot *slot, int status)
{
	bool well = WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;

	return !slot->tried && !well;
}

static void manager_reap_worker(struct manager *manager, pid_t pid, int status)
{
	struct board *board = manager->server->board;
	struct slot *slot = board_slot_of(board, pid);

	if (slot) {
		if (slot->role != ROLE_EXTRA && !manager->stop_until)
			atomic_fetch_add(&board->respawns, 1);
		if (worker_died_at_birth(slot, status))
			backoff_more(manager);
		else
			manager->backoff = 0;
		slot_end(board, slot, pid, status);
		return;
	}
	board = manager->before.board;
	slot = board ? board_slot_of(board, pid) : NULL;
	if (slot)
		slot_end(board, slot, pid, status);
	for (size_t i = 0; i < manager->before.worker_count; i++) {
		if (manager->before.workers[i] == pid)
			manager->before.workers[i] = 0;
	}
}

static void reload_go_on(struct manager *manager, int status)
{
	struct server *server = manager->server;

	manager->checker = 0;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_SUCCESS) {
		log_message(LOG_LEVEL_ERROR,
			    "not reloaded: the configuration has errors (see "
			    "above); the one before stays in force");
		return;
	}
	log_message(LOG_LEVEL_INFO, "reloading");
	reload_execute(manager->options->arguments, manager->options->listener,
		       server->board, server->board_fd, &manager->before);
	log_message(LOG_LEVEL_ERROR, "not reloaded: cannot execute %s: %s",
		    manager->options->arguments[0], strerror(errno));
}

static void manager_reap(struct manager *manager)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == manager->checker)
			reload_go_on(manager, status);
		else
			manager_reap_worker(manager, pid, status);
	}
}

/* ---- What is asked of the manager ---- */

static void reload_begin(struct manager *manager)
{
	if (manager->checker || manager->stop_until)
		return;
	manager->checker =
	    reload_check(manager->options->arguments, manager->options->files);
	if (manager->checker < 0) {
		manager->checker = 0;
		log_message(LOG_LEVEL_ERROR, "not reloaded: %s",
			    strerror(errno));
	}
}

static void signal_all(struct manager *manager, int signal)
{
	struct board *board = manager->server->board;

	for (size_t i = 0; i < board->slot_count; i++) {
		if (board_slot(board, i)->pid > 0)
			kill(board_slot(board, i)->pid, signal);
	}
	for (size_t i = 0; i < manager->before.worker_count; i++) {
		if (manager->before.workers[i] > 0)
			kill(manager->before.workers[i], signal);
	}
}

static bool all_gone(struct manager *manager)
{
	struct board *board = manager->server->board;

	for (size_t i = 0; i < board->slot_count; i++) {
		if (board_slot(board, i)->pid > 0)
			return false;
	}
	for (size_t i = 0; i < manager->before.worker_count; i++) {
		if (manager->before.workers[i] > 0)
			return false;
	}
	return true;
}

static void stop_begin(struct manager *manager)
{
	if (manager->stop_until)
		return;
	log_message(LOG_LEVEL_INFO, "stopping: running queries are finished");
	manager->stop_until =
	    misp_now() + manager->server->config.timeout * 1000 + STOP_GRACE;
	signal_all(manager, SIGTERM);
}

/* The watchdog in each worker should have ended it: this is for one that
 * cannot even do that. */
static void kill_overdue(struct board *board)
{
	int64_t now = misp_now();

	for (size_t i = 0; board && i < board->slot_count; i++) {
		struct slot *slot = board_slot(board, i);
		int64_t deadline = slot->deadline;

		if (slot->pid > 0 && slot->state == SLOT_RUNNING &&
		    deadline > 0 && now > deadline + OVERDUE)
			kill(slot->pid, SIGKILL);
	}
}

static void manager_handle(struct manager *manager, int signal)
{
	switch (signal) {
	case SIGCHLD:
		manager_reap(manager);
		break;
	case SIGHUP:
		reload_begin(manager);
		break;
	case SIGTERM:
	case SIGINT:
	case SIGUSR1:
		stop_begin(manager);
		break;
	default: /* SIGUSR2: a porter became an extra; a tick */
		break;
	}
}

/* ---- The whole ---- */

static void manager_signals(sigset_t *signals)
{
	const int handled[] = {SIGCHLD, SIGHUP,  SIGTERM,
			       SIGINT,  SIGUSR1, SIGUSR2};

	sigemptyset(signals);
	for (size_t i = 0; i < sizeof(handled) / sizeof(handled[0]); i++)
		sigaddset(signals, handled[i]);
	sigprocmask(SIG_BLOCK, signals, NULL);
}

/* Starts the workers; after a reload those of before may go then. */
static void manager_begin(struct manager *manager)
{
	struct handover *before = &manager->before;

	if (before->board)
		board_inherit(manager->server->board, before->board);
	manager_fill(manager);
	for (size_t i = 0; i < before->worker_count; i++)
		kill(before->workers[i], SIGTERM);
}

static void manager_loop(struct manager *manager, const sigset_t *signals)
{
	const struct timespec tick = {0, TICK * 1000000L};

	for (;;) {
		manager_handle(manager, sigtimedwait(signals, NULL, &tick));
		/* Signals of one kind merge: look for more than was told. */
		manager_reap(manager);
		kill_overdue(manager->server->board);
		kill_overdue(manager->before.board);
		if (!manager->stop_until)
			manager_fill(manager);
		else if (all_gone(manager))
			return;
		else if (misp_now() > manager->stop_until)
			signal_all(manager, SIGKILL);
	}
}

int manager_run(struct server *server, const struct manager_options *options)
{
	struct manager manager = {
	    .server = server, .options = options, .before = *options->before};
	sigset_t signals;

	manager_signals(&signals);
	server->board = board_create((size_t)server->config.workers,
				     &server->registry, &server->board_fd);
	if (!server->board) {
		log_message(LOG_LEVEL_ERROR, "cannot start: %s",
			    strerror(errno));
		return EXIT_FAILURE;
	}
	manager_begin(&manager);
	log_message(LOG_LEVEL_INFO,
		    "serving with %zu workers and %zu modules, %zu could not "
		    "be loaded",
		    server->board->workers, server->registry.count,
		    server->registry.failure_count);
	manager_loop(&manager, &signals);
	if (options->socket_path)
		unlink(options->socket_path);
	return EXIT_SUCCESS;
}
