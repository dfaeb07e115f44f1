/*
 * reply.c: an HTTP reply; see reply.h.
 */
#include "reply.h"

#include "frame.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/uio.h>

#define HEAD_SIZE 2048

static const char *reason(int status)
{
	static const struct {
		int status;
		const char *reason;
	} reasons[] = {{200, "OK"},
		       {304, "Not Modified"},
		       {400, "Bad Request"},
		       {404, "Not Found"},
		       {405, "Method Not Allowed"},
		       {408, "Request Timeout"},
		       {413, "Content Too Large"},
		       {503, "Service Unavailable"}};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (reasons[i].status == status)
			return reasons[i].reason;
	}
	return "Internal Server Error";
}

static size_t head_header(char *head, size_t used, const char *name,
			  const char *value)
{
	int added;

	if (!value)
		return used;
	added =
	    snprintf(head + used, HEAD_SIZE - used, "%s: %s\r\n", name, value);
	return added > 0 && (size_t)added < HEAD_SIZE - used
		   ? used + (size_t)added
		   : used;
}

static size_t head_write(char head[HEAD_SIZE], const struct request *request,
			 const struct reply *reply)
{
	char status[64], length[24];
	size_t used;

	snprintf(status, sizeof(status), "%d %s", reply->status,
		 reason(reply->status));
	snprintf(length, sizeof(length), "%zu", reply->size);
	used = head_header(head, 0, "Status", status);
	used = head_header(head, used, "Content-Type",
			   reply->type ? reply->type : "application/json");
	if (reply->status != 304)
		used = head_header(head, used, "Content-Length", length);
	used = head_header(head, used, "X-Request-Id", request->id);
	used = head_header(head, used, "ETag", reply->etag);
	used = head_header(head, used, "Allow", reply->allow);
	used =
	    head_header(head, used, "Content-Security-Policy", reply->policy);
	used = head_header(head, used, "X-Content-Type-Options", "nosniff");
	if (!reply->cacheable)
		used = head_header(head, used, "Cache-Control", "no-store");
	head[used++] = '\r';
	head[used++] = '\n';
	return used;
}

static int write_parts(int fd, struct iovec *parts, size_t count)
{
	while (count > 0) {
		struct msghdr message = {.msg_iov = parts, .msg_iovlen = count};
		ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return -1;
		while (count > 0 && (size_t)sent >= parts->iov_len) {
			sent -= (ssize_t)parts->iov_len;
			parts++;
			count--;
		}
		if (count > 0) {
			parts->iov_base = (char *)parts->iov_base + sent;
			parts->iov_len -= (size_t)sent;
		}
	}
	return 0;
}

static struct iovec part(const void *bytes, size_t size)
{
	return (struct iovec){.iov_base = (void *)bytes, .iov_len = size};
}

/* One record a round; the first begins with the head, the last carries the
 * end, so that a small reply is a single system call. */
int reply_send(const struct request *request, const struct reply *reply)
{
	unsigned request_id = (unsigned)request->fcgi.requestId;
	unsigned char header[FRAME_HEADER_SIZE], end[FRAME_END_SIZE];
	char head[HEAD_SIZE + 4];
	size_t head_size =
	    reply->without_head ? 0 : head_write(head, request, reply);
	size_t left =
	    reply->without_body || reply->status == 304 ? 0 : reply->size;
	const char *body = reply->body;

	frame_end(end, request_id);
	do {
		size_t room = FRAME_CONTENT_MAX - head_size;
		size_t size = left < room ? left : room;
		struct iovec parts[] = {
		    part(header, sizeof(header)), part(head, head_size),
		    part(body, size),
		    part(end, left == size ? sizeof(end) : 0)};

		frame_stdout(header, request_id, head_size + size);
		if (write_parts(request->fd, parts, 4) != 0)
			return -1;
		if (size > 0)
			body += size;
		left -= size;
		head_size = 0;
	} while (left > 0);
	return 0;
}
