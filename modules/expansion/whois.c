/*
 * whois.c: what a whois server of one's own says of a domain or address.
 */
#include "misp-module.h"

#define PORT "4243" /* uwhoisd's */

/* The question as the protocol wants it, a line; NULL after misp_fail. */
static const char *question(struct misp_query *query, const char *value)
{
	for (const char *c = value; *c; c++)
		if ((unsigned char)*c < ' ')
			return misp_fail(query, "A domain or IP address has no "
						"line breaks");
	return misp_text(query, "%s\n", value);
}

static json_t *whois_query(struct misp_query *query)
{
	const char *value = misp_value(query, "domain", "ip-src", "ip-dst");
	if (!value)
		return misp_fail(query, "Unsupported attributes type");
	const char *server = misp_setting_or(
	    query, "server", "Whois local instance address is missing");
	const char *text = server ? question(query, value) : NULL;
	if (!text)
		return NULL;
	const char *port = misp_setting(query, "port");
	const struct misp_reply *reply = misp_exchange(
	    query, "Whois server", server, port ? port : PORT, text, 0);
	if (!reply)
		return NULL;
	if (reply->size == 0)
		return misp_fail(query, "The whois server knows nothing of %s",
				 value);
	json_t *rows = misp_rows();
	misp_row(rows, MISP_TYPES("freetext"), (const char *)reply->bytes);
	return rows;
}

MISP_MODULE(
    whois, .types = MISP_EXPANSION, .query = whois_query,
    .title = "Whois Lookup", .version = "0.4",
    .author = "MISP modules FastCGI server",
    .description = "Asks a whois server of your own, such as uwhoisd, about a "
		   "domain or IP address.",
    .features = "The server's whole answer is given to MISP as free text.",
    .input_text = "A domain or IP address.",
    .output_text = "What the whois server says, as free text.",
    .references = MISP_LIST("https://github.com/Lookyloo/uwhoisd"),
    .input = MISP_LIST("domain", "ip-src", "ip-dst"),
    .output = MISP_LIST("freetext"),
    .settings = MISP_SETTINGS({"server", "Host of the whois server", NULL},
			      {"port", "Its port; 4243 when not set", NULL}));
