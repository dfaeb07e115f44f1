/*
 * xposedornot.c: the breaches that an email address is part of, asked from
 * XposedOrNot.
 */
#include "api_reply.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define EMAIL_LENGTH 254
#define DIGITS 18 /* of a number of records */
#define NOT_FOUND "No breach found on XposedOrNot for this email address."

#define XPOSEDORNOT_FAILURES                                              \
	MISP_FAILURES({404, NOT_FOUND},                                   \
		      {429, "XposedOrNot rate limit reached (keyless: 2 " \
			    "requests/second, 25/hour). Retry later or "  \
			    "configure the optional api_key to raise "    \
			    "limits."},                                   \
		      {MISP_OTHERWISE, "XposedOrNot API request failed"})

/* Two services for one question, each with names of its own. */
static const struct source {
	struct misp_service service;
	const char *breaches;
	const char *name;
	const char *date;
} sources[] = {
    {{.name = "XposedOrNot",
      .url = "https://api.xposedornot.com/v1",
      .failures = XPOSEDORNOT_FAILURES},
     "ExposedBreaches.breaches_details",
     "breach",
     "xposed_date"},
    {{.name = "XposedOrNot",
      .url = "https://plus-api.xposedornot.com/v3",
      .failures = XPOSEDORNOT_FAILURES},
     "breaches",
     "breach_id",
     "breached_date"},
};
enum { FREE, PLUS };

/* Without white space around it, in lower case; NULL after misp_fail. */
static const char *email_clean(struct misp_query *query, const char *value)
{
	static const char white[] = " \t\r\n\f\v";
	value += strspn(value, white);
	size_t length = strlen(value);
	while (length > 0 && strchr(white, value[length - 1]))
		length--;
	if (!memchr(value, '@', length) || length > EMAIL_LENGTH)
		return misp_fail(query, "The provided attribute value is not a "
					"valid email address.");
	char *email = misp_text(query, "%.*s", (int)length, value);
	for (char *at = email; at && *at; at++)
		*at = (char)tolower((unsigned char)*at);
	return email;
}

static const json_t *breaches_fetch(struct misp_query *query,
				    const struct source *source,
				    const char *email, const char *key)
{
	struct misp_http *http = misp_http(query, &source->service);
	if (key) {
		misp_http_path(http, "check-email", email);
		misp_http_parameter(http, "detailed", "true");
		misp_http_header(http, "x-api-key", key);
	} else {
		misp_http_path(http, "breach-analytics");
		misp_http_parameter(http, "email", email);
	}
	const struct misp_reply *reply = misp_http_send(http);
	if (reply && (reply->status == 404 || reply->status == 429))
		return misp_http_fail(http, reply);
	const json_t *json = api_reply_json(query, reply, "XposedOrNot");
	return json_is_array(json) ? api_reply_invalid(query, "XposedOrNot")
				   : json;
}

/* "1,234 records"; NULL for what is no number. */
static const char *records_text(struct misp_query *query, const json_t *breach)
{
	const char *digits = misp_text_at(query, breach, "xposed_records");
	size_t length = digits ? strspn(digits, "0123456789") : 0;
	if (length == 0 || length > DIGITS || digits[length])
		return NULL;
	const char *text =
	    misp_text(query, "%.*s", (int)((length - 1) % 3 + 1), digits);
	for (size_t at = (length - 1) % 3 + 1; text && at < length; at += 3)
		text = misp_text(query, "%s,%.3s", text, digits + at);
	return text ? misp_text(query, "%s records", text) : NULL;
}

/* "Emails;Names" as "Emails; Names". */
static const char *classes_text(struct misp_query *query, const json_t *breach)
{
	const char *classes = misp_text_at(query, breach, "xposed_data");
	char *text =
	    classes ? misp_alloc(query, 2 * strlen(classes) + 1) : NULL;
	for (char *out = text; out && *classes; classes++) {
		*out++ = *classes;
		if (*classes == ';')
			*out++ = ' ';
	}
	return text;
}

/* "Yes", or a boolean: what is not verified is not mentioned. */
static const char *verified_text(struct misp_query *query, const json_t *breach)
{
	const json_t *verified = misp_at(breach, "verified");
	if (json_is_boolean(verified))
		return json_is_true(verified) ? "True" : NULL;
	return misp_text_at(query, breach, "verified");
}

