/*
 * guard.c: every query gets an answer; see guard.h.
 */
#include "guard.h"

#include "frame.h"

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
#define REPLY_SIZE 1024
#define WATCHDOG_STACK ((size_t)64 * 1024)
/* What a single allocation must still get for memory not to be the cause. */
#define MEMORY_PROBE ((size_t)16 << 20)

/* The state of the one query this process has. */
static struct {
	enum guard_form form;
	struct board *board;
	struct slot *slot;

	/* Held whenever phase, fd, deadline or armed change. */
	pthread_mutex_t lock;
	enum phase phase;
	int fd;
	int64_t deadline;
	int64_t armed;     /* when the timer fires */
	uint64_t sequence; /* of the query: tells a late hang-up apart */
	int timer;
	int epoll;

	unsigned request_id;
	char id[BOARD_ID_SIZE];
	char module[128];
	struct row *row;
	atomic_bool ended;
} guard = {.lock = PTHREAD_MUTEX_INITIALIZER, .fd = -1, .armed = NEVER};

/* What each end says of the module, or of the server before it is known. */
static const struct {
	const char *text;
	enum counter counter;
} ends[] = {
    [END_CRASH] = {" crashed on this query. The server goes on; its log has "
		   "the details.",
		   COUNT_CRASHES},
    [END_MEMORY] = {" ran out of memory on this query. The server goes on.",
		    COUNT_CRASHES},
    [END_DEADLINE] = {" took longer than this query's time limit and was "
		      "stopped.",
		      COUNT_TIMEOUTS},
    [END_EXIT] = {" ended the server process instead of answering. The server "
		  "goes on.",
		  COUNT_CRASHES},
    [END_CANCELLED] = {"", COUNT_CANCELLATIONS},
};

/* ---- The reply: composed by memcpy, as a signal handler may ---- */

struct buffer {
	char bytes[REPLY_SIZE];
	size_t used;
};

static void buffer_add(struct buffer *buffer, const char *text)
{
	size_t size = strlen(text);

	if (size > sizeof(buffer->bytes) - buffer->used)
		return;
	memcpy(buffer->bytes + buffer->used, text, size);
	buffer->used += size;
}

static void reply_body(struct buffer *reply, enum slot_end end)
{
	buffer_add(reply, "{\"error\": \"");
	buffer_add(reply, guard.module[0] ? "The module " : "A worker");
	buffer_add(reply, guard.module);
	buffer_add(reply, ends[end].text);
	buffer_add(reply, "\", \"results\": []}\n");
}

static void reply_compose(struct buffer *reply, enum slot_end end)
{
	if (guard.form == GUARD_PLAIN) {
		reply_body(reply, end);
		return;
	}
	reply->used = FRAME_HEADER_SIZE;
	buffer_add(reply, "Status: 200 OK\r\n"
			  "Content-Type: application/json\r\n"
			  "X-Request-Id: ");
	buffer_add(reply, guard.id);
	buffer_add(reply, "\r\n\r\n");
	reply_body(reply, end);
	frame_stdout((unsigned char *)reply->bytes, guard.request_id,
		     reply->used - FRAME_HEADER_SIZE);
	if (sizeof(reply->bytes) - reply->used < FRAME_END_SIZE)
		return;
	frame_end((unsigned char *)reply->bytes + reply->used,
		  guard.request_id);
	reply->used += FRAME_END_SIZE;
}

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
	static struct buffer reply;

	/* Another thread was first: it is about to end the process. */
	while (atomic_exchange(&guard.ended, true))
		pause();
	guard.slot->signal = signal;
	guard.slot->end = (int)end;
	row_count(guard.row, COUNT_QUERIES);
	row_count(guard.row, ends[end].counter);
	if (end != END_CANCELLED) {
		reply_compose(&reply, end);
		write_whole(guard.fd, reply.bytes, reply.used);
	}
	atomic_fetch_add(&guard.board->completed, 1);
	board_permit_return(guard.board, guard.slot);
	_exit(GUARD_EXIT_STATUS);
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
	if (guard.phase == PHASE_QUERY)
		guard_end(guard_out_of_memory() ? END_MEMORY : END_CRASH,
			  signal);
	/* Not in a module: our own fault, which the manager shall see. */
	guard.slot->signal = signal;
	guard.slot->end = END_CRASH;
	board_permit_return(guard.board, guard.slot);
	_exit(GUARD_EXIT_STATUS);
}

static void on_exit_called(void)
{
	if (guard.phase == PHASE_QUERY)
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

static void on_timer(void)
{
	uint64_t expirations;

	if (read(guard.timer, &expirations, sizeof(expirations)) < 0)
		return; /* armed anew meanwhile */
	if (misp_now() < guard.deadline) {
		timer_arm(guard.deadline);
		return;
	}
	timer_arm(NEVER);
	guard.deadline = NEVER;
	if (guard.phase == PHASE_QUERY)
		guard_end(END_DEADLINE, 0);
	if (guard.phase == PHASE_READING)
		shutdown(guard.fd, SHUT_RD);
	else if (guard.phase == PHASE_REPLYING)
		shutdown(guard.fd, SHUT_RDWR);
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
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
failed:
	errno = error;
	return error == 0 ? 0 : -1;
}

int guard_start(enum guard_form form, struct board *board, struct slot *slot)
{
	guard.form = form;
	guard.board = board;
	guard.slot = slot;
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
	if (deadline < guard.armed)
		timer_arm(deadline);
}

void guard_reading(int fd, int64_t deadline)
{
	pthread_mutex_lock(&guard.lock);
	guard.phase = PHASE_READING;
	guard.fd = fd;
	deadline_set(deadline);
	pthread_mutex_unlock(&guard.lock);
}

void guard_replying(int64_t deadline)
{
	pthread_mutex_lock(&guard.lock);
	guard.phase = PHASE_REPLYING;
	deadline_set(deadline);
	pthread_mutex_unlock(&guard.lock);
}

void guard_query(int fd, unsigned request_id, const char *id, int64_t deadline)
{
	struct epoll_event event = {.events = EPOLLRDHUP | EPOLLONESHOT};

	pthread_mutex_lock(&guard.lock);
	guard.fd = fd;
	guard.request_id = request_id;
	snprintf(guard.id, sizeof(guard.id), "%s", id);
	guard.module[0] = '\0';
	guard.row = NULL;
	event.data.u64 = ++guard.sequence;
	guard.phase = PHASE_QUERY;
	deadline_set(deadline);
	pthread_mutex_unlock(&guard.lock);
	if (guard.form == GUARD_FASTCGI)
		epoll_ctl(guard.epoll, EPOLL_CTL_ADD, fd, &event);
}

void guard_module(const char *name, struct row *row, int64_t deadline)
{
	pthread_mutex_lock(&guard.lock);
	snprintf(guard.module, sizeof(guard.module), "%s", name);
	guard.row = row;
	deadline_set(deadline);
	pthread_mutex_unlock(&guard.lock);
}

void guard_query_end(void)
{
	pthread_mutex_lock(&guard.lock);
	guard.phase = PHASE_REPLYING;
	pthread_mutex_unlock(&guard.lock);
	if (guard.form == GUARD_FASTCGI)
		epoll_ctl(guard.epoll, EPOLL_CTL_DEL, guard.fd, NULL);
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
