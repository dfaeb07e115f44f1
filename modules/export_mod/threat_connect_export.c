/*
 * threat_connect_export.c: an event's attributes as a CSV file that
 * ThreatConnect imports.
 */
#include "csv/csv_row.h"
#include "misp-module.h"

#include <string.h>

/* What the parts of a value are to ThreatConnect; NULL: nothing. */
static const struct connect_type {
	const char *type;
	const char *first; /* of a value that is no pair: all of it */
	const char *second;
} connect_types[] = {
    {"domain", "Host"},
    {"domain|ip", "Host", "Address"},
    {"hostname", "Host"},
    {"ip-src", "Address"},
    {"ip-dst", "Address"},
    {"ip-src|port", "Address"},
    {"ip-dst|port", "Address"},
    {"whois-registrant-email", "EmailAddress"},
    {"email-src", "EmailAddress"},
    {"email-dst", "EmailAddress"},
    {"url", "URL"},
    {"md5", "File"},
    {"filename|md5", NULL, "File"},
    {0},
};

struct connect {
	struct misp_query *query;
	FILE *out;
	const char *source;
};

static void connect_row(const struct connect *connect, const char *type,
			const char *value, const json_t *attribute)
{
	const char *comment =
	    json_string_value(json_object_get(attribute, "comment"));
	if (type && value && *value)
		csv_row(connect->out, MISP_LIST(type, value, connect->source,
						comment ? comment : ""));
}

static void connect_write(const struct connect *connect,
			  const struct misp_walk *walk)
{
	const struct connect_type *type = connect_types;
	while (type->type && strcmp(type->type, walk->type) != 0)
		type++;
	bool pair = type->type && strchr(type->type, '|');
	connect_row(connect, type->first,
		    pair ? misp_part(connect->query, walk->value, 0)
			 : walk->value,
		    walk->attribute);
	if (pair)
		connect_row(connect, type->second,
			    misp_part(connect->query, walk->value, 1),
			    walk->attribute);
}

static json_t *connect_query(struct misp_query *query)
{
	struct misp_export_file *file = misp_export_open(query);
	const char *source = misp_setting(query, "Default_Source");
	struct connect connect = {.query = query,
				  .out = file ? file->out : NULL,
				  .source = source ? source : ""};
	struct misp_walk walk = {0};
	if (file)
		csv_row(file->out,
			MISP_LIST("Type", "Value", "Source", "Description"));
	while (file && misp_walk(query, &walk))
		connect_write(&connect, &walk);
	return misp_export_close(query, file);
}

MISP_MODULE(
    threat_connect_export, .types = MISP_EXPORT, .query = connect_query,
    .title = "ThreatConnect Export", .version = "1.0",
    .author = "MISP modules FastCGI server",
    .description = "Exports an event's attributes as a CSV file for "
		   "ThreatConnect's structured import.",
    .logo = "threatconnect.png",
    .features = "Takes domains, host names, IP addresses, mail addresses, URLs "
		"and MD5 hashes, also those in pairs. Attributes of objects "
		"are left out.",
    .input_text = "Events with their attributes.",
    .output_text = "A CSV file as ThreatConnect reads it.",
    .references = MISP_LIST("https://www.threatconnect.com"),
    .settings = MISP_SETTINGS({"Default_Source",
			       "Where the data is from, as ThreatConnect "
			       "shows it",
			       NULL}),
    .file_extension = "csv", .response_type = "application/txt");
