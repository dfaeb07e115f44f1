/*
 * dns.c: asking a name server, within the time that the query has. Neither
 * the hosts file nor a search list has a say: an indicator is looked up as it
 * is.
 */
#include "dns.h"

#include "dns_server.h"
#include "query.h"

#include <ares.h>
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#define WAIT_MAX 2000       /* milliseconds, of one question */
#define WAIT_LONGEST 600000 /* … of several; c-ares counts in an int */
#define WAIT_RESERVE 100    /* … left for the answer */
#define TRIES 2             /* the second waits twice as long */
#define NAME_SIZE 80        /* a reverse name has 73 characters at most */

/* Beside c-ares' own statuses, which are not negative. */
#define BAD_SERVER (-1)
#define OTHER (-2)

struct lookup {
	size_t *open; /* how many of those asked at once have no outcome yet */
	enum misp_dns_type type;
	int status; /* c-ares' */
	json_t *answers;
};

/* What an analyst should know; all else is the last. */
static const struct {
	int ares;
	enum misp_dns_status status;
	const char *text;
} meanings[] = {
    {ARES_SUCCESS, MISP_DNS_OK, ""},
    {ARES_ENOTFOUND, MISP_DNS_NXDOMAIN, "the name does not exist (NXDOMAIN)"},
    {ARES_ENODATA, MISP_DNS_NO_ANSWER, "the name has no such record"},
    {ARES_ETIMEOUT, MISP_DNS_TIMEOUT, "the name server did not answer in time"},
    {ARES_ESERVFAIL, MISP_DNS_ERROR, "the name server failed (SERVFAIL)"},
    {ARES_EREFUSED, MISP_DNS_ERROR, "the name server refused (REFUSED)"},
    {ARES_ENOTIMP, MISP_DNS_ERROR, "the name server cannot do this (NOTIMP)"},
    {ARES_EFORMERR, MISP_DNS_ERROR,
     "the name server did not understand (FORMERR)"},
    {ARES_ECONNREFUSED, MISP_DNS_ERROR, "no name server could be reached"},
    {ARES_EBADNAME, MISP_DNS_ERROR, "this is not a name that DNS can look up"},
    {ARES_EBADQUERY, MISP_DNS_ERROR, "this is not a name that DNS can look up"},
    {ARES_EBADRESP, MISP_DNS_ERROR, "the name server's reply is malformed"},
    {ARES_EBADSTR, MISP_DNS_ERROR, "this is not an IP address"},
    {ARES_ENOMEM, MISP_DNS_ERROR, "there is not enough memory"},
    {BAD_SERVER, MISP_DNS_ERROR,
     "the name server's address must be an IP address, or one with a port"},
    {OTHER, MISP_DNS_ERROR, "the resolver failed"},
};

/* Notes what became of a question; of several, the message is that of the last
 * that failed. */
static void conclude(struct misp_query *query,
		     struct misp_dns_question *question, int ares)
{
	size_t i = 0;
	while (meanings[i].ares != ares && meanings[i].ares != OTHER)
		i++;
	if (meanings[i].status != MISP_DNS_OK)
		snprintf(query->dns_message, sizeof(query->dns_message), "%s",
			 meanings[i].text);
	question->status = meanings[i].status;
}

const char *misp_dns_message(const struct misp_query *query)
{
	return query->dns_message;
}

static void on_reply(void *context, int status, int timeouts,
		     unsigned char *reply, int length)
{
	(void)timeouts;
	struct lookup *lookup = context;
	--*lookup->open;
	/* Cut off at the end of the time there was. */
	lookup->status = status == ARES_EDESTRUCTION ? ARES_ETIMEOUT : status;
	if (status == ARES_SUCCESS)
		lookup->status = dns_reply_read(lookup->type, reply, length,
						&lookup->answers);
}

static int channel_open(ares_channel *channel, const char *nameserver,
			long wait)
{
	struct ares_options options = {
	    /* With one server its refusal is the answer; of several, the
	     * next is asked. */
	    .flags = nameserver ? ARES_FLAG_NOCHECKRESP : 0,
	    .timeout = (int)(wait / (1 + 2)),
	    .tries = TRIES,
	    .lookups = "b", /* DNS alone, no hosts file */
	};
	struct ares_addr_port_node server;
	if (nameserver && dns_server_parse(nameserver, &server) != 0)
		return BAD_SERVER;
	int status = ares_init_options(channel, &options,
				       ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS |
					   ARES_OPT_TRIES | ARES_OPT_DOMAINS |
					   ARES_OPT_LOOKUPS);
	if (status != ARES_SUCCESS || !nameserver)
		return status;
	status = ares_set_servers_ports(*channel, &server);
	if (status != ARES_SUCCESS)
		ares_destroy(*channel);
	return status;
}

/* Waits for the sockets of the channel, at most milliseconds, and lets it
 * work. */
