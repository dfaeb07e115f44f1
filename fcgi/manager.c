/*
 * manager.c: the process that keeps the workers; see manager.h.
 */
#include "manager.h"

#include "backoff.h"
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
#define TICK 250               /* between looks at the workers */
#define LIVED_LONG_ENOUGH 1000 /* not to have died at birth */
#define OVERDUE 1000           /* past its deadline a worker is killed */
#define BACKOFF_FIRST 100      /* after a worker that died at birth */
#define BACKOFF_LAST 10000
#define STOP_GRACE 2000   /* when stopping, for one that does nothing */
#define CHECK_LIMIT 30000 /* for the check of a configuration */
#define RETRY 5000        /* between reloads when in need of one */

struct manager {
	struct server *server;
	const struct manager_options *options;
	struct handover *before; /* of the process before a reload */
	int64_t backoff;         /* 0: none */
	int64_t spawn_not_until; /* misp_now() */
	pid_t checker;           /* of a reload's configuration; 0: none */
	int64_t check_until;
	bool reload_asked; /* while another was being checked */
	bool keep_python;  /* the reload is for a list of modules alone */
	struct timespec lists_seen; /* when a list had changed last */
	int64_t retry_at;           /* when in need of a reload */
	int64_t stop_until;         /* 0: not stopping */
};

/* ---- Starting workers ---- */

static pid_t worker_start(struct manager *manager, struct slot *slot,
			  enum slot_role role)
{
	pid_t pid, parent = getpid();

