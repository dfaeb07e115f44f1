/*
 * securitytrails.c: what SecurityTrails knows of a domain and its past, and
 * the domains at an IP address.
 */
#include "securitytrails.h"

#define DNS_FAILURE " Error in expand History DNS"

static const struct misp_service securitytrails_service = {
    .name = "SecurityTrails",
    .url = "https://api.securitytrails.com/v1",
    .failures = MISP_FAILURES({403, "Access Forbidden"}),
};

/* What is asked about a domain, in this order. */
static const struct question {
	const char *about;
	const char *path[3]; /* behind the domain */
	void (*read)(const struct trails *trails, const json_t *json);
	const char *failure; /* what a failure ends with; NULL: it is none */
} questions[] = {
    {"domain", {NULL}, trails_read_domain, " Error DNS result"},
    {"domain",
     {"subdomains"},
     trails_read_subdomains,
     " Error subdomains result"},
    {"domain", {"whois"}, trails_read_whois, NULL},
    {"history", {"dns", "a"}, trails_read_past_dns, " Error history ipv4"},
    {"history", {"dns", "aaaa"}, trails_read_past_dns, " Error history ipv4"},
    {"history", {"dns", "ns"}, trails_read_past_dns, DNS_FAILURE},
    {"history", {"dns", "soa"}, trails_read_past_dns, DNS_FAILURE},
    {"history", {"dns", "mx"}, trails_read_past_dns, DNS_FAILURE},
    {"history",
     {"whois"},
     trails_read_past_whois,
     " Error in expand History Whois"},
};

static const struct question search = {"search",
				       {"list"},
				       trails_read_search,
				       " Error in expand searching domain"};

/* The same failure with words before and after it. */
static void *fail_around(struct misp_query *query, const char *before,
			 const char *after)
{
	const char *failure =
	    misp_text(query, "%s%s%s", before, misp_failure(query), after);
	if (!failure)
		return NULL;
	misp_forget(query);
	return misp_fail(query, "%s", failure);
}

/* The reply's JSON object; NULL after misp_fail. */
static json_t *securitytrails_fetch(struct misp_query *query,
				    struct misp_http *http)
{
	misp_http_header(http, "apikey", misp_setting(query, "apikey"));
	const struct misp_reply *reply = misp_http_send(http);
	if (!reply)
		return fail_around(query, "Unable to connect DNSTrail ", "");
	if (reply->status == 404)
		return misp_fail(query, "Page Not found %s", reply->url);
	if (reply->status < 200 || reply->status > 299)
		return misp_http_fail(http, reply);
	json_t *json = misp_reply_json(query, reply);
	if (!json)
		return misp_fail(query, "Unable to parse JSON that "
					"SecurityTrails has sent");
	if (json_object_size(json) == 0)
		return misp_fail(query, "Error API");
	return json;
}

/* Returns whether to go on. */
static bool securitytrails_ask(struct trails *trails,
			       const struct question *question,
			       const char *family)
{
	struct misp_query *query = trails->query;
	struct misp_http *http = misp_http(query, &securitytrails_service);
	trails->record = question->path[1];
	misp_http_path(http, question->about);
	if (!family)
		misp_http_path(http, trails->value);
	misp_http_path_of(http, question->path);
	if (family)
		misp_http_json(http, json_pack("{s:{s:s}}", "filter", family,
					       trails->value));
	const json_t *json = securitytrails_fetch(query, http);
	if (json)
		question->read(trails, json);
	else if (question->failure)
		return fail_around(query, "", question->failure);
	else
		misp_forget(query);
	return true;
}

static json_t *securitytrails_query(struct misp_query *query)
{
	if (!misp_setting_or(query, "apikey",
			     "SecurityTrails authentication is missing"))
		return NULL;
	const char *ip = misp_value(query, "ip-src", "ip-dst");
	const char *domain = misp_value(query, "domain", "hostname");
	if (!ip && !domain)
		return misp_fail(query, "Unsupported attributes types");
	struct trails trails = {query, ip ? ip : domain, misp_rows(), NULL};
	if (ip)
		securitytrails_ask(&trails, &search,
				   misp_ip_version(ip) == 6 ? "ipv6" : "ipv4");
	for (size_t i = 0; !ip && i < sizeof(questions) / sizeof(*questions);
	     i++)
		if (!securitytrails_ask(&trails, &questions[i], NULL))
			break;
	if (json_array_size(trails.rows) == 0)
		misp_fail(query, "SecurityTrails has nothing about %s",
			  trails.value);
	return misp_finish(query, trails.rows);
}

MISP_MODULE(
    securitytrails, .types = MISP_EXPANSION | MISP_HOVER,
    .query = securitytrails_query, .title = "SecurityTrails Lookup",
    .version = "1", .author = "MISP modules FastCGI server",
    .description = "Asks SecurityTrails about a domain and its past, or which "
		   "domains are at an IP address.",
    .logo = "securitytrails.png",
    .features = "A domain takes nine questions, each of which counts for the "
		"quota, and needs a plan with the history: when one of them "
		"fails, so does the query.",
    .input_text = "A host name, domain or IP address.",
    .output_text = "Names, IP addresses and registrants, now and in the past.",
    .references = MISP_LIST("https://securitytrails.com/"),
    .input = MISP_LIST("hostname", "domain", "ip-src", "ip-dst"),
    .output = MISP_LIST("hostname", "domain", "ip-src", "ip-dst",
			"dns-soa-email", "whois-registrant-email",
			"whois-registrant-phone", "whois-registrant-name",
			"whois-registrar", "whois-creation-date"),
    .settings = MISP_SETTINGS({"apikey", "Key for the API", NULL}),
    .services = MISP_SERVICES(&securitytrails_service));
