/*
 * dns.h: the two halves of a DNS query: asking (dns.c), reading the reply
 * (dns_reply.c).
 */
#ifndef MISP_SDK_DNS_H
#define MISP_SDK_DNS_H

#include "misp-module.h"

/* The number of each enum misp_dns_type on the wire. */
extern const int dns_numbers[];

/*
 * Reads the records of one type from a reply. Returns c-ares' status;
 * *answers, an array of strings (new reference), is set on ARES_SUCCESS only.
 */
int dns_reply_read(enum misp_dns_type type, const unsigned char *reply,
		   int length, json_t **answers);

#endif
