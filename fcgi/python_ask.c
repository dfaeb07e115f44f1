/*
 * python_ask.c: one exchange with a process of the Python program; see
 * python_ask.h. It is one request of HTTP over a connection that the other side
 * closes: libcurl can do the same, and takes longer than all the rest.
 */
#include "python_ask.h"

#include "http.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#define PIECE ((size_t)64 << 10)

enum outcome {
	DONE,
	NO_TIME,
	NO_ANSWER, /* the connection was closed before it was whole */
	TOO_LARGE,
	NO_MEMORY,
};

struct talk {
	int fd;
	int64_t until; /* misp_now() */
	size_t most;   /* bytes of the answer */
	char *bytes;   /* with a NUL behind them */
	size_t size;
	size_t capacity;
};

/* ---- The connection ---- */

/* A connection, or -1 with errno. */
static int connect_to(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (fd >= 0 && connect(fd, (const struct sockaddr *)&address,
			       sizeof(address)) != 0) {
		int error = errno;

		close(fd);
		errno = error;
		return -1;
	}
	return fd;
}

static bool wait_for(const struct talk *talk, short events)
{
	struct pollfd polled = {.fd = talk->fd, .events = events};
	int64_t left;
	int ready;

	do {
		left = talk->until - misp_now();
		ready = left > 0 ? poll(&polled, 1, (int)left) : 0;
	} while (ready < 0 && errno == EINTR);
	return ready == 1;
}

/* Sends both parts. */
static enum outcome say(const struct talk *talk, struct iovec parts[2])
{
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};

	while (parts[0].iov_len + parts[1].iov_len > 0) {
		ssize_t sent = sendmsg(talk->fd, &message, MSG_NOSIGNAL);

		if (sent < 0 && errno == EAGAIN && !wait_for(talk, POLLOUT))
			return NO_TIME;
		if (sent < 0 && errno != EAGAIN && errno != EINTR)
			return NO_ANSWER;
		for (size_t i = 0; i < 2 && sent > 0; i++) {
			size_t step = (size_t)sent < parts[i].iov_len
					  ? (size_t)sent
					  : parts[i].iov_len;

			parts[i].iov_base = (char *)parts[i].iov_base + step;
			parts[i].iov_len -= step;
			sent -= (ssize_t)step;
		}
	}
	return DONE;
}

/* Makes room for another piece. */
static enum outcome make_room(struct talk *talk)
{
	size_t capacity = talk->capacity + talk->capacity / 2 + PIECE;
	char *longer;

	if (talk->capacity - talk->size > PIECE / 2)
		return DONE;
	if (talk->size > talk->most)
		return TOO_LARGE;
	longer = realloc(talk->bytes, capacity);
	if (!longer)
		return NO_MEMORY;
	talk->bytes = longer;
	talk->capacity = capacity;
	return DONE;
}

/* Until the other side closes the connection. */
static enum outcome hear(struct talk *talk)
{
	enum outcome outcome;
	ssize_t got;

	for (;;) {
		outcome = make_room(talk);
		if (outcome != DONE)
			return outcome;
		got = recv(talk->fd, talk->bytes + talk->size,
			   talk->capacity - talk->size - 1, 0);
		if (got > 0)
			talk->size += (size_t)got;
		else if (got == 0)
			break;
		else if (errno == EAGAIN && !wait_for(talk, POLLIN))
			return NO_TIME;
		else if (errno != EAGAIN && errno != EINTR)
			return NO_ANSWER;
	}
	talk->bytes[talk->size] = '\0';
	return DONE;
}

/* ---- The answer ---- */

/* Takes the head off, which says how long the rest is. */
static enum outcome understand(struct talk *talk, struct misp_reply *reply)
{
	static const char end[] = "\r\n\r\n";
	static const char length[] = "\r\nContent-Length:";
	char *body = strstr(talk->bytes, end);
	const char *field = body ? strcasestr(talk->bytes, length) : NULL;

	if (!field || field > body ||
	    strncmp(talk->bytes, "HTTP/1.1 ", strlen("HTTP/1.1 ")) != 0)
		return NO_ANSWER;
	body += strlen(end);
	reply->status = (int)strtol(strchr(talk->bytes, ' '), NULL, 10);
	reply->bytes = (unsigned char *)body;
	reply->size = talk->size - (size_t)(body - talk->bytes);
	return strtoull(field + strlen(length), NULL, 10) == reply->size
		   ? DONE
		   : NO_ANSWER;
}

static void *explain(struct misp_query *query, enum outcome outcome)
{
	static const char *const words[] = {
	    [NO_TIME] = "took longer than its time limit",
	    [NO_ANSWER] = "ended without an answer: it crashed, or was killed",
	    [TOO_LARGE] = "answered more than this server takes",
	    [NO_MEMORY] = "answered more than there is memory for",
	};

	return misp_fail(query, "The Python module %s %s.", query->module->name,
			 words[outcome]);
}

const struct misp_reply *python_ask(const struct server *server,
				    struct misp_query *query, const char *body,
				    size_t size)
{
	struct misp_reply *reply = misp_alloc(query, sizeof(*reply));
	struct talk talk = {.fd = connect_to(server->python_socket),
			    .until = query->deadline - HTTP_RESERVE,
			    .most = server->config.max_request};
	char head[128];
	struct iovec parts[2] = {{head, 0}, {(char *)body, size}};
	enum outcome outcome;

	if (talk.fd < 0)
		return misp_fail(query,
				 "The Python modules cannot be asked: %s",
				 strerror(errno));
	parts[0].iov_len =
	    (size_t)snprintf(head, sizeof(head),
			     "POST /query HTTP/1.1\r\nHost: localhost\r\n"
			     "Content-Length: %zu\r\n\r\n",
			     size);
	outcome = reply ? say(&talk, parts) : NO_MEMORY;
	if (outcome == DONE)
		outcome = hear(&talk);
	/* It works no longer for whoever has gone. */
	close(talk.fd);
	if (!misp_defer(query, talk.bytes, free) && outcome == DONE)
		outcome = NO_MEMORY;
	if (outcome == DONE)
		outcome = understand(&talk, reply);
	return outcome == DONE ? reply : explain(query, outcome);
}
