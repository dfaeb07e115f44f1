/*
 * request_fuzz.c: a hostile client behind a sane web server: any method, path
 * and body, cut into records of any size, ended or not, with a true length or
 * a false one. Rubbish instead of records is for test_raw_fastcgi.py: libfcgi
 * ends its process when a length in it is absurd.
 *
 * Of the input the first byte chooses the request, the second the records'
 * size; the rest is the body.
 */
#include "guard.h"
#include "log.h"
#include "request.h"
#include "route.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct server server;
static struct slot *slot;
static int listener;
static struct sockaddr_un address;
static socklen_t address_size;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static json_t *echo_query(struct misp_query *query)
{
	json_t *rows = misp_rows();
	size_t size;

	misp_row(rows, MISP_TYPES("text"), misp_value(query, "text"));
	misp_row(rows, MISP_TYPES("text"), misp_setting(query, "key"));
	if (!misp_attribute(query) && !misp_file(query, &size)) {
		json_decref(rows);
		return NULL;
	}
	return rows;
}

static const struct misp_module echo = {
    .abi = MISP_MODULE_ABI,
    .size = sizeof(struct misp_module),
    .name = "echo",
    .types = MISP_EXPANSION,
    .query = echo_query,
    .input = (const char *const[]){"text", NULL},
    .settings = (const struct misp_setting[]){{.name = "key"}, {0}}};
static struct module module = {.descriptor = &echo, .enabled = true};

/* The fuzzer's own handlers for crashes must stay. */
static void guard_start_quietly(void)
{
	struct sigaction before[NSIG];

	for (int signal = 1; signal < NSIG; signal++)
		sigaction(signal, NULL, &before[signal]);
	/* Not FastCGI: the peer below hangs up, which would end the query. */
	if (guard_start(GUARD_PLAIN, server.board, slot) != 0)
		abort();
	for (int signal = 1; signal < NSIG; signal++)
		sigaction(signal, &before[signal], NULL);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	/* Away from the fuzzer's own words on stderr. */
	log_open(LOG_TO_SYSLOG);
	if (config_init(&server.config) != 0)
		abort();
	server.config.log_values = true;
	server.config.timeout = 5;
	server.config.max_request = 1 << 20;
	server.registry = (struct registry){.modules = &module, .count = 1};
	server.board = board_create(1, &server.registry, &server.board_fd);
	slot = board_slot(server.board, 0);
	slot->pid = getpid();
	signal(SIGPIPE, SIG_IGN);
	listener = socket(AF_UNIX, SOCK_STREAM, 0);
	address.sun_family = AF_UNIX;
	address_size = sizeof(sa_family_t); /* the kernel picks a name */
	if (bind(listener, (struct sockaddr *)&address, address_size) != 0 ||
	    listen(listener, 8) != 0)
		abort();
	address_size = sizeof(address);
	getsockname(listener, (struct sockaddr *)&address, &address_size);
	if (request_library_start() != 0)
		abort();
	guard_start_quietly();
	return 0;
}

enum { BEGIN_REQUEST = 1, PARAMS = 4, STDIN = 5 };

static void record(FILE *out, int type, const void *content, size_t size)
{
	const unsigned char header[8] = {
	    1, (unsigned char)type,        0,
	    1, (unsigned char)(size >> 8), (unsigned char)size};

	fwrite(header, 1, sizeof(header), out);
	if (size > 0)
		fwrite(content, 1, size, out);
}

static size_t parameter(char *params, const char *name, const char *value)
{
	params[0] = (char)strlen(name);
	params[1] = (char)strlen(value);
	strcpy(params + 2, name);
	strcpy(params + 2 + strlen(name), value);
	return 2 + strlen(name) + strlen(value);
}

static void request_write(FILE *out, unsigned choice, size_t record_size,
			  const uint8_t *body, size_t size)
{
	static const char *const methods[] = {"POST", "GET", "HEAD", "PUT"};
	static const char *const paths[] = {"/query", "/query", "/modules",
					    "/metrics"};
	const unsigned char begin[8] = {0, 1};
	char params[256], length[24];
	size_t used;

	snprintf(length, sizeof(length), "%zu",
		 choice & 32 ? size * 7 + 1 : size);
	used = parameter(params, "REQUEST_METHOD", methods[choice & 3]);
	used += parameter(params + used, "PATH_INFO", paths[choice >> 2 & 3]);
	used += parameter(params + used, "CONTENT_LENGTH", length);
	record(out, BEGIN_REQUEST, begin, sizeof(begin));
	record(out, PARAMS, params, used);
	record(out, PARAMS, NULL, 0);
	while (size > 0) {
		size_t part = size < record_size ? size : record_size;

		record(out, STDIN, body, part);
		body += part;
		size -= part;
	}
	if (!(choice & 16))
		record(out, STDIN, NULL, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char *records = NULL;
	size_t records_size = 0;
	FILE *out = open_memstream(&records, &records_size);
	int peer = socket(AF_UNIX, SOCK_STREAM, 0);
	struct request request;

	if (size < 2 || size > 65536)
		goto done;
	request_write(out, bytes[0], (size_t)bytes[1] * 8 + 1, bytes + 2,
		      size - 2);
	fflush(out);
	/* What does not fit is not sent: nobody reads at the same time. */
	fcntl(peer, F_SETFL, O_NONBLOCK);
	if (connect(peer, (struct sockaddr *)&address, address_size) != 0 ||
	    write(peer, records, records_size) < 0)
		goto done;
	shutdown(peer, SHUT_WR);
	if (request_accept(&request, listener, 1000) == 0) {
		route_serve(&server, slot, &request);
		request_close(&request);
	}
done:
	fclose(out);
	free(records);
	close(peer);
	return 0;
}
