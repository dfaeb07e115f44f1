/*
 * passivetotal.c: what PassiveTotal knows of a host, a certificate or whoever
 * has registered domains.
 */
#include "row_of.h"

#define NOT_FOUND 404
#define QUOTA "quota_exceeded" /* how its message begins */

static const struct misp_service passivetotal_service = {
    .name = "PassiveTotal",
    .url = "https://api.passivetotal.org/v2",
    .failures = MISP_FAILURES({429, "API quota exceeded."}),
};

/* A row: its types, and where in a reply its values are. */
struct row {
	const char *const *types;
	const char *path;
	size_t length; /* of the values that belong there; 0: any */
};

#define ROWS(...) ((const struct row[]){__VA_ARGS__, {0}})
#define ADDRESS MISP_TYPES("ip-src", "ip-dst")
#define HOST MISP_TYPES("domain", "hostname")

/* What is asked, and which rows that gives. */
struct question {
	const char *path[4]; /* ends with NULL */
	const char *parameter[2];
	const struct row *rows;
};

static const struct question addresses = {{"dns", "passive", "unique"},
					  .rows = ROWS({ADDRESS, "results"})};

static const struct question names = {{"dns", "passive", "unique"},
				      .rows = ROWS({HOST, "results"})};

static const struct question whois = {
    {"whois"},
    {"compact_record", "True"},
    ROWS({MISP_TYPES("whois-registrant-email"), "contactEmail"},
	 {MISP_TYPES("whois-registrant-phone"), "compact.telephone.raw"},
	 {MISP_TYPES("whois-registrant-name"), "compact.name.raw"},
	 {MISP_TYPES("whois-registrar"), "registrar"},
	 {MISP_TYPES("whois-creation-date"), "registered"})};

static const struct question history = {
    {"ssl-certificate", "history"},
    .rows = ROWS({ADDRESS, "results.ipAddresses"},
		 {MISP_TYPES("x509-fingerprint-sha1"), "results.sha1"},
		 {HOST, "results.domains"})};

static const struct question osint = {
    {"enrichment", "osint"},
    .rows = ROWS({MISP_TYPES("link"), "results.sourceUrl"})};

static const struct question malware = {
    {"enrichment", "malware"},
    .rows = ROWS({MISP_TYPES("link"), "results.sourceUrl"},
		 {MISP_TYPES("md5"), "results.sample", 32},
		 {MISP_TYPES("sha1"), "results.sample", 40},
		 {MISP_TYPES("sha256"), "results.sample", 64})};

/* What becomes of a certificate's details is all their values. */
static const struct question certificate = {
    {"ssl-certificate"}, .rows = ROWS({MISP_TYPES("text"), "values"})};

/* Domains by the field of their whois in which the value is. */
#define REGISTERED(field)                                                      \
	&(const struct question)                                               \
	{                                                                      \
		{"whois", "search"}, {"field", field},                         \
		    ROWS({MISP_TYPES("hostname", "domain"), "results.domain"}) \
	}

#define QUESTIONS 5

static const struct plan {
	const char *type;
	const struct question *questions[QUESTIONS];
} plans[] = {
    {"hostname", {&addresses, &whois, &history, &osint, &malware}},
    {"domain", {&addresses, &whois, &history, &osint, &malware}},
    {"ip-src", {&names, &whois, &history, &osint, &malware}},
    {"ip-dst", {&names, &whois, &history, &osint, &malware}},
    {"x509-fingerprint-sha1", {&certificate, &history}},
    {"email-src", {REGISTERED("email")}},
    {"email-dst", {REGISTERED("email")}},
    {"target-email", {REGISTERED("email")}},
    {"whois-registrant-email", {REGISTERED("email")}},
    {"whois-registrant-phone", {REGISTERED("phone")}},
    {"whois-registrant-name", {REGISTERED("name")}},
};

static const struct plan *plan_of(const char *type)
{
	for (size_t i = 0; i < sizeof(plans) / sizeof(*plans); i++)
		if (strcmp(plans[i].type, type) == 0)
			return &plans[i];
	return NULL;
}

/* A certificate's details: all their values in one list, whatever they are
 * called. */
static json_t *certificate_values(struct misp_query *query, json_t *json)
{
	json_t *values = json_array();
	json_t *details =
	    misp_at(json, "results") ? misp_at(json, "results.0") : json;
	const char *name;
	json_t *value;
	json_object_foreach (details, name, value) {
		json_array_append(values, value);
	}
	return misp_keep(query, json_pack("{s:o}", "values", values));
}

/* The service no longer runs; an endpoint of one's own may. */
static void *passivetotal_closed(struct misp_query *query)
{
	const char *failure = misp_text(query, "%s", misp_failure(query));
	misp_forget(query);
	return misp_fail(query,
			 "%s (PassiveTotal was closed by its operator; the "
			 "module's endpoint can be set to another service with "
			 "its API)",
			 failure ? failure : passivetotal_service.name);
}

