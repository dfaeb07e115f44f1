/*
 * hibp.c: the breaches that an email address is part of, asked from Have I
 * Been Pwned.
 */
#include "misp-module.h"

static const struct misp_service hibp_service = {
    .name = "Have I Been Pwned",
    .url = "https://haveibeenpwned.com/api/v3",
};

static const struct misp_mapping hibp_fields[] = {{"Name", "text"}, {0}};

static json_t *hibp_rows(struct misp_query *query,
			 const struct misp_reply *reply)
{
	const json_t *json = misp_reply_json(query, reply);
	const char *words = json_string_value(misp_at(json, "message"));
	if (reply->status != 200 && reply->status != 404)
		return misp_fail(query,
				 "haveibeenpwned.com API not accessible (HTTP "
				 "%d)%s%s",
				 reply->status, words ? ": " : "",
				 words ? words : "");
	if (reply->status == 200 && !json_is_array(json))
		return misp_fail(query, "Have I Been Pwned answered 200 with "
					"no list of breaches");
	json_t *rows = misp_rows();
	if (misp_map_rows(query, rows, json, hibp_fields) == 0)
		misp_row(rows, MISP_TYPES("text"), "OK (Not Found)");
	return rows;
}

static json_t *hibp_query(struct misp_query *query)
{
	const char *email = misp_value(query, "email-dst", "email-src");
	if (!email)
		return misp_fail(query, "Unsupported attributes type");
	const char *key = misp_setting_or(query, "api_key",
					  "Have I Been Pwned authentication is "
					  "incomplete (no API key)");
	struct misp_http *http = key ? misp_http(query, &hibp_service) : NULL;
	misp_http_path(http, "breachedaccount", email);
	misp_http_header(http, "hibp-api-key", key);
	const struct misp_reply *reply = key ? misp_http_send(http) : NULL;
	return reply ? hibp_rows(query, reply) : NULL;
}

MISP_MODULE(hibp, .types = MISP_HOVER, .query = hibp_query,
	    .title = "Have I Been Pwned Lookup", .version = "0.2",
	    .author = "MISP modules FastCGI server",
	    .description = "Tells in which known breaches an email address "
			   "was found.",
	    .logo = "hibp.png", .input_text = "An email address.",
	    .output_text = "The names of the breaches.",
	    .references = MISP_LIST("https://haveibeenpwned.com/"),
	    .input = MISP_LIST("email-dst", "email-src"),
	    .output = MISP_LIST("text"),
	    .settings = MISP_SETTINGS({"api_key", "Key of the API", NULL}),
	    .services = MISP_SERVICES(&hibp_service));
