/*
 * dns_server.c: a name server's address as people write it.
 */
#include "dns_server.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define PORT_DIGITS 5
#define PORT_MAX 65535

/* Splits "address", "address:port", "[address]" and "[address]:port". */
static bool split(const char *text, size_t *start, size_t *length,
		  const char **port)
{
	const char *end = text + strlen(text);
	*start = 0;
	*port = NULL;
	if (*text == '[') {
		const char *close = strchr(text, ']');
		if (!close || (close[1] && close[1] != ':'))
			return false;
		*start = 1;
		*port = close[1] ? close + 2 : NULL;
		end = close;
	} else {
		/* More than one colon: an IPv6 address without a port. */
		const char *colon = strchr(text, ':');
		if (colon && !strchr(colon + 1, ':')) {
			*port = colon + 1;
			end = colon;
		}
	}
	*length = (size_t)(end - text) - *start;
	return true;
}

/* 0 when it is no port. */
static int port_number(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	if (digits == 0 || digits > PORT_DIGITS || text[digits])
		return 0;
	long port = strtol(text, NULL, 10);
	return port <= PORT_MAX ? (int)port : 0;
}

int dns_server_parse(const char *text, struct ares_addr_port_node *server)
{
	char address[INET6_ADDRSTRLEN];
	size_t start;
	size_t length;
	const char *port;
	if (!split(text, &start, &length, &port) || length >= sizeof(address))
		return -1;
	memcpy(address, text + start, length);
	address[length] = '\0';
	struct ares_addr_port_node found = {.family = AF_INET};
	if (inet_pton(AF_INET, address, &found.addr.addr4) != 1) {
		found.family = AF_INET6;
		if (inet_pton(AF_INET6, address, &found.addr.addr6) != 1)
			return -1;
	}
	if (port) {
		found.udp_port = found.tcp_port = port_number(port);
		if (found.udp_port == 0)
			return -1;
	}
	*server = found;
	return 0;
}
