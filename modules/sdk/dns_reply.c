/*
 * dns_reply.c: reading what a name server, which may be an enemy's, has said.
 */
#include "dns.h"

#include <ares.h>
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <string.h>

#define ANSWERS_MAX 256 /* records that are read; more are left out */
#define TEXT_MAX 16384  /* bytes of one TXT record; the rest is left out */

const int dns_numbers[] = {
    [MISP_DNS_A] = ns_t_a,
    [MISP_DNS_AAAA] = ns_t_aaaa,
    [MISP_DNS_PTR] = ns_t_ptr,
    [MISP_DNS_TXT] = ns_t_txt,
};

static int add(json_t *answers, const char *text, size_t size)
{
	json_t *answer = misp_string(text, size);
	return json_array_append_new(answers, answer) == 0 ? ARES_SUCCESS
							   : ARES_ENOMEM;
}

static int add_address(json_t *answers, int family, const void *address)
{
	char text[INET6_ADDRSTRLEN];
	if (!inet_ntop(family, address, text, sizeof(text)))
		return ARES_EBADRESP;
	return add(answers, text, strlen(text));
}

static int read_a(const unsigned char *reply, int length, json_t *answers)
{
	struct ares_addrttl found[ANSWERS_MAX];
	int count = ANSWERS_MAX;
	int status = ares_parse_a_reply(reply, length, NULL, found, &count);
	for (int i = 0; status == ARES_SUCCESS && i < count; i++)
		status = add_address(answers, AF_INET, &found[i].ipaddr);
	return status;
}

static int read_aaaa(const unsigned char *reply, int length, json_t *answers)
{
	struct ares_addr6ttl found[ANSWERS_MAX];
	int count = ANSWERS_MAX;
	int status = ares_parse_aaaa_reply(reply, length, NULL, found, &count);
	for (int i = 0; status == ARES_SUCCESS && i < count; i++)
		status = add_address(answers, AF_INET6, &found[i].ip6addr);
	return status;
}

/* A name without the dot at its end. */
static int add_name(json_t *answers, const char *name)
{
	size_t size = strlen(name);
	if (size > 0 && name[size - 1] == '.')
		size--;
	return size > 0 ? add(answers, name, size) : ARES_SUCCESS;
}

static int read_ptr(const unsigned char *reply, int length, json_t *answers)
{
	struct hostent *host = NULL;
	/* The names are the aliases, the address plays no part. */
	int status =
	    ares_parse_ptr_reply(reply, length, NULL, 0, AF_INET, &host);
	if (status != ARES_SUCCESS)
		return status;
	char **name = host->h_aliases;
	for (int i = 0; status == ARES_SUCCESS && *name && i < ANSWERS_MAX; i++)
		status = add_name(answers, *name++);
	ares_free_hostent(host);
	return status;
}

/* One record comes in several strings. */
static int read_txt(const unsigned char *reply, int length, json_t *answers)
{
	struct ares_txt_ext *first = NULL;
	int status = ares_parse_txt_reply_ext(reply, length, &first);
	struct ares_txt_ext *part = first;
	for (int i = 0; status == ARES_SUCCESS && part && i < ANSWERS_MAX;
	     i++) {
		char text[TEXT_MAX];
		size_t used = 0;
		do {
			size_t room = sizeof(text) - used;
			size_t size = part->length < room ? part->length : room;
			memcpy(text + used, part->txt, size);
			used += size;
			part = part->next;
		} while (part && !part->record_start);
		status = add(answers, text, used);
	}
	ares_free_data(first);
	return status;
}

int dns_reply_read(enum misp_dns_type type, const unsigned char *reply,
		   int length, json_t **answers)
{
	static int (*const readers[])(const unsigned char *, int, json_t *) = {
	    [MISP_DNS_A] = read_a,
	    [MISP_DNS_AAAA] = read_aaaa,
	    [MISP_DNS_PTR] = read_ptr,
	    [MISP_DNS_TXT] = read_txt,
	};
	json_t *found = json_array();
	int status = found ? readers[type](reply, length, found) : ARES_ENOMEM;
	/* A chain of aliases may lead to nothing. */
	if (status == ARES_SUCCESS && json_array_size(found) == 0)
		status = ARES_ENODATA;
	if (status == ARES_SUCCESS)
		*answers = found;
	else
		json_decref(found);
	return status;
}
