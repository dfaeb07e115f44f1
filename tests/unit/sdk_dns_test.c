/*
 * sdk_dns_test.c: misp_dns and misp_dns_all against a name server that says
 * whatever the first label of the name asks for.
 */
#include "query.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define HEADER_SIZE 12
#define POINTER "\xc0\x0c" /* to the name that was asked for */
#define IN_TTL "\0\1\0\0\0\1"
#define A_RECORD POINTER "\0\1" IN_TTL "\0\4"

/* What the server appends to the question for a first label. */
struct script {
	const char *label;
	unsigned char code; /* RCODE */
	unsigned char answers;
	const char *bytes;
	size_t size;
};

#define BYTES(text) text, sizeof(text) - 1

static const struct script scripts[] = {
    {"one", 0, 1, BYTES(A_RECORD "\300\0\2\1")},
    {"two", 0, 2, BYTES(A_RECORD "\300\0\2\1" A_RECORD "\300\0\2\2")},
    {"six", 0, 1,
     BYTES(POINTER "\0\x1c" IN_TTL
		   "\0\x10\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1")},
    {"none", 0, 0, BYTES("")},
    {"alias", 0, 1, BYTES(POINTER "\0\5" IN_TTL "\0\2\xc0\x0c")},
    {"nx", 3, 0, BYTES("")},
    {"broken", 2, 0, BYTES("")},
    {"refused", 5, 0, BYTES("")},
    {"lying", 0, 9, BYTES(A_RECORD "\300\0\2\1")},
    {"cut", 0, 1, BYTES(POINTER "\0\1\0\1")},
    {"loop", 0, 1, BYTES("\xc0\x1e\0\1" IN_TTL "\0\4\1\1\1\1")},
    {"text", 0, 2,
     BYTES(POINTER "\0\x10" IN_TTL "\0\6\2ab\2cd" POINTER "\0\x10" IN_TTL
		   "\0\3\2\xff!")},
    /* Of 192.0.2.7 and 2001:db8::8. */
    {"7", 0, 2,
     BYTES(POINTER "\0\x0c" IN_TTL "\0\5\1a\1b\0" POINTER "\0\x0c" IN_TTL
		   "\0\3\1c\0")},
    {"8", 0, 1, BYTES(POINTER "\0\x0c" IN_TTL "\0\3\1d\0")},
};

#define SCRIPT_COUNT (sizeof(scripts) / sizeof(*scripts))

static const struct script *script_for(const unsigned char *message)
{
	const char *label = (const char *)message + HEADER_SIZE + 1;
	size_t length = message[HEADER_SIZE];
	for (size_t i = 0; i < SCRIPT_COUNT; i++)
		if (strlen(scripts[i].label) == length &&
		    memcmp(scripts[i].label, label, length) == 0)
			return &scripts[i];
	return NULL;
}

static void serve(int socket_fd)
{
	unsigned char message[1024];
	struct sockaddr_in peer;
	for (;;) {
		socklen_t length = sizeof(peer);
		ssize_t size = recvfrom(socket_fd, message, 512, 0,
					(struct sockaddr *)&peer, &length);
		if (size <= HEADER_SIZE)
			continue;
		const struct script *script = script_for(message);
		if (!script)
			continue;  /* silence */
		message[2] = 0x81; /* a response */
		message[3] = 0x80 | script->code;
		message[7] = script->answers;
		memcpy(message + size, script->bytes, script->size);
		sendto(socket_fd, message, (size_t)size + script->size, 0,
		       (struct sockaddr *)&peer, length);
	}
}

struct server {
	pid_t pid;
	char address[32];
};

static struct server server;

static int server_start(void **state)
{
	(void)state;
	struct sockaddr_in own = {.sin_family = AF_INET};
	own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	socklen_t length = sizeof(own);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (bind(fd, (struct sockaddr *)&own, sizeof(own)) != 0 ||
	    getsockname(fd, (struct sockaddr *)&own, &length) != 0)
		return -1;
	snprintf(server.address, sizeof(server.address), "127.0.0.1:%d",
		 ntohs(own.sin_port));
	server.pid = fork();
	if (server.pid == 0)
		serve(fd);
	close(fd);
	return server.pid > 0 ? 0 : -1;
}

static int server_stop(void **state)
{
	(void)state;
	kill(server.pid, SIGKILL);
	waitpid(server.pid, NULL, 0);
	return 0;
}

