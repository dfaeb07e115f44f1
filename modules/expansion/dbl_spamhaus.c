/*
 * dbl_spamhaus.c: whether a domain is on Spamhaus' Domain Block List.
 */
#include "misp-module.h"

#include <string.h>

#define LIST "dbl.spamhaus.org"
#define FAILURE "Not able to reach dbl.spamhaus.org or something went wrong"

/* https://www.spamhaus.org/faq/section/Spamhaus%20DBL: what the addresses mean.
 */
static const struct {
	const char *address;
	const char *meaning;
} meanings[] = {
    {"127.0.1.2", "spam domain"},
    {"127.0.1.4", "phish domain"},
    {"127.0.1.5", "malware domain"},
    {"127.0.1.6", "botnet C&C domain"},
    {"127.0.1.102", "abused legit spam"},
    {"127.0.1.103", "abused spammed redirector domain"},
    {"127.0.1.104", "abused legit phish"},
    {"127.0.1.105", "abused legit malware"},
    {"127.0.1.106", "abused legit botnet C&C"},
    {"127.0.1.255", "IP queries prohibited!"},
};

static const char *meaning_of(const char *address)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++)
		if (strcmp(meanings[i].address, address) == 0)
			return meanings[i].meaning;
	return NULL;
}

/* What the list says of a name, as text; NULL after misp_fail. */
static const char *verdict_on(struct misp_query *query, const char *name)
{
	const char *listed = misp_text(query, "%s." LIST, name);
	json_t *answers = NULL;
	enum misp_dns_status status =
	    listed ? misp_dns(query, listed, MISP_DNS_A, NULL, &answers)
		   : MISP_DNS_ERROR;
	if (status == MISP_DNS_NXDOMAIN)
		return misp_text(
		    query, "The DNS query name does not exist: %s.", listed);
	if (status != MISP_DNS_OK)
		return misp_fail(query, FAILURE ": %s",
				 misp_dns_message(query));
	const char *address = json_string_value(json_array_get(answers, 0));
	const char *meaning = meaning_of(address);
	if (!meaning)
		return misp_fail(query,
				 FAILURE ": it answered %s, which says "
					 "nothing about the domain",
				 address);
	return misp_text(query, "%s - %s", name, meaning);
}

static json_t *dbl_spamhaus_query(struct misp_query *query)
{
	const char *value = misp_input(query, NULL);
	if (!value)
		return misp_fail(query, "Unsupported attributes type");
	const char *name = misp_part(query, value, 0);
	const char *verdict = name ? verdict_on(query, name) : NULL;
	if (!verdict)
		return NULL;
	json_t *rows = misp_rows();
	misp_row(rows, MISP_TYPES("text"), verdict);
	return rows;
}

MISP_MODULE(
    dbl_spamhaus, .types = MISP_EXPANSION | MISP_HOVER,
    .query = dbl_spamhaus_query, .title = "DBL Spamhaus", .version = "0.1",
    .author = "MISP modules FastCGI server",
    .description = "Asks Spamhaus' Domain Block List about a domain.",
    .features = "The list is asked over DNS; Spamhaus does not answer the "
		"large public resolvers. Of a pair the name is looked up.",
    .input_text = "A domain or host name.",
    .output_text = "What kind of domain it is, as text.",
    .references = MISP_LIST("https://www.spamhaus.org/blocklists/"),
    .input = MISP_LIST("domain", "domain|ip", "hostname", "hostname|port"),
    .output = MISP_LIST("text"), .hosts = MISP_LIST(LIST));
