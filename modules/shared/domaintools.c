/*
 * domaintools.c: what is found in the replies of DomainTools; see
 * domaintools.h.
 */
#include "domaintools.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* From here on a comment says enough. */
#define COMMENT_LENGTH 1000

/* A value that is found again keeps its place, with one more comment. */
static void note(struct domaintools *found, enum domaintools_kind kind,
		 const char *value, const char *comment)
{
	json_t *values = found->found[kind];
	if (!value || !*value || !comment)
		return;
	const char *before = json_string_value(json_object_get(values, value));
	if (before &&
	    (strlen(before) >= COMMENT_LENGTH || strstr(before, comment)))
		return;
	if (before)
		comment = misp_text(found->query, "%s - %s", before, comment);
	if (before || json_object_size(values) < MISP_LIST_MAX)
		json_object_set_new(values, value, json_string(comment));
}

/* Where a single value stands. */
struct place {
	const char *path;
	enum domaintools_kind kind;
	const char *comment;
};

static void note_places(struct domaintools *found, const json_t *json,
			const struct place *places)
{
	for (; places->path; places++)
		note(found, places->kind,
		     misp_text_at(found->query, json, places->path),
		     places->comment);
}

static bool is_of_email(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("_.-", c)) ||
	       (unsigned char)c >= 0x80;
}

/* What looks like an e-mail address, anywhere in the JSON. */
static void note_emails(struct domaintools *found, const json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);
	/* The letter of an escaped line end begins no address. */
	for (char *c = text; c && *c; c++)
		if (*c == '\\' && c[1])
			memset(c++, ' ', 2);
	for (char *at = text ? strchr(text, '@') : NULL; at;
	     at = strchr(at + 1, '@')) {
		char *begin = at, *end = at + 1;
		while (begin > text && is_of_email(begin[-1]))
			begin--;
		while (is_of_email(*end))
			end++;
		while (end[-1] == '.' || end[-1] == '-')
			end--;
		const char *email = begin < at && end > at + 1
					? misp_text(found->query, "%.*s",
						    (int)(end - begin), begin)
					: NULL;
		if (email &&
		    !json_object_get(found->found[DOMAINTOOLS_EMAIL], email))
			note(found, DOMAINTOOLS_EMAIL, email,
			     "Maybe registrar");
	}
	free(text);
}

void domaintools_read_whois(struct domaintools *found, const json_t *json)
{
	static const struct place places[] = {
	    {"registrant", DOMAINTOOLS_NAME, "Parsed registrant"},
	    {"registration.created", DOMAINTOOLS_CREATED, "timestamp"},
	    {"parsed_whois.created_date", DOMAINTOOLS_CREATED, "created"},
	    {"parsed_whois.registrar.name", DOMAINTOOLS_REGISTRAR, "name"},
	    {"parsed_whois.registrar.url", DOMAINTOOLS_REGISTRAR, "url"},
	    {"parsed_whois.registrar.iana_id", DOMAINTOOLS_REGISTRAR,
	     "iana_id"},
	    {0},
	};
	note_places(found, json, places);
	const char *role;
	json_t *contact;
	json_object_foreach (misp_at(json, "parsed_whois.contacts"), role,
			     contact) {
		const struct place of_contact[] = {
		    {"email", DOMAINTOOLS_EMAIL, role},
		    {"phone", DOMAINTOOLS_PHONE, role},
		    {"name", DOMAINTOOLS_NAME, role},
		    {0}};
		note_places(found, contact, of_contact);
	}
	note_emails(found, json);
	found->record = misp_text_at(found->query, json, "whois.record");
}

static void note_ip(struct domaintools *found, const char *ip,
		    const char *others)
{
	if (!ip || misp_ip_version(ip) == 0)
		return;
	note(found, DOMAINTOOLS_IP, ip,
	     misp_text(found->query,
		       "IP of %s (via DomainTools). Has %s other domains.",
		       found->value, others ? others : "an unknown number of"));
}

void domaintools_read_profile(struct domaintools *found, const json_t *json)
{
	static const struct place places[] = {
	    {"registrant.name", DOMAINTOOLS_NAME, "Profile registrant"},
	    {"registration.created", DOMAINTOOLS_CREATED, "created"},
	    {"registration.updated", DOMAINTOOLS_CREATED, "updated"},
	    {"registration.registrar", DOMAINTOOLS_REGISTRAR, "name"},
	    {0},
	};
	note_places(found, json, places);
	note_ip(found, misp_text_at(found->query, json, "server.ip_address"),
		misp_text_at(found->query, json, "server.other_domains"));
}

void domaintools_read_reputation(struct domaintools *found, const json_t *json)
{
	static const struct misp_mapping joined[] = {
	    {"reasons", "text", MISP_TO_JOINED}, {0}};
	json_t *reasons = misp_keep(found->query, misp_rows());
	misp_map_rows(found->query, reasons, json, joined);
	found->risk = misp_text_at(found->query, json, "risk_score");
	found->reasons = misp_text_at(found->query, reasons, "0.values.0");
}

static void note_domains(struct domaintools *found, const json_t *names,
			 const char *comment)
{
	size_t i;
	json_t *name;
	json_array_foreach (names, i, name) {
		note(found, DOMAINTOOLS_DOMAIN, json_string_value(name),
		     comment);
	}
}

static void read_address(struct domaintools *found, const json_t *json)
{
	const char *ip = misp_text_at(found->query, json, "ip_address");
	if (!ip || misp_ip_version(ip) == 0)
		return;
	/* The address that was asked about is no news. */
	if (strcmp(ip, found->value) != 0)
		note_ip(found, ip,
			misp_text_at(found->query, json, "domain_count"));
	note_domains(found, misp_at(json, "domain_names"),
		     misp_text(found->query, "Other domain on %s.", ip));
}

/* One address, or a list of them. */
void domaintools_read_addresses(struct domaintools *found, const json_t *json)
{
	const json_t *addresses = misp_at(json, "ip_addresses");
	size_t i;
	json_t *address;
	json_array_foreach (addresses, i, address) {
		read_address(found, address);
	}
	read_address(found, addresses);
}

void domaintools_read_reverse_whois(struct domaintools *found,
				    const json_t *json)
{
	note_domains(found, misp_at(json, "domains"),
		     misp_text(found->query, "Reverse domain related to %s.",
			       found->value));
}