/* What becomes of a lookup: the answers in JSON, or the message. */
static const struct {
	const char *name;
	enum misp_dns_type type;
	enum misp_dns_status status;
	const char *outcome;
} cases[] = {
    {"one.example", MISP_DNS_A, MISP_DNS_OK, "[\"192.0.2.1\"]"},
    {"one.example.", MISP_DNS_A, MISP_DNS_OK, "[\"192.0.2.1\"]"},
    {"two.example", MISP_DNS_A, MISP_DNS_OK, "[\"192.0.2.1\",\"192.0.2.2\"]"},
    {"six.example", MISP_DNS_AAAA, MISP_DNS_OK, "[\"2001:db8::1\"]"},
    {"text.example", MISP_DNS_TXT, MISP_DNS_OK, "[\"abcd\",\"\\uFFFD!\"]"},
    {"192.0.2.7", MISP_DNS_PTR, MISP_DNS_OK, "[\"a.b\",\"c\"]"},
    {"2001:db8::8", MISP_DNS_PTR, MISP_DNS_OK, "[\"d\"]"},
    {"nx.example", MISP_DNS_A, MISP_DNS_NXDOMAIN,
     "the name does not exist (NXDOMAIN)"},
    {"none.example", MISP_DNS_A, MISP_DNS_NO_ANSWER,
     "the name has no such record"},
    {"alias.example", MISP_DNS_A, MISP_DNS_NO_ANSWER,
     "the name has no such record"},
    {"one.example", MISP_DNS_AAAA, MISP_DNS_NO_ANSWER,
     "the name has no such record"},
    {"broken.example", MISP_DNS_A, MISP_DNS_ERROR,
     "the name server failed (SERVFAIL)"},
    {"refused.example", MISP_DNS_A, MISP_DNS_ERROR,
     "the name server refused (REFUSED)"},
    {"lying.example", MISP_DNS_A, MISP_DNS_ERROR,
     "the name server's reply is malformed"},
    {"cut.example", MISP_DNS_A, MISP_DNS_ERROR,
     "the name server's reply is malformed"},
    {"loop.example", MISP_DNS_A, MISP_DNS_ERROR,
     "the name server's reply is malformed"},
    {"a..example", MISP_DNS_A, MISP_DNS_ERROR,
     "this is not a name that DNS can look up"},
    {"one.example", MISP_DNS_PTR, MISP_DNS_ERROR, "this is not an IP address"},
    {"192.0.2.7/24", MISP_DNS_PTR, MISP_DNS_ERROR, "this is not an IP address"},
};

static void lookups(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct misp_query query = {.deadline = misp_now() + 5000};
		json_t *answers = NULL;
		enum misp_dns_status status =
		    misp_dns(&query, cases[i].name, cases[i].type,
			     server.address, &answers);
		char text[256] = "";
		if (status == MISP_DNS_OK)
			json_dumpb(answers, text, sizeof(text) - 1,
				   JSON_COMPACT | JSON_ENSURE_ASCII);
		else
			snprintf(text, sizeof(text), "%s",
				 misp_dns_message(&query));
		assert_string_equal(text, cases[i].outcome);
		assert_int_equal(status, cases[i].status);
		misp_query_end(&query);
	}
}

/* How long a lookup of a name that nobody answers takes. */
static long wait_for_nobody(long deadline)
{
	int64_t start = misp_now();
	struct misp_query query = {.deadline = start + deadline};
	json_t *answers = NULL;
	assert_int_equal(misp_dns(&query, "nobody.example", MISP_DNS_A,
				  server.address, &answers),
			 MISP_DNS_TIMEOUT);
	assert_string_equal(misp_dns_message(&query),
			    "the name server did not answer in time");
	assert_null(answers);
	misp_query_end(&query);
	return (long)(misp_now() - start);
}

static void timeouts(void **state)
{
	(void)state;
	assert_in_range(wait_for_nobody(500), 350, 499);
	assert_in_range(wait_for_nobody(60000), 1900, 2300);
	assert_in_range(wait_for_nobody(0), 0, 50);
	assert_in_range(wait_for_nobody(100), 0, 50);
}