static const char *comment_text(struct misp_query *query,
				const struct source *source,
				const json_t *breach)
{
	const struct {
		const char *label;
		const char *text;
	} parts[] = {
	    {"breached: ", misp_text_at(query, breach, source->date)},
	    {"", records_text(query, breach)},
	    {"domain: ", misp_text_at(query, breach, "domain")},
	    {"exposed: ", classes_text(query, breach)},
	    {"password risk: ", misp_text_at(query, breach, "password_risk")},
	    {"verified: ", verified_text(query, breach)},
	};
	const char *comment = NULL;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (parts[i].text && *parts[i].text)
			misp_append(query, &comment, " | ",
				    misp_text(query, "%s%s", parts[i].label,
					      parts[i].text));
	return comment;
}

static void add_text(json_t *results, const char *value, const char *comment)
{
	json_t *attribute = misp_add_attribute(results, "text", value);
	if (comment)
		misp_comment(attribute, "%s", comment);
	misp_set(attribute, "disable_correlation", json_true());
}

static const char *summary_text(struct misp_query *query,
				const struct source *source,
				const json_t *breaches, const char *risk)
{
	long first = 0, latest = 0;
	size_t index, count = 0;
	json_t *breach;
	json_array_foreach (breaches, index, breach) {
		count += json_is_object(breach);
		const char *date = misp_text_at(query, breach, source->date);
		if (!date || strspn(date, "0123456789") < 4)
			continue;
		const char *digits = misp_text(query, "%.4s", date);
		long year = digits ? strtol(digits, NULL, 10) : 0;
		first = !first || year < first ? year : first;
		latest = year > latest ? year : latest;
	}
	const char *years =
	    first ? misp_text(query, ", first: %ld, latest: %ld", first, latest)
		  : "";
	if (count == 0)
		return misp_fail(query, NOT_FOUND);
	return misp_text(query,
			 "Email exposed in %zu data breach%s (XposedOrNot)"
			 "%s%s%s",
			 count, count == 1 ? "" : "es", years ? years : "",
			 risk ? ", risk: " : "", risk ? risk : "");
}

static json_t *xposedornot_query(struct misp_query *query)
{
	const struct misp_attribute *attribute =
	    misp_attribute_or(query, "Unsupported attribute type.");
	const char *email =
	    attribute ? email_clean(query, attribute->value) : NULL;
	if (!email)
		return NULL;
	const char *key = misp_setting(query, "api_key");
	const struct source *source = &sources[key ? PLUS : FREE];
	const json_t *reply = breaches_fetch(query, source, email, key);
	if (!reply)
		return NULL;
	const json_t *breaches = misp_at(reply, source->breaches);
	const char *risk = json_string_value(
	    key ? NULL : misp_at(reply, "BreachMetrics.risk.0.risk_label"));
	json_t *results = misp_standard();
	add_text(results, summary_text(query, source, breaches, risk),
		 "XposedOrNot breach exposure summary");
	size_t index;
	json_t *breach;
	json_array_foreach (breaches, index, breach) {
		add_text(results, misp_text_at(query, breach, source->name),
			 comment_text(query, source, breach));
	}
	return misp_finish(query, results);
}

MISP_MODULE(
    xposedornot, .types = MISP_EXPANSION | MISP_HOVER, .format = MISP_STANDARD,
    .query = xposedornot_query, .title = "XposedOrNot Lookup", .version = "1.0",
    .author = "MISP modules FastCGI server",
    .description = "Tells in which known breaches an email address was found, "
		   "and what of it became known.",
    .logo = "xposedornot.png",
    .features = "Without a key the free API is asked, which allows 25 "
		"questions an hour; with one, the Plus API.",
    .input_text = "An email address.",
    .output_text = "A summary, and a text attribute for each breach.",
    .references = MISP_LIST("https://xposedornot.com",
			    "https://api.xposedornot.com/docs"),
    .input = MISP_LIST("email", "email-src", "email-dst", "target-email",
		       "whois-registrant-email"),
    .output = MISP_LIST("text"),
    .settings = MISP_SETTINGS({"api_key", "Key of the Plus API", NULL}),
    .services = MISP_SERVICES(&sources[FREE].service, &sources[PLUS].service));
