/*
 * threatfox.c: what threat an indicator stands for, according to ThreatFox.
 */
#include "abuse_ch.h"

#include <string.h>

static const struct misp_service threatfox_service = {
    .name = "ThreatFox", .url = "https://threatfox-api.abuse.ch/api/v1"};

/* MISP's words for a confidence of so many percent or more. */
static const struct {
	json_int_t least;
	const char *tag;
} confidences[] = {
    {90, "misp:confidence-level=\"completely-confident\""},
    {63, "misp:confidence-level=\"usually-confident\""},
    {37, "misp:confidence-level=\"fairly-confident\""},
    {10, "misp:confidence-level=\"rarely-confident\""},
    {0, "misp:confidence-level=\"unconfident\""},
};

static const char *confidence_tag(const json_t *level)
{
	size_t i = 0;
	while (i + 1 < sizeof(confidences) / sizeof(*confidences) &&
	       json_integer_value(level) < confidences[i].least)
		i++;
	return json_is_integer(level) ? confidences[i].tag : NULL;
}

static json_t *threatfox_query(struct misp_query *query)
{
	const char *status;
	const char *key = abuse_ch_key(query);
	const char *value = key ? misp_input(query, NULL) : NULL;
	if (!value)
		return misp_fail(query, "Unsupported attributes type:");
	struct misp_http *http = misp_http(query, &threatfox_service);
	misp_http_json(http, json_pack("{s:s, s:s}", "query", "search_ioc",
				       "search_term", value));
	json_t *reply = abuse_ch_ask(query, http, key, &status);
	if (!reply)
		return NULL;
	json_t *first = misp_at(reply, "data.0");
	const char *threat = misp_text_at(query, first, "threat_type_desc");
	if (strcmp(status, "ok") != 0 || !threat)
		return misp_fail(query, "No results found on ThreatFox (%s)",
				 status);
	json_t *rows = misp_rows();
	json_t *row = misp_row(rows, MISP_TYPES("text"), threat);
	misp_row_tag(row, misp_text_at(query, first, "malware"));
	misp_row_tag(row, misp_text_at(query, first, "malware_printable"));
	misp_row_tag(row, confidence_tag(misp_at(first, "confidence_level")));
	return rows;
}

MISP_MODULE(
    threatfox, .types = MISP_HOVER | MISP_EXPANSION, .query = threatfox_query,
    .title = "ThreatFox", .version = "0.1",
    .author = "MISP modules FastCGI server",
    .description = "Asks abuse.ch's ThreatFox what threat an indicator stands "
		   "for.",
    .input_text = "A hash, domain, URL, e-mail address, or IP and port.",
    .output_text = "The kind of threat, tagged with malware and confidence.",
    .references = MISP_LIST("https://threatfox.abuse.ch/"),
    .input = MISP_LIST("md5", "sha1", "sha256", "domain", "url", "email-src",
		       "ip-dst|port", "ip-src|port"),
    .output = MISP_LIST("text"), .settings = ABUSE_CH_SETTINGS,
    .services = MISP_SERVICES(&threatfox_service));
