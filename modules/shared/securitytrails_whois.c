/*
 * securitytrails_whois.c: what SecurityTrails says of registrants, as rows; see
 * securitytrails.h.
 */
#include "row_of.h"
#include "securitytrails.h"

#define STATUS_MAX 50

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
		if (strcmp(trails_words(trails, contact, "type"),
			   "registrant") == 0)
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
	misp_comment(trails_add(trails, type, "Attribution", value),
		     "Whois information of %s by securitytrails",
		     trails->value);
}

void trails_read_whois(const struct trails *trails, const json_t *json)
{
	const json_t *registrant = registrant_of(trails, json);
	struct misp_query *query = trails->query;
	add_whois(trails, "whois-registrant-email",
		  misp_text_at(query, registrant, "email"));
	add_whois(trails, "whois-registrant-phone",
		  misp_text_at(query, registrant, "telephone"));
	add_whois(trails, "whois-registrant-name",
		  misp_text_at(query, registrant, "name"));
	/* These two the service has with the contact, or beside it. */
	const json_t *holder =
	    misp_at(registrant, "registrarName") ? registrant : json;
	add_whois(trails, "whois-registrar",
		  misp_text_at(query, holder, "registrarName"));
	holder = misp_at(registrant, "createdDate") ? registrant : json;
	add_whois(trails, "whois-creation-date", date_of(trails, holder));
}

/* All in one, with spaces between them. */
static const char *status_of(const struct trails *trails, const json_t *json)
{
	const json_t *list = misp_at(json, "status");
	const char *text = NULL;
	for (size_t i = 0; i < json_array_size(list) && i < STATUS_MAX; i++)
		misp_append(trails->query, &text, " ",
			    json_string_value(json_array_get(list, i)));
	return text ? text : "";
}

void trails_read_past_whois(const struct trails *trails, const json_t *json)
{
	json_t *items = misp_at(json, "result.items");
	size_t i;
	json_t *item;
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
		row = trails_add(
		    trails, "whois-registrant-email", "Attribution",
		    misp_text_at(trails->query, registrant, "email"));
		misp_comment(row,
			     "Whois history registrant email of %sStatus: %s",
			     trails->value, status);
		row = trails_add(
		    trails, "whois-registrant-phone", "Attribution",
		    misp_text_at(trails->query, registrant, "telephone"));
		misp_comment(row,
			     "Whois history registrant phone of %sStatus: %s",
			     trails->value, status);
	}
}
