/*
 * dns_server.h: a name server's address as people write it.
 */
#ifndef MISP_SDK_DNS_SERVER_H
#define MISP_SDK_DNS_SERVER_H

#include <ares.h>

/* Reads "address", "address:port" or "[v6]:port" (port 0: the usual one).
 * Returns 0; -1, with *server untouched, when it is none of these. */
int dns_server_parse(const char *text, struct ares_addr_port_node *server);

#endif
