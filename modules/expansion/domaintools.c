/*
 * domaintools.c: what DomainTools knows of a domain, an address or whoever
 * has registered domains.
 */
#include "domaintools.h"

#include <string.h>

static const struct misp_service domaintools_service = {
    .name = "DomainTools",
    .url = "https://api.domaintools.com/v1",
};

/* In the order in which they are given to MISP. */
static const char *const *const types[DOMAINTOOLS_KINDS] = {
    [DOMAINTOOLS_EMAIL] = MISP_TYPES("whois-registrant-email"),
    [DOMAINTOOLS_PHONE] = MISP_TYPES("whois-registrant-phone"),
    [DOMAINTOOLS_NAME] = MISP_TYPES("whois-registrant-name"),
    [DOMAINTOOLS_REGISTRAR] = MISP_TYPES("whois-registrar"),
    [DOMAINTOOLS_CREATED] = MISP_TYPES("whois-creation-date"),
    [DOMAINTOOLS_IP] = MISP_TYPES("ip-dst", "ip-src"),
    [DOMAINTOOLS_DOMAIN] = MISP_TYPES("domain"),
};

/* What is asked about a value of some types. */
static const struct question {
	const char *const *types;
	const char *path[2]; /* behind the value, if that is no parameter */
	const char *parameter;
	const char *more[2][2];
	void (*read)(struct domaintools *found, const json_t *json);
} questions[] = {
    {MISP_TYPES("domain"), {"whois", "parsed"}, .read = domaintools_read_whois},
    {MISP_TYPES("domain"), {NULL}, .read = domaintools_read_profile},
    {MISP_TYPES("domain"),
     {"reputation"},
     "domain",
     {{"include_reasons", "true"}},
     domaintools_read_reputation},
    {MISP_TYPES("domain"), {"reverse-ip"}, .read = domaintools_read_addresses},
    {MISP_TYPES("email-src", "email-dst", "target-email",
		"whois-registrant-email", "whois-registrant-name",
		"whois-registrant-phone"),
     {"reverse-whois"},
     "terms",
     {{"scope", "current"}, {"mode", "purchase"}},
     domaintools_read_reverse_whois},
    {MISP_TYPES("ip-src", "ip-dst"),
     {"host-domains"},
     .read = domaintools_read_addresses},
};

#define QUESTIONS (sizeof(questions) / sizeof(*questions))

static bool is_listed(const char *const *list, const char *type)
{
	while (*list && strcmp(*list, type) != 0)
		list++;
	return *list != NULL;
}

/* Who asks. */
struct account {
	const char *username;
	const char *key;
};

/* Returns whether it makes sense to ask more. */
static bool ask(struct domaintools *found, const struct account *account,
		const struct question *question)
{
	struct misp_query *query = found->query;
	struct misp_http *http = misp_http(query, &domaintools_service);
	if (question->parameter)
		misp_http_path(http, question->path[0]);
	else
		misp_http_path(http, found->value, question->path[0],
			       question->path[1]);
	misp_http_parameter(http, "api_username", account->username);
	misp_http_parameter(http, "api_key", account->key);
	if (question->parameter)
		misp_http_parameter(http, question->parameter, found->value);
	for (size_t i = 0; i < 2 && question->more[i][0]; i++)
		misp_http_parameter(http, question->more[i][0],
				    question->more[i][1]);
	const struct misp_reply *reply = misp_http_send(http);
	if (!reply)
		return false;
	if (reply->status < 200 || reply->status > 299)
		misp_http_fail(http, reply);
	const json_t *json = misp_at(misp_reply_json(query, reply), "response");
	const char *error = misp_text_at(query, json, "error.message");
	if (json_is_true(misp_at(json, "limit_exceeded")))
		error = misp_text_at(query, json, "message");
	if (error)
		misp_fail(query, "DomainTools: %s", error);
	/* Half an answer comes with an error. */
	if (json_is_object(json))
		question->read(found, json);
	else
		misp_fail(query, "DomainTools answered with something else "
				 "than was asked for");
	return reply->status != 401 && reply->status != 429;
}

static json_t *rows_of(const struct domaintools *found)
{
	json_t *rows = misp_rows();
	for (size_t kind = 0; kind < DOMAINTOOLS_KINDS; kind++) {
		const char *value;
		json_t *comment;
		json_object_foreach (found->found[kind], value, comment) {
			misp_comment(misp_row(rows, types[kind], value), "%s",
				     json_string_value(comment));
		}
	}
	misp_comment(misp_row(rows, MISP_TYPES("freetext"), found->record),
		     "Freetext import");
	misp_comment(misp_row(rows, MISP_TYPES("text"), found->risk),
		     "Risk value of %s (via Domain Tools), Reasons: %s",
		     found->value, found->reasons ? found->reasons : "");
	return rows;
}

/* Asks all questions about the type. What one of them fails with matters when
 * the others find nothing either. */
static json_t *domaintools_ask(struct domaintools *found, const char *type,
			       const struct account *account)
{
	for (size_t i = 0; i < QUESTIONS; i++)
		if (is_listed(questions[i].types, type) &&
		    !ask(found, account, &questions[i]))
			break;
	json_t *rows = rows_of(found);
	if (json_array_size(rows) > 0)
		misp_forget(found->query);
	else
		misp_fail(found->query, "DomainTools has nothing about %s",
			  found->value);
	return misp_finish(found->query, rows);
}

static json_t *domaintools_query(struct misp_query *query)
{
	const char *type = NULL;
	struct domaintools found = {.query = query};
	found.value = misp_input(query, &type);
	if (!found.value)
		return misp_fail(query, "Unsupported attributes type");
	struct account account = {misp_setting(query, "username"),
				  misp_setting(query, "api_key")};
	if (!account.username || !account.key) {
		bool missing = !account.username && !account.key &&
			       !misp_has_config(query);
		return misp_fail(query, "DomainTools authentication is %s",
				 missing ? "missing" : "incomplete");
	}
	for (size_t kind = 0; kind < DOMAINTOOLS_KINDS; kind++)
		found.found[kind] = misp_keep(query, json_object());
	return domaintools_ask(&found, type, &account);
}

MISP_MODULE(
    domaintools, .types = MISP_EXPANSION | MISP_HOVER,
    .query = domaintools_query, .title = "DomainTools Lookup", .version = "0.1",
    .author = "MISP modules FastCGI server",
    .description = "Asks DomainTools about a domain, an IP address, or whoever "
		   "has registered domains.",
    .logo = "domaintools.png",
    .features = "A domain: its whois, profile, risk and neighbours. An IP "
		"address: the domains on it. An e-mail address, name or phone "
		"number: the domains registered with it, for which DomainTools "
		"may charge.",
    .input_text = "A domain, an IP address, or the e-mail address, name or "
		  "phone number of a registrant.",
    .output_text = "Registrants, registrar and dates, IP addresses and "
		   "domains, the whois record, and the risk as text.",
    .references = MISP_LIST("https://www.domaintools.com/"),
    .input = MISP_LIST("domain", "email-src", "email-dst", "target-email",
		       "whois-registrant-email", "whois-registrant-name",
		       "whois-registrant-phone", "ip-src", "ip-dst"),
    .output = MISP_LIST("whois-registrant-email", "whois-registrant-phone",
			"whois-registrant-name", "whois-registrar",
			"whois-creation-date", "freetext", "domain"),
    .settings = MISP_SETTINGS({"username", "Name for the API", NULL},
			      {"api_key", "Key for the API", NULL}),
    .services = MISP_SERVICES(&domaintools_service));
