/*
 * urlscan_result.c: the result of a scan by urlscan.io as rows.
 */
#include "urlscan_result.h"

#include <string.h>

struct urlscan_result {
	struct misp_query *query;
	const char *value; /* what was scanned */
	const json_t *json;
	json_t *rows;
};

/* What a member of the result becomes; label ends the comment. */
struct urlscan_field {
	const char *path;
	const char *type;
	const char *category;
	const char *label;
};

static const struct urlscan_field page_fields[] = {
    {"page.domain", "domain", "Network activity", " - Domain"},
    {"page.ip", "ip-dst", "Network activity", " - IP"},
    {"page.ptr", "hostname", "Network activity", " - PTR"},
    {0},
};

static const struct urlscan_field more_page_fields[] = {
    {"page.asn", "AS", "External analysis", " - ASN"},
    {"page.asnname", "text", "External analysis", " - ASN name"},
    {"page.tlsIssuer", "text", "External analysis", " - TLS Issuer"},
    {"page.title", "text", "External analysis", " - Page title"},
    {"page.server", "text", "External analysis", " - Server"},
    {0},
};

static const struct urlscan_field task_fields[] = {
    {"task.reportURL", "link", "External analysis", ""},
    {"task.screenshotURL", "link", "External analysis", ""},
    {0},
};

static void add_row(const struct urlscan_result *result, const char *type,
		    const char *category, const char *label, const char *value)
{
	json_t *row = misp_row(result->rows, MISP_TYPES(type), value);
	misp_row_category(row, category);
	misp_comment(row, "%s: Enriched via the urlscan module%s",
		     result->value, label);
}

static void add_text(const struct urlscan_result *result, const char *label,
		     const char *value)
{
	add_row(result, "text", "External analysis", label, value);
}

static void add_fields(const struct urlscan_result *result,
		       const struct urlscan_field *field)
{
	for (; field->path; field++)
		add_row(result, field->type, field->category, field->label,
			misp_text_at(result->query, result->json, field->path));
}

static void add_place(const struct urlscan_result *result)
{
	struct misp_query *query = result->query;
	const char *country = misp_text_at(query, result->json, "page.country");
	const char *city = misp_text_at(query, result->json, "page.city");
	if (country && *country)
		add_text(result, " - Country/City",
			 misp_text(query, "country: %s%s%s", country,
				   city && *city ? ", city: " : "",
				   city ? city : ""));
}

/* What Google Safe Browsing calls the page, each threat once. */
static void add_threats(const struct urlscan_result *result)
{
	static const struct misp_mapping each[] = {
	    {"meta.processors.gsb.data.matches.threatType", "text"}, {0}};
	static const struct misp_mapping joined[] = {
	    {"values", "text", MISP_TO_JOINED}, {0}};
	struct misp_query *query = result->query;
	json_t *threats = misp_keep(query, misp_rows());
	json_t *all = misp_keep(query, misp_rows());
	const json_t *malicious = misp_at(result->json, "stats.malicious");
	if (!json_is_true(malicious) && json_number_value(malicious) <= 0)
		return;
	misp_map_rows(query, threats, result->json, each);
	if (misp_map_rows(query, all, threats, joined) > 0)
		add_text(result, "",
			 misp_text(query, "%s threat(s) detected",
				   misp_text_at(query, all, "0.values.0")));
}

/* Whose sign-in pages phishers like to copy; the first that a URL has in it
 * counts. */
static const struct {
	const char *word;
	const char *theme;
} themes[] = {
    {"office", "Office"},       {"o365", "O365"},     {"0365", "O365"},
    {"microsoft", "Microsoft"}, {"paypal", "PayPal"}, {"onedrive", "OneDrive"},
    {"docusign", "DocuSign"},
};

static const char *theme_of(const char *url)
{
	for (size_t i = 0; url && i < sizeof(themes) / sizeof(*themes); i++)
		if (strcasestr(url, themes[i].word))
			return themes[i].theme;
	return NULL;
}

static void add_themes(const struct urlscan_result *result)
{
	const char *seen = "";
	size_t i;
	json_t *url;
	json_array_foreach (misp_at(result->json, "lists.urls"), i, url) {
		const char *theme = theme_of(json_string_value(url));
		if (!theme || !seen || strstr(seen, theme))
			continue;
		seen = misp_text(result->query, "%s %s", seen, theme);
		add_text(result, "",
			 misp_text(result->query, "Possible %s-themed phishing",
				   theme));
	}
}

/* Fails when a part of the page could not be loaded, but for what a page
 * often breaks off itself. */
static void check_loaded(const struct urlscan_result *result)
{
	static const char harmless[] = "net::ERR_ABORTED net::ERR_FAILED "
				       "net::ERR_QUIC_PROTOCOL_ERROR ";
	size_t i;
	json_t *request;
	json_array_foreach (misp_at(result->json, "data.requests"), i,
			    request) {
		const char *error = misp_text_at(result->query, request,
						 "response.failed.errorText");
		if (!error || !*error)
			continue;
		const char *word = misp_text(result->query, "%s ", error);
		if (word && !strstr(harmless, word))
			misp_fail(result->query,
				  "Domain could not be resolved: %s", error);
	}
}

json_t *urlscan_rows(struct misp_query *query, const char *value,
		     const json_t *json)
{
	struct urlscan_result result = {query, value, json, misp_rows()};
	check_loaded(&result);
	add_fields(&result, page_fields);
	add_place(&result);
	add_fields(&result, more_page_fields);
	add_threats(&result);
	add_themes(&result);
	add_fields(&result, task_fields);
	return misp_finish(query, result.rows);
}