	*slot = (struct slot){.role = role, .born = misp_now()};
	slot->query.module = SLOT_NO_MODULE;
	pid = fork();
	if (pid == 0)
		exit(worker_run(manager->server, slot,
				manager->before->listener, parent));
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
	    backoff_longer(manager->backoff, BACKOFF_FIRST, BACKOFF_LAST);
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
	if (manager->stop_until || manager->options->in_need)
		return;
	manager_fill_role(manager, ROLE_WORKER,
			  manager->server->board->workers);
	manager_fill_role(manager, ROLE_PORTER,
			  manager->options->with_porter ? 1 : 0);
	manager_fill_role(manager, ROLE_FETCHER,
			  remote_is_configured(&manager->server->config) ? 1
									 : 0);
	python_tend(manager->server, &manager->before->python);
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

/* The query of one that had no chance to answer it. */
static void log_lost(struct board *board, struct slot *slot, const char *cause)
{
	int64_t took = (misp_now() - slot->query.started) * 1000;
	struct row *row = board_row(board, slot->query.module);

	if (!slot_has_query(slot))
		return;
	row_count(row, COUNT_QUERIES);
	row_count(row, COUNT_CRASHES);
	row_observe(row, (uint64_t)took);
	run_log(board, &slot->query, "killed", cause, 0, took);
}

/* One that somebody killed, or that crashed in our own code. */
static void log_killed(struct board *board, struct slot *slot, pid_t pid,
		       int signal)
{
	log_message(LOG_LEVEL_ERROR, "worker %ld ended by signal %d (%s)",
		    (long)pid, signal, strsignal(signal));
	log_lost(board, slot, strsignal(signal));
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
	else
		log_lost(board, slot, "the module called _exit()");
	board_ticket_return(board, slot);
	board_permit_return(board, pid);
	slot->pid = 0;
}

static bool worker_died_at_birth(const struct slot *slot, int status)
{
	bool well = WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;

	return !well && !slot_has_query(slot) &&
	       misp_now() - slot->born < LIVED_LONG_ENOUGH;
}

/* One of before a reload. */
static void manager_reap_old(struct manager *manager, pid_t pid, int status)
{
	struct handover *before = manager->before;

	for (size_t i = 0; i < before->board_count; i++) {
		struct slot *slot = board_slot_of(before->boards[i], pid);

		if (slot)
			slot_end(before->boards[i], slot, pid, status);
	}
	for (size_t i = 0; i < before->worker_count; i++) {
		if (before->workers[i] == pid)
			before->workers[i] = 0;
	}
}

/* Returns whether it died at birth. */
static bool manager_reap_worker(struct manager *manager, pid_t pid, int status)
{
	struct board *board = manager->server->board;
	struct slot *slot = board_slot_of(board, pid);
	bool at_birth;

	if (!slot) {
		manager_reap_old(manager, pid, status);
		return false;
	}
	at_birth = worker_died_at_birth(slot, status);
	if (slot->role != ROLE_EXTRA && !manager->stop_until)
		atomic_fetch_add(&board->respawns, 1);
	slot_end(board, slot, pid, status);
	return at_birth;
}

static void reload_begin(struct manager *manager, bool keep_python)
{
	if (manager->stop_until)
		return;
	/* A configuration that was mended meanwhile is not overlooked. */
	manager->reload_asked = manager->checker > 0;
	manager->keep_python =
	    keep_python && (manager->keep_python || !manager->checker);
	if (manager->checker)
		return;
	manager->check_until = misp_now() + CHECK_LIMIT;
	manager->checker =
	    reload_check(manager->options->arguments, manager->options->files);
	if (manager->checker < 0) {
		manager->checker = 0;
		log_message(LOG_LEVEL_ERROR, "not reloaded: %s",
			    strerror(errno));
	}
}

static void reload_execute_now(struct manager *manager)
{
	struct server *server = manager->server;
	bool in_need = manager->options->in_need;

	log_message(LOG_LEVEL_INFO, "reloading");
	/* In need it has no workers of its own, and so nothing to say. */
	reload_execute(manager->options->arguments, manager->before,
		       in_need ? NULL : server->board,
		       in_need ? -1 : server->board_fd, manager->keep_python);
	log_message(LOG_LEVEL_ERROR, "not reloaded: cannot execute %s: %s",
		    manager->options->arguments[0], strerror(errno));
}

static void reload_go_on(struct manager *manager, int status)
{
	manager->checker = 0;
	/* Whoever is executed now knows nothing of the stop. */
	if (manager->stop_until)
		return;
	if (WIFSIGNALED(status))
		log_message(LOG_LEVEL_ERROR,
			    "not reloaded: the check of the configuration "
			    "ended with \"%s\" (it may take %d s); run "
			    "\"check\" to see it; what was before stays in "
			    "force",
			    strsignal(WTERMSIG(status)), CHECK_LIMIT / 1000);
	else if (WEXITSTATUS(status) != EXIT_SUCCESS)
		log_message(LOG_LEVEL_ERROR,
			    "not reloaded: the configuration has errors (see "
			    "above); the one before stays in force");
	else
		reload_execute_now(manager);
	if (manager->reload_asked)
		reload_begin(manager, manager->keep_python);
}

static void manager_reap(struct manager *manager)
{
	bool at_birth = false;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == manager->checker)
			reload_go_on(manager, status);
		else if (python_reap(manager->server, &manager->before->python,
				     pid, status))
			continue;
		else if (manager_reap_worker(manager, pid, status))
			at_birth = true;
		else
			manager->backoff = 0;
	}
	/* Once for all that died together. */
	if (at_birth)
		backoff_more(manager);
}

/* ---- What is asked of the manager ---- */

static void signal_all(struct manager *manager, int signal)
{
	struct board *board = manager->server->board;

	for (size_t i = 0; i < board->slot_count; i++) {
		if (board_slot(board, i)->pid > 0)
			kill(board_slot(board, i)->pid, signal);
	}
	for (size_t i = 0; i < manager->before->worker_count; i++) {
		if (manager->before->workers[i] > 0)
			kill(manager->before->workers[i], signal);
	}
}

static bool all_gone(struct manager *manager)
{
	for (size_t i = 0; i < manager->before->worker_count; i++) {
		if (manager->before->workers[i] > 0)
			return false;
	}
	return !board_in_use(manager->server->board);
}

static void stop_begin(struct manager *manager)
{
	if (manager->stop_until)
		return;
	log_message(LOG_LEVEL_INFO, "stopping: running queries are finished");
	manager->stop_until = misp_now() + STOP_GRACE;
	signal_all(manager, SIGTERM);
	if (manager->checker)
		kill(manager->checker, SIGKILL);
}

