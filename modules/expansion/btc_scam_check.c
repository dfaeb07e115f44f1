/*
 * btc_scam_check.c: whether a Bitcoin address is known from scams.
 */
#include "misp-module.h"

#include <string.h>

#define LIST "bl.btcblack.it"
#define LABEL_LENGTH 63 /* of a part of a name in DNS */

/* All the texts the list has for the address, as one. */
static const char *joined(struct misp_query *query, const json_t *answers)
{
	const char *text = NULL;
	size_t i;
	const json_t *answer;
	json_array_foreach (answers, i, answer) {
		misp_append(query, &text, " - ", json_string_value(answer));
	}
	return text;
}

/* What is known of an address, as text; NULL after misp_fail. */
static const char *verdict_on(struct misp_query *query, const char *address)
{
	if (strlen(address) > LABEL_LENGTH)
		return misp_text(
		    query, "%s is probably not a valid BTC address.", address);
	const char *listed = misp_text(query, "%s." LIST, address);
	json_t *answers = NULL;
	enum misp_dns_status status =
	    listed ? misp_dns(query, listed, MISP_DNS_TXT, NULL, &answers)
		   : MISP_DNS_ERROR;
	if (status == MISP_DNS_NXDOMAIN)
		return misp_text(query, "%s is not known as a scam address.",
				 address);
	if (status != MISP_DNS_OK)
		return misp_fail(query, LIST ": %s", misp_dns_message(query));
	return joined(query, answers);
}

static json_t *btc_scam_check_query(struct misp_query *query)
{
	const char *address = misp_input(query, NULL);
	if (!address)
		return misp_fail(query, "Unsupported attributes type");
	const char *verdict = verdict_on(query, address);
	if (!verdict)
		return NULL;
	json_t *rows = misp_rows();
	misp_row(rows, MISP_TYPES("text"), verdict);
	return rows;
}

MISP_MODULE(
    btc_scam_check, .types = MISP_HOVER, .query = btc_scam_check_query,
    .title = "BTC Scam Check", .version = "0.1",
    .author = "MISP modules FastCGI server",
    .description = "Asks BTC Black's list whether a Bitcoin address is known "
		   "from scams.",
    .features = "The list is asked over DNS.",
    .input_text = "A Bitcoin address.",
    .output_text = "What is known of it, as text.",
    .references = MISP_LIST("https://btcblack.it/"), .input = MISP_LIST("btc"),
    .output = MISP_LIST("text"), .hosts = MISP_LIST(LIST));
