/*
 * request.c: one FastCGI request; see request.h and, for why it is done so,
 * libfcgi 2.4.2's FCGX_Accept_r.
 */
#include "request.h"

#include "guard.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uuid/uuid.h>

/* One read of the body; and the first allocation when no length is told. */
#define CHUNK ((size_t)1 << 16)

int request_library_start(void)
{
	/* A slow peer must not hold a worker when its connection is closed. */
	setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", "0", 1);
	return FCGX_Init() == 0 ? 0 : -1;
}

static const char *parameter(const struct request *request, const char *name)
{
	const char *value = FCGX_GetParam(name, request->fcgi.envp);

	return value ? value : "";
}

static bool id_is_good(const char *id)
{
	size_t length = strlen(id);

	if (length < 8 || length >= REQUEST_ID_SIZE)
		return false;
	for (; *id; id++) {
		if (!isalnum((unsigned char)*id) && !strchr("-_@.", *id))
			return false;
	}
	return true;
}

static void request_identify(struct request *request)
{
	const char *const names[] = {"REQUEST_ID", "UNIQUE_ID"};
	uuid_t made;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *id = parameter(request, names[i]);

		if (id_is_good(id)) {
			memcpy(request->id, id, strlen(id) + 1);
			return;
		}
	}
	uuid_generate_random(made);
	uuid_unparse_lower(made, request->id);
}

static void request_describe(struct request *request)
{
	const char *path = parameter(request, "PATH_INFO");

	request->method = parameter(request, "REQUEST_METHOD");
	request->path = *path ? path : parameter(request, "SCRIPT_NAME");
	request->user = parameter(request, "REMOTE_USER");
	request->address = parameter(request, "REMOTE_ADDR");
	request->if_none_match = parameter(request, "HTTP_IF_NONE_MATCH");
	request->signs_of_life =
	    *parameter(request, "MISP_MODULES_SIGNS_OF_LIFE") != '\0';
	request_identify(request);
}

int request_accept(struct request *request, int listener, int64_t milliseconds)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	*request = (struct request){.fd = fd};
	if (fd < 0)
		return -1;
	guard_reading(fd, misp_now() + milliseconds);
	/* libfcgi takes the connection as one that was kept; it gets no
	 * listener of its own, so after rubbish it comes back to us. */
	FCGX_InitRequest(&request->fcgi, -1, 0);
	request->fcgi.ipcFd = fd;
	request->fcgi.keepConnection = 1;
	if (FCGX_Accept_r(&request->fcgi) != 0) {
		guard_idle();
		return -1;
	}
	request_describe(request);
	return 0;
}

/* Room for at least size bytes and a NUL. */
static int body_reserve(struct request *request, size_t *room, size_t size)
{
	unsigned char *body;

	if (size < *room)
		return 0;
	body = realloc(request->body, size + 1);
	if (!body)
		return -1;
	request->body = body;
	*room = size + 1;
	return 0;
}

static size_t body_length_hint(const struct request *request, size_t max)
{
	const char *text = parameter(request, "CONTENT_LENGTH");
	unsigned long long length = strtoull(text, NULL, 10);

	if (length == 0 || length > max)
		return CHUNK < max ? CHUNK : max;
	return (size_t)length;
}

static void body_drain(struct request *request)
{
	char waste[8192];

	while (FCGX_GetStr(waste, sizeof(waste), request->fcgi.in) > 0)
		;
}

enum request_body request_read(struct request *request, size_t max)
{
	size_t room = 0, want = body_length_hint(request, max);
	int got;

	do {
		size_t left;

		if (request->size > want)
			want = want < max / 2 ? want * 2 : max;
		if (body_reserve(request, &room, want) != 0) {
			body_drain(request);
			return REQUEST_BODY_MEMORY;
		}
		/* One byte more than wanted shows that there is more. */
		left = room - request->size;
		got = FCGX_GetStr((char *)request->body + request->size,
				  (int)(left < CHUNK ? left : CHUNK),
				  request->fcgi.in);
		request->size += (size_t)got;
		if (request->size > max) {
			body_drain(request);
			return REQUEST_BODY_LARGE;
		}
	} while (got > 0);
	if (guard_reading_end())
		return REQUEST_BODY_SLOW;
	if (FCGX_GetError(request->fcgi.in) != 0)
		return REQUEST_BODY_SHORT;
	request->body[request->size] = '\0';
	return REQUEST_BODY_OK;
}

void request_forget_body(struct request *request)
{
	free(request->body);
	request->body = NULL;
}

void request_close(struct request *request)
{
	request_forget_body(request);
	/* The reply has been written by us: libfcgi only frees. */
	FCGX_Free(&request->fcgi, 0);
	guard_idle();
	close(request->fd);
}