static void channel_turn(ares_channel channel, long milliseconds)
{
	ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
	struct pollfd polled[ARES_GETSOCK_MAXNUM];
	unsigned bits =
	    (unsigned)ares_getsock(channel, sockets, ARES_GETSOCK_MAXNUM);
	nfds_t count = 0;
	for (unsigned i = 0; i < ARES_GETSOCK_MAXNUM; i++) {
		short events = 0;
		if (ARES_GETSOCK_READABLE(bits, i))
			events |= POLLIN;
		if (bits & (1U << (i + ARES_GETSOCK_MAXNUM)))
			events |= POLLOUT;
		if (events)
			polled[count++] =
			    (struct pollfd){sockets[i], events, 0};
	}
	struct timeval limit = {milliseconds / 1000,
				milliseconds % 1000 * 1000};
	struct timeval next;
	const struct timeval *wait = ares_timeout(channel, &limit, &next);
	/* Rounded up, or the last millisecond would be spent spinning. */
	long pause = wait->tv_sec * 1000 + (wait->tv_usec + 999) / 1000;
	poll(polled, count, (int)pause);
	for (nfds_t i = 0; i < count; i++) {
		bool in = polled[i].revents & (POLLIN | POLLERR | POLLHUP);
		bool out = polled[i].revents & (POLLOUT | POLLERR | POLLHUP);
		ares_process_fd(channel, in ? polled[i].fd : ARES_SOCKET_BAD,
				out ? polled[i].fd : ARES_SOCKET_BAD);
	}
	/* Without sockets it still has its timeouts to look at. */
	ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

/* Writes the name at which PTR records of an address are. */
static int reverse_name(const char *address, char *name, size_t size)
{
	unsigned char bytes[sizeof(struct in6_addr)];
	if (inet_pton(AF_INET, address, bytes) == 1) {
		snprintf(name, size, "%u.%u.%u.%u.in-addr.arpa", bytes[3],
			 bytes[2], bytes[1], bytes[0]);
		return 0;
	}
	if (inet_pton(AF_INET6, address, bytes) != 1)
		return -1;
	size_t used = 0;
	for (size_t i = sizeof(bytes); i-- > 0;)
		used += (size_t)snprintf(name + used, size - used, "%x.%x.",
					 bytes[i] & 0xfU, bytes[i] >> 4U);
	snprintf(name + used, size - used, "ip6.arpa");
	return 0;
}

static void ask(ares_channel channel, const struct misp_dns_question *question,
		struct lookup *lookup)
{
	char reverse[NAME_SIZE];
	const char *name = question->name;
	if (name && question->type == MISP_DNS_PTR) {
		if (reverse_name(name, reverse, sizeof(reverse)) != 0) {
			on_reply(lookup, ARES_EBADSTR, 0, NULL, 0);
			return;
		}
		name = reverse;
	}
	if (name)
		ares_query(channel, name, ns_c_in, dns_numbers[question->type],
			   on_reply, lookup);
	else
		on_reply(lookup, ARES_EBADNAME, 0, NULL, 0);
}

/* Asks all questions; each lookup has its outcome afterwards. Returns c-ares'
 * status; if that is no success, nothing was asked. */
static int lookups_run(struct lookup *lookups,
		       const struct misp_dns_question *questions, size_t count,
		       const char *nameserver, long wait)
{
	ares_channel channel;
	int64_t end = misp_now() + wait;
	int status = channel_open(&channel, nameserver, wait);
	if (status != ARES_SUCCESS)
		return status;
	size_t open = count;
	for (size_t i = 0; i < count; i++) {
		lookups[i] = (struct lookup){&open, questions[i].type};
		ask(channel, &questions[i], &lookups[i]);
	}
	for (int64_t now = misp_now(); open > 0 && now < end; now = misp_now())
		channel_turn(channel, (long)(end - now));
	/* Tells on_reply of those that still wait that this is the end. */
	ares_destroy(channel);
	return ARES_SUCCESS;
}

/* As lookups_run, with c-ares made ready for it. */
static int lookups_try(struct lookup *lookups,
		       const struct misp_dns_question *questions, size_t count,
		       const char *nameserver, long wait)
{
	if (wait <= 0)
		return ARES_ETIMEOUT;
	if (!lookups)
		return ARES_ENOMEM;
	int status = ares_library_init(ARES_LIB_INIT_ALL);
	if (status != ARES_SUCCESS)
		return status;
	status = lookups_run(lookups, questions, count, nameserver, wait);
	ares_library_cleanup();
	return status;
}

void misp_dns_all(struct misp_query *query, struct misp_dns_question *questions,
		  size_t count, const char *nameserver, long milliseconds)
{
	long wait = misp_remaining(query) - WAIT_RESERVE;
	if (wait > milliseconds)
		wait = milliseconds;
	if (wait > WAIT_LONGEST)
		wait = WAIT_LONGEST;
	if (!nameserver && query->net)
		nameserver = query->net->nameserver;
	struct lookup *lookups = calloc(count, sizeof(*lookups));
	int all = lookups_try(lookups, questions, count, nameserver, wait);
	query->dns_message[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		int status = all == ARES_SUCCESS ? lookups[i].status : all;
		questions[i].answers = NULL;
		if (status == ARES_SUCCESS) {
			questions[i].answers =
			    misp_keep(query, lookups[i].answers);
			if (!questions[i].answers)
				status = ARES_ENOMEM;
		}
		conclude(query, &questions[i], status);
	}
	free(lookups);
}

enum misp_dns_status misp_dns(struct misp_query *query, const char *name,
			      enum misp_dns_type type, const char *nameserver,
			      json_t **answers)
{
	struct misp_dns_question question = {.name = name, .type = type};
	misp_dns_all(query, &question, 1, nameserver, WAIT_MAX);
	if (question.status == MISP_DNS_OK)
		*answers = question.answers;
	return question.status;
}
