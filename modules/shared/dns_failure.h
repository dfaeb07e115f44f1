/*
 * dns_failure.h: says why a DNS lookup gave nothing, in the words that clients
 * of these modules match on.
 */
#ifndef MODULES_DNS_FAILURE_H
#define MODULES_DNS_FAILURE_H

#include "misp-module.h"

/* Always NULL; no_answer is the message for a name without such records. */
static inline json_t *dns_failure(struct misp_query *query,
				  enum misp_dns_status status,
				  const char *no_answer)
{
	switch (status) {
	case MISP_DNS_NXDOMAIN:
		return misp_fail(query, "NXDOMAIN");
	case MISP_DNS_TIMEOUT:
		return misp_fail(query, "Timeout");
	case MISP_DNS_NO_ANSWER:
		return misp_fail(query, "%s", no_answer);
	case MISP_DNS_OK:
	case MISP_DNS_ERROR:
		break;
	}
	return misp_fail(query, "DNS resolving error: %s",
			 misp_dns_message(query));
}

#endif
