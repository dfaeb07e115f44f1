/*
 * rbl.c: which block lists know an address; all are asked over DNS at once.
 */
#include "misp-module.h"

#include <arpa/inet.h>
#include <stdlib.h>

#define TIMEOUT 400 /* milliseconds */

static const char *const lists[] = {
#include "rbl.def"
};
#define COUNT (sizeof(lists) / sizeof(*lists))

/* The address as the lists name it; NULL after misp_fail. */
static const char *reversed(struct misp_query *query, const char *address)
{
	unsigned char bytes[4];
	if (inet_pton(AF_INET, address, bytes) != 1)
		return misp_fail(query, "Only an IPv4 address can be looked up "
					"in these lists");
	return misp_text(query, "%u.%u.%u.%u", bytes[3], bytes[2], bytes[1],
			 bytes[0]);
}

/* A text in quotation marks, with those in it marked as such. */
static const char *quoted(struct misp_query *query, const json_t *text)
{
	return misp_defer(query, json_dumps(text, JSON_ENCODE_ANY), free);
}

static void add_answers(struct misp_query *query,
			const struct misp_dns_question *question,
			const char **text)
{
	const char *words = NULL;
	size_t i;
	const json_t *answer;
	json_array_foreach (question->answers, i, answer) {
		misp_append(query, &words, "  -  ", quoted(query, answer));
	}
	misp_append(
	    query, text, "\n",
	    misp_text(query, "%s: %s", question->name, words ? words : ""));
}

static json_t *rbl_query(struct misp_query *query)
{
	struct misp_dns_question questions[COUNT] = {0};
	const char *text = NULL;
	const char *address = misp_value(query, "ip-src", "ip-dst");
	if (!address)
		return misp_fail(query, "Unsupported attributes type");
	const char *name = reversed(query, address);
	if (!name)
		return NULL;
	for (size_t i = 0; i < COUNT; i++) {
		questions[i].type = MISP_DNS_TXT;
		questions[i].name = misp_text(query, "%s.%s", name, lists[i]);
		if (!questions[i].name)
			return NULL;
	}
	misp_dns_all(query, questions, COUNT, NULL,
		     misp_setting_seconds(query, "timeout", TIMEOUT));
	bool answered = false;
	for (size_t i = 0; i < COUNT; i++) {
		answered |= questions[i].status < MISP_DNS_TIMEOUT;
		if (questions[i].status == MISP_DNS_OK)
			add_answers(query, &questions[i], &text);
	}
	if (!answered)
		return misp_fail(query,
				 "None of the block lists answered within the "
				 "setting timeout: %s",
				 misp_dns_message(query));
	if (!text)
		return misp_fail(query, "No data found by querying known RBLs");
	json_t *rows = misp_rows();
	misp_row(rows, MISP_TYPES("text"), text);
	return rows;
}

MISP_MODULE(
    rbl, .types = MISP_EXPANSION | MISP_HOVER, .query = rbl_query,
    .title = "Realtime Block Lists", .version = "0.2",
    .author = "MISP modules FastCGI server",
    .description = "Asks the known real-time block lists (RBL) about an IPv4 "
		   "address.",
    .features = "All lists are asked at once over DNS. Several that others "
		"still ask have closed; they only never answer.",
    .input_text = "An IPv4 address.",
    .output_text = "What each list that knows the address says of it.",
    .input = MISP_LIST("ip-src", "ip-dst"), .output = MISP_LIST("text"),
    .settings = MISP_SETTINGS({"timeout", "Seconds to wait for the lists",
			       "0.4"}));