/* The watchdog in each worker should have ended it: this is for one that
 * cannot even do that, and for one that does not stop though it has nothing
 * to do. */
static void kill_overdue(struct manager *manager, struct board *board)
{
	int64_t now = misp_now();
	bool stopping = manager->stop_until && now > manager->stop_until;

	for (size_t i = 0; i < board->slot_count; i++) {
		struct slot *slot = board_slot(board, i);
		int64_t deadline = slot->deadline;
		bool overdue =
		    deadline > 0 ? now > deadline + OVERDUE : stopping;

		if (slot->pid > 0 && overdue)
			kill(slot->pid, SIGKILL);
	}
}

/* A remote has told of other modules than before: a reload takes them in. */
static void lists_watch(struct manager *manager)
{
	struct timespec now = remote_lists_time(&manager->server->config);

	if (manager->options->in_need ||
	    (now.tv_sec == manager->lists_seen.tv_sec &&
	     now.tv_nsec == manager->lists_seen.tv_nsec))
		return;
	manager->lists_seen = now;
	log_message(LOG_LEVEL_INFO, "the lists of modules have changed");
	reload_begin(manager, true);
}

/* What there is to look after at every tick. */
static void manager_tend(struct manager *manager)
{
	struct handover *before = manager->before;
	struct board *board = manager->server->board;

	kill_overdue(manager, board);
	for (size_t i = 0; i < before->board_count; i++) {
		kill_overdue(manager, before->boards[i]);
		if (!manager->options->in_need)
			board_inherit(board, before->boards[i]);
	}
	handover_tidy(before);
	if (manager->checker && misp_now() > manager->check_until)
		kill(manager->checker, SIGKILL);
	if (manager->options->in_need && misp_now() > manager->retry_at) {
		manager->retry_at = misp_now() + RETRY;
		reload_begin(manager, true);
	}
	lists_watch(manager);
}

static void manager_handle(struct manager *manager, int signal)
{
	switch (signal) {
	case SIGCHLD:
		manager_reap(manager);
		break;
	case SIGHUP:
		reload_begin(manager, false);
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
	/* Who reads the log may go. */
	signal(SIGPIPE, SIG_IGN);
}

/* Starts the workers; after a reload those of before may go then. */
static void manager_begin(struct manager *manager)
{
	struct board *board = manager->server->board;

	if (manager->options->in_need) {
		log_message(LOG_LEVEL_ERROR,
			    "the configuration cannot be read any more; the "
			    "workers of before go on, and are not replaced "
			    "until it can");
		return;
	}
	manager_fill(manager);
	for (size_t i = 0; i < manager->before->worker_count; i++)
		kill(manager->before->workers[i], SIGTERM);
	log_message(LOG_LEVEL_INFO,
		    "serving with %zu workers and %zu modules, %zu could not "
		    "be loaded",
		    board->workers, manager->server->registry.count,
		    manager->server->registry.failure_count);
}

static void manager_loop(struct manager *manager, const sigset_t *signals)
{
	const struct timespec tick = {0, TICK * 1000000L};

	for (;;) {
		manager_handle(manager, sigtimedwait(signals, NULL, &tick));
		/* Signals of one kind merge: look for more than was told. */
		manager_reap(manager);
		manager_tend(manager);
		if (!manager->stop_until)
			manager_fill(manager);
		else if (all_gone(manager) &&
			 python_stopped(&manager->before->python))
			return;
	}
}

int manager_run(struct server *server, const struct manager_options *options)
{
	struct manager manager = {.server = server,
				  .options = options,
				  .before = options->before,
				  .retry_at = misp_now() + RETRY};
	sigset_t signals;

	manager_signals(&signals);
	server->board = board_create((size_t)server->config.workers,
				     &server->registry, &server->board_fd);
	if (!server->board) {
		log_message(LOG_LEVEL_ERROR, "cannot start: %s",
			    strerror(errno));
		return EXIT_FAILURE;
	}
	manager.lists_seen = server->lists_time;
	if (!options->in_need) {
		remote_lists_open(&server->config);
		python_open(server, &options->before->python);
	}
	manager_begin(&manager);
	manager_loop(&manager, &signals);
	return EXIT_SUCCESS;
}
