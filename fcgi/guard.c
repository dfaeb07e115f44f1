/*
 * guard.c: every query gets an answer; see guard.h.
 */
#include "guard.h"

#include "ending.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum phase { PHASE_IDLE, PHASE_READING, PHASE_QUERY, PHASE_REPLYING };

#define NEVER INT64_MAX
/* Between signs of life, in milliseconds. Two are needed to notice a client
 * that has gone: the first finds the connection closed, the second broken. */
#define SIGN_OF_LIFE 200
/* How long a query runs before its connection is watched for a hang-up, in
 * milliseconds: most are over by then, and cost no system call for it. */
#define WATCH_AFTER 20
#define WATCHDOG_STACK ((size_t)64 * 1024)
/* What a single allocation must still get for memory not to be the cause. */
#define MEMORY_PROBE ((size_t)16 << 20)

/* The state of the one query this process has. */
static struct {
	struct board *board;
	struct slot *slot;
	pid_t pid; /* of the process that has it all */

	/* Held whenever anything below but ended changes. */
	pthread_mutex_t lock;
	enum phase phase;
	int fd;
	int64_t deadline;
	int64_t watch;     /* when the connection shall be watched */
	int64_t sign;      /* when the next sign of life is due */
	int64_t armed;     /* when the timer fires */
	bool expired;      /* the deadline of reading has passed */
	uint64_t sequence; /* of the query: tells a late hang-up apart */
	int timer;
	int epoll;

	bool signs; /* of life are wanted for this query */
	struct row *row;
	struct ending ending;
	atomic_bool sending; /* the watchdog writes a sign of life */
	atomic_bool ended;
} guard = {.lock = PTHREAD_MUTEX_INITIALIZER,
	   .fd = -1,
	   .deadline = NEVER,
	   .watch = NEVER,
	   .sign = NEVER,
	   .armed = NEVER};

/* ---- Ending a query ---- */

static void write_whole(int fd, const char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t written = write(fd, bytes, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return;
		bytes += written;
		size -= (size_t)written;
	}
}

/* Ends the query and the process. Async-signal-safe. */
static _Noreturn void guard_end(enum slot_end end, int signal)
{
	static char reply[ENDING_SIZE];

	/* Another thread was first: it is about to end the process. */
	while (atomic_exchange(&guard.ended, true))
		pause();
	/* A record is not cut in two: this takes one system call at most. */
	while (guard.sending)
		;
	guard.slot->signal = signal;
	guard.slot->end = (int)end;
	row_count(guard.row, COUNT_QUERIES);
	row_count(guard.row, ending_counter(end));
	row_observe(guard.row,
		    (uint64_t)(misp_now() - guard.slot->query.started) * 1000);
	if (end != END_CANCELLED)
		write_whole(guard.fd, reply,
			    ending_reply(&guard.ending, end, reply));
	atomic_fetch_add(&guard.board->completed, 1);
	board_permit_return(guard.board, guard.pid);
	_exit(GUARD_EXIT_STATUS);
}

pid_t guard_fork(void)
{
	pid_t pid;

	pthread_mutex_lock(&guard.lock);
	pid = fork();
	pthread_mutex_unlock(&guard.lock);
	return pid;
}

