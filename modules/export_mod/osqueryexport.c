/*
 * osqueryexport.c: osquery queries that look for an event's attributes.
 */
#include "misp-module.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* In a query, $1 stands for the value. Of a pair, $1 is what is before the
 * first '|' and $2 what is behind it. */
static const struct osquery {
	const char *type;
	const char *query;
	bool registry; /* $1 is a path whose hive osquery calls otherwise */
	bool pair;
} osqueries[] = {
    {"regkey", "SELECT * FROM registry WHERE path LIKE '$1';", true, false},
    {"regkey|value",
     "SELECT * FROM registry WHERE path LIKE '$1' AND data LIKE '$2';", true,
     true},
    {"mutex", "SELECT * FROM winbaseobj WHERE object_name LIKE '$1';", false,
     false},
    {"windows-service-displayname",
     "SELECT * FROM services WHERE display_name LIKE '$1' OR name like '$1';",
     false, false},
    {"windows-scheduled-task",
     "SELECT * FROM scheduled_tasks WHERE name LIKE '$1';", false, false},
    {"yara",
     "SELECT * FROM file JOIN yara USING (path) WHERE (path LIKE '/%' AND "
     "type = 'regular' AND size < 8000000 AND sigrule='$1' AND count > 0);",
     false, false},
    {"ip-dst",
     "SELECT * FROM process_open_sockets where remote_address LIKE '$1';",
     false, false},
    {"ip-src",
     "SELECT * FROM process_open_sockets where local_address LIKE '$1';", false,
     false},
    {"filename", "select * from file where path LIKE '$1';", false, false},
    {"sha256",
     "SELECT *, sha256 FROM file JOIN hash USING (path) WHERE file.directory "
     "LIKE '/%' AND sha256 like '$1' ORDER BY mtime DESC LIMIT 1;",
     false, false},
    {"windows-service-name",
     "SELECT * FROM services WHERE service_name LIKE '$1';", false, false},
    {"named pipe", "SELECT * FROM pipes WHERE name LIKE '$1';", false, false},
    {"domain", "SELECT * FROM dns_cache WHERE name LIKE '$1';", false, false},
};

static const struct {
	const char *hive;
	const char *osquery;
} osquery_hives[] = {
    {"HKCU", "HKEY_USERS\\%"},
    {"HKLM", "HKEY_LOCAL_MACHINE"},
};

#define QUERY_COUNT (sizeof(osqueries) / sizeof(*osqueries))
#define HIVE_COUNT (sizeof(osquery_hives) / sizeof(*osquery_hives))

static const struct osquery *osquery_find(const char *type)
{
	for (size_t i = 0; type && i < QUERY_COUNT; i++)
		if (strcmp(osqueries[i].type, type) == 0)
			return &osqueries[i];
	return NULL;
}

/* Writes the inside of an SQL string. A quote is doubled; the end of a line,
 * which would end the query for who reads the file by lines, is spelt out. */
static void osquery_quote(FILE *out, const char *text, size_t length)
{
	for (; length > 0; text++, length--) {
		if (*text == '\'')
			fputs("''", out);
		else if (*text == '\n' || *text == '\r')
			fprintf(out, "'||char(%d)||'", *text);
		else
			putc(*text, out);
	}
}

/* Writes the hive in osquery's words; returns how much of path it was. */
static size_t osquery_hive(FILE *out, const char *path, size_t length)
{
	for (size_t i = 0; i < HIVE_COUNT; i++) {
		size_t hive = strlen(osquery_hives[i].hive);
		if (length < hive ||
		    strncasecmp(path, osquery_hives[i].hive, hive) != 0 ||
		    (length > hive && path[hive] != '\\'))
			continue;
		fputs(osquery_hives[i].osquery, out);
		return hive;
	}
	return 0;
}

static void osquery_write(FILE *out, const struct osquery *osquery,
			  const char *value)
{
	const char *bar = osquery->pair ? strchr(value, '|') : NULL;
	size_t length = bar ? (size_t)(bar - value) : strlen(value);
	/* A pair that is none: the key, whatever its data. */
	const char *data = bar ? bar + 1 : "%";
	for (const char *at = osquery->query; *at; at++) {
		if (strncmp(at, "$1", 2) == 0) {
			size_t hive = osquery->registry
					  ? osquery_hive(out, value, length)
					  : 0;
			osquery_quote(out, value + hive, length - hive);
			at++;
		} else if (strncmp(at, "$2", 2) == 0) {
			osquery_quote(out, data, strlen(data));
			at++;
		} else {
			putc(*at, out);
		}
	}
	putc('\n', out);
}

static void osquery_attribute(FILE *out, const char *type, const char *value,
			      const json_t *attribute)
{
	const struct osquery *osquery = osquery_find(type);
	(void)attribute;
	if (osquery)
		osquery_write(out, osquery, value);
}

static json_t *osquery_query(struct misp_query *query)
{
	return misp_export_attributes(query, osquery_attribute);
}

MISP_MODULE(osqueryexport, .types = MISP_EXPORT, .query = osquery_query,
	    .title = "OSQuery Export", .version = "1.0",
	    .author = "MISP modules FastCGI server",
	    .description = "Exports an event's attributes as osquery queries "
			   "that find them on hosts.",
	    .logo = "osquery.png",
	    .features = "One query a line, for use in packs or in a fleet "
			"manager. Attributes of types that osquery has no "
			"table for are left out.",
	    .input_text = "Events with their attributes.",
	    .output_text = "Queries in osquery's SQL.",
	    .references = MISP_LIST("https://osquery.io/schema/"),
	    .file_extension = "conf", .response_type = "application/txt");
