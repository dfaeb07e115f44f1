/*
 * securitytrails.c: what SecurityTrails says of DNS records, as rows; see
 * securitytrails.h.
 */
#include "securitytrails.h"

#include <string.h>

#define ROWS_MAX 5000
#define WORDS_MAX 200 /* of what many rows repeat */

/* A kind of DNS record: its name, the member with its value now and in the
 * past, whether that is an address, and how a comment calls the values. */
static const struct record {
	const char *name;
	const char *now;
	const char *past;
	bool is_address;
	const char *words;
} records[] = {
    {"ns", "nameserver", "nameserver", false, "List of name servers "},
    {"a", "ip", "ip", true, " List ipv4"},
    {"aaaa", "ipv6", "ipv6", true, " List ipv6"},
    {"mx", "hostname", "host", false, " List mx"},
    {"soa", "email", "email", false, " List soa"},
};

#define RECORDS (sizeof(records) / sizeof(*records))

json_t *trails_add(const struct trails *trails, const char *type,
		   const char *category, const char *value)
{
	if (json_array_size(trails->rows) >= ROWS_MAX)
		return NULL;
	json_t *row = misp_row(trails->rows, MISP_TYPES(type), value);
	misp_row_category(row, category);
	return row;
}

const char *trails_words(const struct trails *trails, const json_t *json,
			 const char *path)
{
	const char *text = misp_text_at(trails->query, json, path);
	return text && strlen(text) <= WORDS_MAX ? text : "";
}

/* The value of a record as MISP has it, with the domain before an address. */
static const char *value_of(const struct trails *trails,
			    const struct record *record, const json_t *json,
			    const char *member)
{
	const char *value = misp_text_at(trails->query, json, member);
	if (!value || !record->is_address)
		return value;
	return misp_text(trails->query, "%s|%s", trails->value, value);
}

static const char *type_of(const struct record *record, const char *value)
{
	if (record->is_address)
		return "domain|ip";
	return value && strchr(value, '@') ? "dns-soa-email" : "domain";
}

static void read_record(const struct trails *trails, json_t *now,
			const struct record *record)
{
	json_t *values = misp_at(now, "values");
	json_t *row = NULL;
	size_t i;
	json_t *item;
	json_array_foreach (values, i, item) {
		const char *value = value_of(trails, record, item, record->now);
		if (row)
			misp_row_value(row, value);
		else
			row = trails_add(trails, type_of(record, value),
					 "Network activity", value);
	}
	misp_comment(row, "%s of %s first seen %s%s", record->words,
		     trails->value, trails_words(trails, now, "first_seen"),
		     record == records ? " " : "");
}

void trails_read_domain(const struct trails *trails, const json_t *json)
{
	const json_t *dns = misp_at(json, "current_dns");
	for (size_t i = 0; i < RECORDS; i++)
		read_record(trails, misp_at(dns, records[i].name), &records[i]);
}

/* What a record was in some time. */
static void read_past(const struct trails *trails, const json_t *past,
		      const json_t *item, const struct record *record)
{
	const char *value = value_of(trails, record, item, record->past);
	json_t *row = trails_add(trails, type_of(record, value),
				 "Network activity", value);
	const char *last = trails_words(trails, past, "last_seen");
	const char *first = trails_words(trails, past, "first_seen");
	if (record->is_address)
		misp_comment(row,
			     "History IP on securitytrails %s last seen: %s "
			     "first seen: %s",
			     trails->value, last, first);
	else
		misp_comment(row,
			     "history %s of %s last seen: %s first seen: %s",
			     record->name, trails->value, last, first);
}

void trails_read_past_dns(const struct trails *trails, const json_t *json)
{
	const struct record *kind = records;
	while (strcmp(kind->name, trails->record) != 0)
		kind++;
	json_t *list = misp_at(json, "records");
	size_t i, j;
	json_t *past;
	json_t *item;
	json_array_foreach (list, i, past) {
		json_t *values = misp_at(past, "values");
		json_array_foreach (values, j, item) {
			read_past(trails, past, item, kind);
		}
		/* One alone is no list. */
		read_past(trails, past, values, kind);
	}
}

void trails_read_subdomains(const struct trails *trails, const json_t *json)
{
	json_t *list = misp_at(json, "subdomains");
	json_t *row = NULL;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *name = json_string_value(json_array_get(list, i));
		const char *whole = name ? misp_text(trails->query, "%s.%s",
						     name, trails->value)
					 : NULL;
		if (row)
			misp_row_value(row, whole);
		else
			row = trails_add(trails, "domain", "Network activity",
					 whole);
	}
	misp_comment(row, "subdomains of %s", trails->value);
}

void trails_read_search(const struct trails *trails, const json_t *json)
{
	json_t *list = misp_at(json, "records");
	size_t i;
	json_t *found;
	json_array_foreach (list, i, found) {
		const char *by = trails_words(trails, found, "host_provider.0");
		const char *registrar =
		    trails_words(trails, found, "whois.registrar");
		misp_comment(
		    trails_add(trails, "domain", "Network activity",
			       misp_text_at(trails->query, found, "hostname")),
		    "domain for %s%s%s%s%s", trails->value, *by ? " by " : "",
		    by, *registrar ? " registrar " : "", registrar);
	}
}
