/*
 * threatStream_misp_export.c: an event's attributes as a CSV file that
 * ThreatStream imports.
 */
#include "csv/csv_row.h"
#include "misp-module.h"

#include <string.h>

static const struct {
	const char *type;
	const char *itype; /* ThreatStream's word for it */
} threatstream_types[] = {
    {"domain", "mal_domain"}, {"hostname", "mal_domain"},
    {"ip-src", "mal_ip"},     {"ip-dst", "mal_ip"},
    {"url", "mal_url"},       {"email-src", "phish_email"},
    {"md5", "mal_md5"},
};

#define TYPE_COUNT (sizeof(threatstream_types) / sizeof(*threatstream_types))

static void threatstream_write(FILE *out, const struct misp_walk *walk)
{
	const char *comment =
	    json_string_value(json_object_get(walk->attribute, "comment"));
	for (size_t i = 0; i < TYPE_COUNT; i++)
		if (strcmp(threatstream_types[i].type, walk->type) == 0)
			csv_row(out, MISP_LIST(walk->value,
					       threatstream_types[i].itype,
					       comment ? comment : ""));
}

static json_t *threatstream_query(struct misp_query *query)
{
	struct misp_export_file *file = misp_export_open(query);
	struct misp_walk walk = {0};
	if (file)
		csv_row(file->out, MISP_LIST("value", "itype", "tags"));
	while (file && misp_walk(query, &walk))
		threatstream_write(file->out, &walk);
	return misp_export_close(query, file);
}

MISP_MODULE(
    threatStream_misp_export, .types = MISP_EXPORT, .query = threatstream_query,
    .title = "ThreatStream Export", .version = "1.0",
    .author = "MISP modules FastCGI server",
    .description = "Exports an event's attributes as a CSV file for "
		   "ThreatStream's structured import.",
    .logo = "threatstream.png",
    .features = "Takes domains, host names, IP addresses, URLs, "
		"senders of mail and MD5 hashes; their comments become "
		"tags. Attributes of objects are left out.",
    .input_text = "Events with their attributes.",
    .output_text = "A CSV file as ThreatStream reads it.",
    .references = MISP_LIST("https://www.anomali.com/platform/threatstream",
			    "https://github.com/threatstream"),
    .file_extension = "csv", .response_type = "application/txt");
