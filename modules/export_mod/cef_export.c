/*
 * cef_export.c: an event's attributes as lines of ArcSight's Common Event
 * Format.
 */
#include "escape.h"
#include "misp-module.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct {
	const char *type;
	const char *key; /* of the extension that has the value */
} cef_keys[] = {
    {"ip-src", "src"},   {"ip-dst", "dst"},      {"hostname", "dhost"},
    {"domain", "dhost"}, {"md5", "fileHash"},    {"sha1", "fileHash"},
    {"url", "request"},  {"sha256", "fileHash"},
};

#define KEY_COUNT (sizeof(cef_keys) / sizeof(*cef_keys))

static const struct escape cef_in_header[] = {
    {'|', "\\|"}, {'\\', "\\\\"}, {'\n', " "}, {'\r', " "}, {0},
};

static const struct escape cef_in_extension[] = {
    {'=', "\\="}, {'\\', "\\\\"}, {'\n', "\\n"}, {'\r', "\\r"}, {0},
};

static const char *cef_key(const char *type)
{
	for (size_t i = 0; i < KEY_COUNT; i++)
		if (strcmp(cef_keys[i].type, type) == 0)
			return cef_keys[i].key;
	return NULL;
}

/* What syslog has before a message: the time, as it is on this machine, and a
 * host. Without a time there is neither. */
static void cef_write_prefix(FILE *out, const char *timestamp)
{
	char text[32], *end = NULL;
	struct tm local;
	time_t seconds = timestamp ? strtoll(timestamp, &end, 10) : 0;
	if (timestamp && !*end && localtime_r(&seconds, &local) &&
	    strftime(text, sizeof(text), "%b %d %H:%M:%S", &local) > 0)
		fprintf(out, "%s host ", text);
}

static void cef_write(struct misp_query *query, FILE *out,
		      const struct misp_walk *walk, const char *key)
{
	const char *category = misp_text_at(query, walk->attribute, "category");
	/* A type and a name of what happened: there is but the category. */
	const char *header[] = {misp_setting(query, "Device_Vendor"),
				misp_setting(query, "Device_Product"),
				misp_setting(query, "Device_Version"),
				category,
				category,
				misp_setting(query, "Default_Severity")};
	cef_write_prefix(out,
			 misp_text_at(query, walk->attribute, "timestamp"));
	fputs("CEF:0|", out);
	for (size_t i = 0; i < sizeof(header) / sizeof(*header); i++) {
		escape_write(out, header[i] ? header[i] : "", cef_in_header);
		putc('|', out);
	}
	fprintf(out, "%s=", key);
	escape_write(out, walk->value, cef_in_extension);
	putc('\n', out);
}

static json_t *cef_query(struct misp_query *query)
{
	struct misp_export_file *file = misp_export_open(query);
	struct misp_walk walk = {0};
	while (file && misp_walk(query, &walk)) {
		const char *key = cef_key(walk.type);
		if (key)
			cef_write(query, file->out, &walk, key);
	}
	return misp_export_close(query, file);
}

MISP_MODULE(
    cef_export, .types = MISP_EXPORT, .query = cef_query, .title = "CEF Export",
    .version = "1.0", .author = "MISP modules FastCGI server",
    .description = "Exports an event's attributes in the Common Event Format.",
    .features = "Takes IP addresses, domains, host names, URLs and hashes. "
		"Times are those of the attributes, in the time zone of the "
		"server. Attributes of objects are left out.",
    .input_text = "Events with their attributes.",
    .output_text = "A file in the Common Event Format, one line for each "
		   "attribute.",
    .references = MISP_LIST(
	"https://community.softwaregrp.com/t5/ArcSight-Connectors/"
	"ArcSight-Common-Event-Format-CEF-Guide/ta-p/"
	"1589306?attachment-id=65537"),
    .settings = MISP_SETTINGS(
	{"Default_Severity", "Severity of each line, from 0 to 10", "1"},
	{"Device_Vendor", "Who made what sends the lines", "MISP"},
	{"Device_Product", "What sends the lines", "MISP"},
	{"Device_Version", "Its version", "1"}),
    .file_extension = "cef", .response_type = "application/txt");