bool guard_out_of_memory(void)
{
	void *probe = mmap(NULL, MEMORY_PROBE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (probe == MAP_FAILED)
		return true;
	munmap(probe, MEMORY_PROBE);
	return false;
}

/* ---- Crashes and exit() ---- */

/* Those of a fault, and those that would end the process without a word. */
static const int crash_signals[] = {SIGSEGV, SIGBUS,  SIGFPE,    SIGILL,
				    SIGABRT, SIGSYS,  SIGTRAP,   SIGALRM,
				    SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF};

static void on_crash(int signal)
{
	/* A child that a module has forked has no query to answer. */
	if (getpid() != guard.pid) {
		struct sigaction fallback = {.sa_handler = SIG_DFL};

		sigaction(signal, &fallback, NULL);
		kill(getpid(), signal);
		return;
	}
	if (guard.phase == PHASE_QUERY)
		guard_end(guard_out_of_memory() ? END_MEMORY : END_CRASH,
			  signal);
	/* Not in a module: our own fault, which the manager shall see. */
	guard.slot->signal = signal;
	guard.slot->end = END_CRASH;
	board_permit_return(guard.board, guard.pid);
	_exit(GUARD_EXIT_STATUS);
}

static void on_exit_called(void)
{
	if (guard.phase == PHASE_QUERY && getpid() == guard.pid)
		guard_end(END_EXIT, 0);
}

static int crash_handlers_install(void)
{
	stack_t stack = {.ss_size = (size_t)64 * 1024};
	struct sigaction action = {.sa_handler = on_crash,
				   .sa_flags = SA_ONSTACK};

	stack.ss_sp = mmap(NULL, stack.ss_size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (stack.ss_sp == MAP_FAILED || sigaltstack(&stack, NULL) != 0)
		return -1;
	sigfillset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(crash_signals) / sizeof(int); i++) {
		if (sigaction(crash_signals[i], &action, NULL) != 0)
			return -1;
	}
	return atexit(on_exit_called) == 0 ? 0 : -1;
}

/* ---- The watchdog ---- */

/* Called with the lock held. */
static void timer_arm(int64_t when)
{
	struct itimerspec timer = {0};

	if (when != NEVER) {
		timer.it_value.tv_sec = when / 1000;
		timer.it_value.tv_nsec = when % 1000 * 1000000;
		/* Zero would disarm. */
		if (when <= 0)
			timer.it_value.tv_nsec = 1;
	}
	guard.armed = when;
	timerfd_settime(guard.timer, TFD_TIMER_ABSTIME, &timer, NULL);
}

static int64_t next_alarm(void)
{
	int64_t next = guard.deadline;

	if (guard.watch < next)
		next = guard.watch;
	return guard.sign < next ? guard.sign : next;
}

/* From now on the watchdog hears of it when the web server hangs up. */
static void watch_connection(void)
{
	struct epoll_event event = {.events = EPOLLRDHUP | EPOLLONESHOT,
				    .data.u64 = guard.sequence};

	guard.watch = NEVER;
	epoll_ctl(guard.epoll, EPOLL_CTL_ADD, guard.fd, &event);
}

/* Tells the web server that there will be an answer: one that only notices
 * that its client is gone when it writes to it hangs up now. */
static void send_sign_of_life(void)
{
	char bytes[ENDING_SIZE];
	size_t size;

	guard.sending = true;
	/* Somebody ends the query and does not expect a head any more. */
	if (guard.ended) {
		guard.sending = false;
		return;
	}
	size = ending_sign_of_life(&guard.ending, bytes);
	if (send(guard.fd, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
		guard.ending.head_sent = true;
	guard.sending = false;
	guard.sign = misp_now() + SIGN_OF_LIFE;
}

static void on_timer(void)
{
	uint64_t expirations;

	if (read(guard.timer, &expirations, sizeof(expirations)) < 0)
		return; /* armed anew meanwhile */
	if (misp_now() < guard.deadline) {
		if (misp_now() >= guard.watch)
			watch_connection();
		if (misp_now() >= guard.sign)
			send_sign_of_life();
		timer_arm(next_alarm());
		return;
	}
	guard.deadline = NEVER;
	guard.watch = NEVER;
	guard.sign = NEVER;
	timer_arm(NEVER);
	if (guard.phase == PHASE_QUERY)
		guard_end(END_DEADLINE, 0);
	if (guard.phase == PHASE_READING) {
		guard.expired = true;
		shutdown(guard.fd, SHUT_RD);
	} else if (guard.phase == PHASE_REPLYING) {
		shutdown(guard.fd, SHUT_RDWR);
	}
}

static void *watchdog(void *unused)
{
	struct epoll_event event;

	for (;;) {
		if (epoll_wait(guard.epoll, &event, 1, -1) != 1)
			continue;
		pthread_mutex_lock(&guard.lock);
		if (event.data.u64 == 0)
			on_timer();
		else if (guard.phase == PHASE_QUERY &&
			 event.data.u64 == guard.sequence)
			guard_end(END_CANCELLED, 0);
		pthread_mutex_unlock(&guard.lock);
	}
	return unused;
}

static int watchdog_start(void)
{
	struct epoll_event event = {.events = EPOLLIN, .data.u64 = 0};
	sigset_t all, before;
	pthread_attr_t attributes;
	pthread_t thread;
	int error;

	guard.timer =
	    timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	guard.epoll = epoll_create1(EPOLL_CLOEXEC);
	if (guard.timer < 0 || guard.epoll < 0 ||
	    epoll_ctl(guard.epoll, EPOLL_CTL_ADD, guard.timer, &event) != 0)
		return -1;
	error = pthread_attr_init(&attributes);
	if (error != 0)
		goto failed;
	pthread_attr_setstacksize(&attributes, WATCHDOG_STACK);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	/* It must not be the one that runs somebody's signal handler. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&thread, &attributes, watchdog, NULL);
	/* A library with much thread-local data wants a larger stack. */
	if (error == EINVAL)
		error = pthread_create(&thread, NULL, watchdog, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
failed:
	errno = error;
	return error == 0 ? 0 : -1;
}

int guard_start(enum guard_form form, struct board *board, struct slot *slot)
{
	guard.ending.plain = form == GUARD_PLAIN;
	guard.board = board;
	guard.slot = slot;
	guard.pid = getpid();
	slot->pid = guard.pid;
	if (crash_handlers_install() != 0)
		return -1;
	return watchdog_start();
}

/* ---- The phases of a request ---- */

/* Called with the lock held. The timer is only touched when it would fire too
 * late: on a busy server hardly ever, since deadlines move forward. */
static void deadline_set(int64_t deadline)
{
	guard.deadline = deadline;
	guard.slot->deadline = deadline;
	if (next_alarm() < guard.armed)
		timer_arm(next_alarm());
}

void guard_reading(int fd, int64_t deadline)
{
	pthread_mutex_lock(&guard.lock);
	guard.phase = PHASE_READING;
	guard.fd = fd;
	guard.expired = false;
	deadline_set(deadline);
	pthread_mutex_unlock(&guard.lock);
}

bool guard_reading_end(void)
{
	bool expired;

	pthread_mutex_lock(&guard.lock);
	expired = guard.expired;
	guard.phase = PHASE_IDLE;
	pthread_mutex_unlock(&guard.lock);
	return expired;
}

void guard_replying(int64_t deadline)
{
	pthread_mutex_lock(&guard.lock);
	guard.phase = PHASE_REPLYING;
	deadline_set(deadline);
	pthread_mutex_unlock(&guard.lock);
}

void guard_query(const struct guard_request *request, int64_t deadline)
{
	struct ending *ending = &guard.ending;

	pthread_mutex_lock(&guard.lock);
	guard.fd = request->fd;
	guard.signs = request->signs_of_life && !ending->plain;
	guard.row = NULL;
	ending->request_id = request->request_id;
	snprintf(ending->id, sizeof(ending->id), "%s", request->id);
	ending->module[0] = '\0';
	ending->head_sent = false;
	guard.sequence++;
	guard.watch = ending->plain ? NEVER : misp_now() + WATCH_AFTER;
	guard.phase = PHASE_QUERY;
	deadline_set(deadline);
	pthread_mutex_unlock(&guard.lock);
}

void guard_module(const char *name, struct row *row, int64_t deadline)
{
	pthread_mutex_lock(&guard.lock);
	snprintf(guard.ending.module, sizeof(guard.ending.module), "%s", name);
	guard.row = row;
	if (guard.signs && guard.sign == NEVER)
		guard.sign = misp_now() + SIGN_OF_LIFE;
	deadline_set(deadline);
	pthread_mutex_unlock(&guard.lock);
}

bool guard_query_end(int64_t reply_deadline)
{
	pthread_mutex_lock(&guard.lock);
	guard.phase = PHASE_REPLYING;
	guard.watch = NEVER;
	guard.sign = NEVER;
	deadline_set(reply_deadline);
	pthread_mutex_unlock(&guard.lock);
	/* The epoll forgets the connection when it is closed; what it may still
	 * say of it bears an old sequence number. */
	return guard.ending.head_sent;
}

void guard_idle(void)
{
	pthread_mutex_lock(&guard.lock);
	guard.phase = PHASE_IDLE;
	guard.fd = -1;
	guard.deadline = NEVER;
	guard.slot->deadline = 0;
	pthread_mutex_unlock(&guard.lock);
}