static const char *error_words(struct misp_query *query, const json_t *error)
{
	const char *message = misp_text_at(query, error, "message");
	const char *more = misp_text_at(query, error, "developer_message");
	if (message && more)
		return misp_text(query, "%s - %s", message, more);
	return message ? message : "no reason given";
}

/* Fails when the reply is none to go on with. */
static bool passivetotal_check(struct misp_query *query, struct misp_http *http,
			       const struct misp_reply *reply,
			       const json_t *json)
{
	const char *message = misp_text_at(query, json, "message");
	const json_t *error = misp_at(json, "error");
	bool refused = reply->status == 401 || reply->status == 403;
	if (message && strncmp(message, QUOTA, strlen(QUOTA)) == 0)
		misp_fail(query, "API quota exceeded.");
	else if (error && !refused)
		misp_fail(query, "We hit an error, time to bail! (%s)",
			  error_words(query, error));
	else if (reply->status < 200 || reply->status > 299)
		misp_http_fail(http, reply);
	else if (!json_is_object(json))
		misp_fail(query, "PassiveTotal answered with something else "
				 "than was asked for");
	return !misp_failure(query);
}

/* Returns whether to go on. */
static bool passivetotal_ask(struct misp_query *query, json_t *rows,
			     const char *value, const struct question *question)
{
	struct misp_http *http = misp_http(query, &passivetotal_service);
	misp_http_path_of(http, question->path);
	misp_http_parameter(http, "query", value);
	if (question->parameter[0])
		misp_http_parameter(http, question->parameter[0],
				    question->parameter[1]);
	misp_http_basic(http, misp_setting(query, "username"),
			misp_setting(query, "api_key"));
	misp_http_header(http, "PT-INTEGRATION", "MISP");
	const struct misp_reply *reply = misp_http_send(http);
	if (!reply)
		return passivetotal_closed(query);
	if (reply->status == NOT_FOUND)
		return true;
	json_t *json = misp_reply_json(query, reply);
	if (!passivetotal_check(query, http, reply, json))
		return false;
	if (question == &certificate)
		json = certificate_values(query, json);
	for (const struct row *row = question->rows; row->types; row++)
		row_of(query, rows, row->types, json, row->path, row->length);
	return true;
}

static json_t *passivetotal_query(struct misp_query *query)
{
	const char *username = misp_setting(query, "username");
	const char *key = misp_setting(query, "api_key");
	if (!username && !key && !misp_has_config(query))
		return misp_fail(query,
				 "Configuration is missing from the request.");
	if (!username || !key)
		return misp_fail(query,
				 "PassiveTotal authentication is missing.");
	const char *type = NULL;
	const char *value = misp_input(query, &type);
	const struct plan *plan = value ? plan_of(type) : NULL;
	if (!plan)
		return misp_fail(query, "Unsupported query pattern issued.");
	json_t *rows = misp_rows();
	for (size_t i = 0; i < QUESTIONS && plan->questions[i]; i++)
		if (!passivetotal_ask(query, rows, value, plan->questions[i]))
			break;
	if (json_array_size(rows) == 0)
		misp_fail(query, "PassiveTotal has nothing about %s", value);
	return misp_finish(query, rows);
}

/* Given, and taken in this order. */
#define TYPES                                                              \
	"hostname", "domain", "ip-src", "ip-dst", "x509-fingerprint-sha1", \
	    "email-src", "email-dst", "target-email",                      \
	    "whois-registrant-email", "whois-registrant-phone", "text",    \
	    "whois-registrant-name", "whois-registrar", "whois-creation-date"

MISP_MODULE(
    passivetotal, .types = MISP_EXPANSION | MISP_HOVER,
    .query = passivetotal_query, .title = "PassiveTotal Lookup",
    .version = "1.0", .author = "MISP modules FastCGI server",
    .description = "Asks PassiveTotal about a host, a certificate, or whoever "
		   "has registered domains. Its operator has closed it: this "
		   "is for another service with its API.",
    .logo = "passivetotal.png",
    .features = "A host: passive DNS, whois, certificates, publications and "
		"malware. A certificate: its details and where it was seen. A "
		"registrant: the domains.",
    .input_text = "A host name, domain, IP address, SHA-1 fingerprint of a "
		  "certificate, or a registrant's e-mail address, phone "
		  "number or name.",
    .output_text = "What was found, by the types that fit it.",
    .references = MISP_LIST("https://www.passivetotal.org/register"),
    .input = MISP_LIST(TYPES),
    .output = MISP_LIST(TYPES, "md5", "sha1", "sha256", "link"),
    .settings = MISP_SETTINGS({"username", "Name of an account", NULL},
			      {"api_key", "Its key for the API", NULL}),
    .services = MISP_SERVICES(&passivetotal_service));