static void all_at_once(void **state)
{
	(void)state;
	struct misp_query query = {.deadline = misp_now() + 5000};
	struct misp_dns_question questions[] = {
	    {.name = "nobody.example"},
	    {.name = "two.example"},
	    {.name = "192.0.2.7", .type = MISP_DNS_PTR},
	    {.name = "192.0.2", .type = MISP_DNS_PTR},
	    {.name = "nx.example", .type = MISP_DNS_TXT},
	    {.name = "nobody.example", .type = MISP_DNS_TXT},
	    {.name = "text.example", .type = MISP_DNS_TXT},
	    {.name = "lying.example"},
	    {.name = NULL},
	    {.name = NULL, .type = MISP_DNS_PTR},
	    {.name = "one.example"},
	};
	static const struct {
		enum misp_dns_status status;
		size_t answers;
	} expected[] = {
	    {MISP_DNS_TIMEOUT, 0},  {MISP_DNS_OK, 2},
	    {MISP_DNS_OK, 2},       {MISP_DNS_ERROR, 0},
	    {MISP_DNS_NXDOMAIN, 0}, {MISP_DNS_TIMEOUT, 0},
	    {MISP_DNS_OK, 2},       {MISP_DNS_ERROR, 0},
	    {MISP_DNS_ERROR, 0},    {MISP_DNS_ERROR, 0},
	    {MISP_DNS_OK, 1},
	};
	int64_t start = misp_now();
	misp_dns_all(&query, questions, sizeof(questions) / sizeof(*questions),
		     server.address, 300);
	assert_in_range(misp_now() - start, 250, 450);
	for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++) {
		assert_int_equal(questions[i].status, expected[i].status);
		assert_int_equal(json_array_size(questions[i].answers),
				 expected[i].answers);
	}
	assert_string_equal(misp_dns_message(&query),
			    "this is not a name that DNS can look up");
	misp_query_end(&query);
}

#define MANY 200

/* None waits for another, and no time is lost when all have answered. */
static void many_at_once(void **state)
{
	(void)state;
	struct misp_query query = {.deadline = misp_now() + 5000};
	struct misp_dns_question questions[MANY];
	char names[MANY][32];
	for (size_t i = 0; i < MANY; i++) {
		snprintf(names[i], sizeof(names[i]), "one.n%zu.example", i);
		questions[i] = (struct misp_dns_question){.name = names[i]};
	}
	int64_t start = misp_now();
	misp_dns_all(&query, questions, MANY, server.address, 4000);
	assert_in_range(misp_now() - start, 0, 3000);
	for (size_t i = 0; i < MANY; i++)
		assert_int_equal(questions[i].status, MISP_DNS_OK);
	assert_string_equal(misp_dns_message(&query), "");
	misp_dns_all(&query, questions, 1, server.address, 0);
	assert_int_equal(questions[0].status, MISP_DNS_TIMEOUT);
	assert_null(questions[0].answers);
	misp_dns_all(&query, NULL, 0, server.address, 4000);
	misp_query_end(&query);
}

/* Where no name server is named, the configuration's is asked. */
static void default_name_server(void **state)
{
	(void)state;
	const struct misp_net net = {.nameserver = server.address};
	struct misp_query query = {.deadline = misp_now() + 5000, .net = &net};
	json_t *answers = NULL;
	assert_int_equal(
	    misp_dns(&query, "one.example", MISP_DNS_A, "[::1]:1", &answers),
	    MISP_DNS_ERROR);
	assert_int_equal(
	    misp_dns(&query, "one.example", MISP_DNS_A, NULL, &answers),
	    MISP_DNS_OK);
	assert_string_equal(misp_dns_message(&query), "");
	misp_query_end(&query);
}

static void name_servers(void **state)
{
	(void)state;
	static const char *const bad[] = {
	    "localhost",    "127.0.0.1:", "127.0.0.1:0",   "127.0.0.1:65536",
	    "127.0.0.1:5x", "[::1",       "[::1]x",        "[]:53",
	    "127.0.0.1,",   "::1:99999",  "[127.0.0.1]:a", "127.0.0.1:-53",
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct misp_query query = {.deadline = misp_now() + 5000};
		json_t *answers = NULL;
		assert_int_equal(misp_dns(&query, "one.example", MISP_DNS_A,
					  bad[i], &answers),
				 MISP_DNS_ERROR);
		assert_non_null(strstr(misp_dns_message(&query),
				       "the name server's address must be"));
		misp_query_end(&query);
	}
}

static void nobody_listens(void **state)
{
	(void)state;
	struct misp_query query = {.deadline = misp_now() + 5000};
	json_t *answers = NULL;
	assert_int_equal(
	    misp_dns(&query, "one.example", MISP_DNS_A, "[::1]:1", &answers),
	    MISP_DNS_ERROR);
	assert_string_equal(misp_dns_message(&query),
			    "no name server could be reached");
	misp_query_end(&query);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lookups),
	    cmocka_unit_test(timeouts),
	    cmocka_unit_test(all_at_once),
	    cmocka_unit_test(many_at_once),
	    cmocka_unit_test(default_name_server),
	    cmocka_unit_test(name_servers),
	    cmocka_unit_test(nobody_listens),
	};
	return cmocka_run_group_tests(tests, server_start, server_stop);
}
