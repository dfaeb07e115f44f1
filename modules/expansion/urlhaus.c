/*
 * urlhaus.c: the URLs that spread malware, and the files behind them,
 * according to URLhaus.
 */
#include "abuse_ch.h"
#include "last_object.h"

#include <string.h>

static const struct misp_service urlhaus_service = {
    .name = "URLhaus", .url = "https://urlhaus-api.abuse.ch/v1"};

static const struct misp_mapping payload_fields[] = {
    {"filename", "filename"},
    {"response_size", "size-in-bytes"},
    {"response_md5", "md5"},
    {"response_sha256", "sha256"},
    {0},
};
static const struct misp_mapping virustotal_fields[] = {
    {"result", "detection-ratio"}, {"link", "permalink"}, {0}};

/* Of a file that is asked about by one hash, the other is news. */
static const struct misp_mapping by_md5[] = {
    {"sha256_hash", "sha256"}, {"file_size", "size-in-bytes"}, {0}};
static const struct misp_mapping by_sha256[] = {
    {"md5_hash", "md5"}, {"file_size", "size-in-bytes"}, {0}};

/* What VirusTotal said of the file, as an object beside it. */
static void add_report(struct misp_query *query, json_t *results, json_t *file,
		       const json_t *virustotal)
{
	json_t *report = misp_add_object(results, "virustotal-report");
	if (misp_map(query, report, virustotal, virustotal_fields) == 0)
		last_object_drop(results, report);
	else
		misp_reference(file, misp_uuid(report), "analyzed-with");
}

/* A file of which nothing is known, not even a report, is none. */
static void drop_unknown(json_t *results, const json_t *file)
{
	if (json_array_size(misp_at(file, "Attribute")) == 0 &&
	    json_array_size(misp_at(file, "ObjectReference")) == 0)
		last_object_drop(results, file);
}

static void add_host(struct misp_query *query, json_t *results,
		     const json_t *reply, const struct misp_mapping *mappings)
{
	static const struct misp_mapping urls[] = {{"urls.url", "url"}, {0}};
	(void)mappings;
	misp_map_attributes(query, results, reply, urls);
}

static void add_payload(struct misp_query *query, json_t *results,
			const json_t *reply,
			const struct misp_mapping *mappings)
{
	static const struct misp_mapping names[] = {
	    {"urls.filename", "filename"}, {0}};
	size_t i;
	const json_t *entry;
	json_t *file = misp_add_object(results, "file");
	misp_map(query, file, reply, mappings);
	add_report(query, results, file, misp_at(reply, "virustotal"));
	misp_map(query, file, reply, names);
	json_array_foreach (misp_at(reply, "urls"), i, entry) {
		json_t *url = misp_add_attribute(
		    results, "url", misp_text_at(query, entry, "url"));
		misp_reference(file, misp_uuid(url), "retrieved-from");
	}
	drop_unknown(results, file);
}

static void add_files(struct misp_query *query, json_t *results,
		      const json_t *reply, const struct misp_mapping *mappings)
{
	size_t i;
	const json_t *payload;
	json_array_foreach (misp_at(reply, "payloads"), i, payload) {
		if (!json_is_object(payload))
			continue;
		json_t *file = misp_add_object(results, "file");
		misp_map(query, file, payload, mappings);
		add_report(query, results, file,
			   misp_at(payload, "virustotal"));
		drop_unknown(results, file);
	}
}

/* What is asked for each type, and made of the reply. */
static const struct kind {
	const char *type;
	const char *path;
	const char *field;
	void (*add)(struct misp_query *query, json_t *results,
		    const json_t *reply, const struct misp_mapping *mappings);
	const struct misp_mapping *mappings;
} kinds[] = {
    {"domain", "host", "host", add_host, NULL},
    {"hostname", "host", "host", add_host, NULL},
    {"ip-src", "host", "host", add_host, NULL},
    {"ip-dst", "host", "host", add_host, NULL},
    {"md5", "payload", "md5_hash", add_payload, by_md5},
    {"sha256", "payload", "sha256_hash", add_payload, by_sha256},
    {"url", "url", "url", add_files, payload_fields},
};

static bool is_empty(const json_t *results)
{
	return json_array_size(misp_at(results, "Attribute")) == 0 &&
	       json_array_size(misp_at(results, "Object")) == 0;
}

static json_t *urlhaus_query(struct misp_query *query)
{
	const char *status;
	const char *key = abuse_ch_key(query);
	const struct misp_attribute *attribute =
	    key ? misp_attribute_or(query, "Unsupported attribute type.")
		: NULL;
	if (!attribute)
		return NULL;
	const struct kind *kind = kinds;
	while (strcmp(kind->type, attribute->type) != 0)
		kind++;
	struct misp_http *http = misp_http(query, &urlhaus_service);
	misp_http_path(http, kind->path);
	misp_http_field(http, kind->field, attribute->value);
	json_t *reply = abuse_ch_ask(query, http, key, &status);
	if (!reply)
		return NULL;
	json_t *results = misp_standard();
	if (strcmp(status, "ok") == 0)
		kind->add(query, results, reply, kind->mappings);
	if (strcmp(status, "no_results") == 0 ||
	    (strcmp(status, "ok") == 0 && is_empty(results)))
		misp_fail(query,
			  "No results found on URLhaus for this %s attribute",
			  attribute->type);
	else if (strcmp(status, "ok") != 0)
		misp_fail(query,
			  "Error encountered during the query of URLhaus: %s",
			  status);
	return misp_finish(query, results);
}

MISP_MODULE(
    urlhaus, .types = MISP_EXPANSION | MISP_HOVER, .format = MISP_STANDARD,
    .query = urlhaus_query, .title = "URLhaus", .version = "0.2",
    .author = "MISP modules FastCGI server",
    .description = "Asks abuse.ch's URLhaus for the URLs that spread malware, "
		   "and the files behind them.",
    .features = "A host gives its URLs; a hash the URLs its file came from; a "
		"URL the files that came from it.",
    .input_text = "A domain, host name, IP address, URL, md5 or sha256.",
    .output_text = "URLs, file objects and reports of VirusTotal.",
    .references = MISP_LIST("https://urlhaus.abuse.ch/"),
    .input = MISP_LIST("domain", "hostname", "ip-src", "ip-dst", "md5",
		       "sha256", "url"),
    .output = MISP_LIST("url", "filename", "md5", "sha256"),
    .settings = ABUSE_CH_SETTINGS, .services = MISP_SERVICES(&urlhaus_service));
