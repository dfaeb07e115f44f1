/*
 * securitytrails.c: from the replies of SecurityTrails to rows; see
 * securitytrails.h.
 */
#include "securitytrails.h"

#include "list_limit.h"
#include "row_of.h"

#define ROWS_MAX 5000
#define STATUS_MAX 50

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

/* ---- Rows ---- */

/* NULL for a value that is none. */
static json_t *add(const struct trails *trails, const char *type,
		   const char *category, const char *value)
{
	if (json_array_size(trails->rows) >= ROWS_MAX)
		return NULL;
	json_t *row = misp_row(trails->rows, MISP_TYPES(type), value);
	misp_row_category(row, category);
	return row;
}

/* The text at a path, or "": for comments. */
static const char *words(const struct trails *trails, const json_t *json,
			 const char *path)
{
	const char *text = misp_text_at(trails->query, json, path);
	return text ? text : "";
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

/* ---- DNS ---- */

static void read_record(const struct trails *trails, json_t *now,
			const struct record *record)
{
	json_t *values = misp_at(now, "values");
	json_t *row = NULL;
	size_t i;
	json_t *item;
	list_limit(values);
	json_array_foreach (values, i, item) {
		const char *value = value_of(trails, record, item, record->now);
		if (row)
			misp_row_value(row, value);
		else
			row = add(trails, type_of(record, value),
				  "Network activity", value);
	}
	misp_comment(row, "%s of %s first seen %s%s", record->words,
		     trails->value, words(trails, now, "first_seen"),
		     record == records ? " " : "");
}

void trails_read_domain(const struct trails *trails, const json_t *json,
			const char *record)
{
	(void)record;
	const json_t *dns = misp_at(json, "current_dns");
	for (size_t i = 0; i < RECORDS; i++)
		read_record(trails, misp_at(dns, records[i].name), &records[i]);
}

/* What a record was in some time. */
static void read_past(const struct trails *trails, const json_t *past,
		      const json_t *item, const struct record *record)
{
	const char *value = value_of(trails, record, item, record->past);
	json_t *row =
	    add(trails, type_of(record, value), "Network activity", value);
	const char *last = words(trails, past, "last_seen");
	const char *first = words(trails, past, "first_seen");
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

void trails_read_past_dns(const struct trails *trails, const json_t *json,
			  const char *record)
{
	const struct record *kind = records;
	while (strcmp(kind->name, record) != 0)
		kind++;
	json_t *list = misp_at(json, "records");
	size_t i, j;
	json_t *past;
	json_t *item;
	list_limit(list);
	json_array_foreach (list, i, past) {
		json_t *values = misp_at(past, "values");
		json_array_foreach (values, j, item) {
			read_past(trails, past, item, kind);
		}
		/* One alone is no list. */
		read_past(trails, past, values, kind);
	}
}

void trails_read_subdomains(const struct trails *trails, const json_t *json,
			    const char *record)
{
	(void)record;
	json_t *list = misp_at(json, "subdomains");
	json_t *row = NULL;
	list_limit(list);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *name = json_string_value(json_array_get(list, i));
		const char *whole = name ? misp_text(trails->query, "%s.%s",
						     name, trails->value)
					 : NULL;
		if (row)
			misp_row_value(row, whole);
		else
			row = add(trails, "domain", "Network activity", whole);
	}
	misp_comment(row, "subdomains of %s", trails->value);
}

/* ---- Whois ---- */

/* The first contact that is the registrant; NULL if there is none. */
static const json_t *registrant_of(const struct trails *trails,
				   const json_t *json)
{
	json_t *contacts = misp_at(json, "contact");
	if (!contacts)
		contacts = misp_at(json, "contacts");
	size_t i;
	json_t *contact;
	json_array_foreach (contacts, i, contact) {
		if (strcmp(words(trails, contact, "type"), "registrant") == 0)
			return contact;
	}
	return NULL;
}

/* A date as text, or in milliseconds since 1970. */
static const char *date_of(const struct trails *trails, const json_t *json)
{
	const json_t *date = misp_at(json, "createdDate");
	if (json_is_integer(date))
		return misp_time(trails->query,
				 json_integer_value(date) / 1000);
	return json_string_value(date);
}

static void add_whois(const struct trails *trails, const char *type,
		      const char *value)
{
	misp_comment(add(trails, type, "Attribution", value),
		     "Whois information of %s by securitytrails",
		     trails->value);
}

void trails_read_whois(const struct trails *trails, const json_t *json,
		       const char *record)
{
	(void)record;
	const json_t *registrant = registrant_of(trails, json);
	struct misp_query *query = trails->query;
	add_whois(trails, "whois-registrant-email",
		  misp_text_at(query, registrant, "email"));
	add_whois(trails, "whois-registrant-phone",
		  misp_text_at(query, registrant, "telephone"));
	add_whois(trails, "whois-registrant-name",
		  misp_text_at(query, registrant, "name"));
	/* These are the domain's, but have been the contact's. */
	const char *registrar =
	    misp_text_at(query, registrant, "registrarName");
	const char *created = date_of(trails, registrant);
	add_whois(trails, "whois-registrar",
		  registrar ? registrar
			    : misp_text_at(query, json, "registrarName"));
	add_whois(trails, "whois-creation-date",
		  created ? created : date_of(trails, json));
}

/* All in one, with spaces between them. */
static const char *status_of(const struct trails *trails, const json_t *json)
{
	const json_t *list = misp_at(json, "status");
	const char *text = "";
	for (size_t i = 0; i < json_array_size(list) && i < STATUS_MAX; i++) {
		const char *next = json_string_value(json_array_get(list, i));
		if (next && text)
			text = misp_text(trails->query, "%s%s%s", text,
					 *text ? " " : "", next);
	}
	return text ? text : "";
}

void trails_read_past_whois(const struct trails *trails, const json_t *json,
			    const char *record)
{
	(void)record;
	json_t *items = misp_at(json, "result.items");
	size_t i;
	json_t *item;
	list_limit(items);
	json_array_foreach (items, i, item) {
		const char *status = status_of(trails, item);
		const json_t *registrant = registrant_of(trails, item);
		json_t *row =
		    row_of(trails->query, trails->rows, MISP_TYPES("domain"),
			   item, "nameServers", 0);
		misp_row_category(row, "Network activity");
		misp_comment(row,
			     "Whois history Name Servers of %s Status: %s ",
			     trails->value, status);
		row = add(trails, "whois-registrant-email", "Attribution",
			  misp_text_at(trails->query, registrant, "email"));
		misp_comment(row,
			     "Whois history registrant email of %sStatus: %s",
			     trails->value, status);
		row = add(trails, "whois-registrant-phone", "Attribution",
			  misp_text_at(trails->query, registrant, "telephone"));
		misp_comment(row,
			     "Whois history registrant phone of %sStatus: %s",
			     trails->value, status);
	}
}

/* ---- The domains at an address ---- */

void trails_read_search(const struct trails *trails, const json_t *json,
			const char *record)
{
	(void)record;
	json_t *list = misp_at(json, "records");
	size_t i;
	json_t *found;
	list_limit(list);
	json_array_foreach (list, i, found) {
		const char *by = words(trails, found, "host_provider.0");
		const char *registrar = words(trails, found, "whois.registrar");
		misp_comment(
		    add(trails, "domain", "Network activity",
			misp_text_at(trails->query, found, "hostname")),
		    "domain for %s%s%s%s%s", trails->value, *by ? " by " : "",
		    by, *registrar ? " registrar " : "", registrar);
	}
}
