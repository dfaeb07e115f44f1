/*
 * http_hosts.c: where a request may go: to the hosts that the module declares,
 * and, for modules that ask any host, only to addresses on the public
 * Internet.
 */
#include "http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

/* Not on the public Internet: the IANA registries of special-purpose
 * addresses (RFC 6890 and its updates), multicast and what is reserved. */
static const struct {
	uint32_t network;
	unsigned bits;
} special_v4[] = {
    {0x00000000, 8},  /* this network */
    {0x0a000000, 8},  /* private */
    {0x64400000, 10}, /* carriers' */
    {0x7f000000, 8},  /* loopback */
    {0xa9fe0000, 16}, /* link-local, and the clouds' metadata */
    {0xac100000, 12}, /* private */
    {0xc0000000, 24}, /* protocols' */
    {0xc0000200, 24}, /* documentation */
    {0xc0586300, 24}, /* relays of 6to4 */
    {0xc0a80000, 16}, /* private */
    {0xc6120000, 15}, /* benchmarks */
    {0xc6336400, 24}, /* documentation */
    {0xcb007100, 24}, /* documentation */
    {0xe0000000, 3},  /* multicast and reserved */
};

static const struct {
	uint8_t bytes[16];
	unsigned bits;
} special_v6[] = {
    {{0x20, 0x01}, 23},             /* protocols', Teredo among them */
    {{0x20, 0x01, 0x0d, 0xb8}, 32}, /* documentation */
    {{0x3f, 0xff}, 20},             /* documentation */
};

/* Prefixes behind which an IPv4 address stands, at that byte. */
static const struct {
	uint8_t bytes[16];
	unsigned bits;
	unsigned at;
} carriers_of_v4[] = {
    {{[10] = 0xff, [11] = 0xff}, 96, 12}, /* mapped */
    {{0x00, 0x64, 0xff, 0x9b}, 96, 12},   /* NAT64 */
    {{0x20, 0x02}, 16, 2},                /* 6to4 */
};

static bool in_prefix(const uint8_t *address, const uint8_t *prefix,
		      unsigned bits)
{
	if (memcmp(address, prefix, bits / 8) != 0)
		return false;
	unsigned rest = bits % 8;
	unsigned mask = 0xffU << (8 - rest) & 0xffU;
	return rest == 0 ||
	       ((address[bits / 8] ^ prefix[bits / 8]) & mask) == 0;
}

static bool v4_public(uint32_t address)
{
	for (size_t i = 0; i < sizeof(special_v4) / sizeof(*special_v4); i++)
		if ((address ^ special_v4[i].network) >>
			(32 - special_v4[i].bits) ==
		    0)
			return false;
	return true;
}

static bool v6_public(const uint8_t *address)
{
	const size_t carriers =
	    sizeof(carriers_of_v4) / sizeof(*carriers_of_v4);
	for (size_t i = 0; i < carriers; i++) {
		if (!in_prefix(address, carriers_of_v4[i].bytes,
			       carriers_of_v4[i].bits))
			continue;
		uint32_t inner;
		memcpy(&inner, address + carriers_of_v4[i].at, sizeof(inner));
		return v4_public(ntohl(inner));
	}
	for (size_t i = 0; i < sizeof(special_v6) / sizeof(*special_v6); i++)
		if (in_prefix(address, special_v6[i].bytes, special_v6[i].bits))
			return false;
	/* All that is in use on the public Internet is in 2000::/3. */
	return address[0] >> 5 == 1;
}

bool http_address_public(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET) {
		const struct sockaddr_in *v4 = (const void *)address;
		return v4_public(ntohl(v4->sin_addr.s_addr));
	}
	if (address->sa_family == AF_INET6) {
		const struct sockaddr_in6 *v6 = (const void *)address;
		return v6_public(v6->sin6_addr.s6_addr);
	}
	return false;
}

/* A name is that of the domain, or one below it. */
static bool is_below(const char *host, const char *domain, size_t length)
{
	size_t all = strlen(host);
	if (all > 0 && host[all - 1] == '.')
		all--;
	if (length == 0 || all < length ||
	    strncasecmp(host + all - length, domain, length) != 0)
		return false;
	return all == length || host[all - length - 1] == '.';
}

bool http_literal_public(const char *host)
{
	char bare[INET6_ADDRSTRLEN + 2];
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	/* inet_aton knows the decimal, octal and hexadecimal ways. */
	if (inet_aton(host, &v4.sin_addr))
		return http_address_public((const struct sockaddr *)&v4);
	size_t length = strcspn(host + (*host == '['), "]%");
	if (length < sizeof(bare)) {
		memcpy(bare, host + (*host == '['), length);
		bare[length] = '\0';
		if (inet_pton(AF_INET6, bare, &v6.sin6_addr) == 1)
			return http_address_public(
			    (const struct sockaddr *)&v6);
	}
	return !is_below(host, "localhost", strlen("localhost"));
}

bool misp_ip_public(const char *text)
{
	return misp_ip_version(text) && http_literal_public(text);
}

bool http_host_listed(const char *list, const char *host)
{
	static const char between[] = ", \t";
	while (list && *(list += strspn(list, between))) {
		size_t length = strcspn(list, between);
		if (length == 1 && *list == '*')
			return true;
		bool dotted = *list == '.';
		if (is_below(host, list + dotted, length - dotted))
			return true;
		list += length;
	}
	return false;
}

static bool is_declared(struct misp_query *query, const char *host)
{
	const struct misp_service *const *service = query->module->services;
	for (; service && *service; service++) {
		const char *its = misp_url_host(query, (*service)->url);
		if (its && strcasecmp(host, its) == 0)
			return true;
	}
	const char *const *name = query->module->hosts;
	for (; name && *name; name++)
		if (**name == '.' ? is_below(host, *name + 1, strlen(*name + 1))
				  : strcasecmp(host, *name) == 0)
			return true;
	return false;
}

bool http_host_allowed(struct misp_query *query, const char *own_host,
		       const char *host, bool *filtered)
{
	const struct misp_net *net = http_net(query);
	*filtered = false;
	if ((own_host && strcasecmp(own_host, host) == 0) ||
	    is_declared(query, host))
		return true;
	*filtered = !net->allow_private;
	return query->module->any_host;
}
