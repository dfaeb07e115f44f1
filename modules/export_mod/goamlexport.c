/*
 * goamlexport.c: the transactions of an event as a goAML report.
 *
 * pkg-config: libxml-2.0 (libxml2-dev)
 */
#include "misp-module.h"

#include "event_objects.h"
#include "goaml/goaml.h"
#include "goaml/goaml_write.h"

#include <string.h>

#define SUSPICIOUS "STR"

static const char *goaml_text(const json_t *element, const char *member)
{
	return json_string_value(json_object_get(element, member));
}

static bool goaml_is(const json_t *object, const char *name)
{
	const char *own = goaml_text(object, "name");
	return own && strcmp(own, name) == 0;
}

/* The event's objects by uuid; the first of two with the same one. */
static json_t *goaml_by_uuid(struct misp_query *query, json_t *objects)
{
	json_t *by_uuid = misp_keep(query, json_object());
	size_t i;
	json_t *object;
	json_array_foreach (objects, i, object) {
		const char *uuid = misp_uuid(object);
		if (uuid && !json_object_get(by_uuid, uuid))
			json_object_set(by_uuid, uuid, object);
	}
	return by_uuid;
}

static bool goaml_has_transaction(json_t *objects)
{
	size_t i;
	json_t *object;
	json_array_foreach (objects, i, object) {
		if (goaml_is(object, GOAML_TRANSACTION))
			return true;
	}
	return false;
}

/* Counts what the bank accounts have for a relation, up to the first blank if
 * only its code counts. The words in the order in which they come. */
static json_t *goaml_count(struct misp_query *query, json_t *objects,
			   const char *relation, bool code)
{
	json_t *counts = misp_keep(query, json_object());
	size_t i, j;
	json_t *object, *attribute;
	json_array_foreach (objects, i, object) {
		json_array_foreach (json_object_get(object, "Attribute"), j,
				    attribute) {
			const char *own =
			    goaml_text(attribute, "object_relation");
			const char *value = goaml_text(attribute, "value");
			if (!goaml_is(object, "bank-account") || !own ||
			    !value || strcmp(own, relation) != 0)
				continue;
			const char *word = misp_text(
			    query, "%.*s",
			    (int)(code ? strcspn(value, " ") : strlen(value)),
			    value);
			json_int_t count =
			    json_integer_value(json_object_get(counts, word));
			json_object_set_new(counts, word,
					    json_integer(count + 1));
		}
	}
	return counts;
}

/* The word that is most often there, the first of them; NULL for none. */
static const char *goaml_most_common(json_t *counts)
{
	const char *most = NULL, *word;
	json_int_t highest = 0;
	json_t *count;
	json_object_foreach (counts, word, count) {
		if (json_integer_value(count) > highest) {
			highest = json_integer_value(count);
			most = word;
		}
	}
	return most;
}

/* What applies to the report as a whole. What nothing in the event tells is
 * left to who files the report. */
static void goaml_header(struct goaml_writer *out, const json_t *event,
			 json_t *objects, const char *rentity_id)
{
	json_t *codes = goaml_count(out->query, objects, "report-code", true);
	const char *time = event_text(out->query, event, "timestamp");
	goaml_element(out, "rentity_id", rentity_id);
	goaml_element(out, "submission_code", "E");
	goaml_element(out, "report_code",
		      json_object_get(codes, SUSPICIOUS)
			  ? SUSPICIOUS
			  : goaml_most_common(codes));
	goaml_element(out, "submission_date",
		      time ? misp_time_of(out->query, time) : NULL);
	goaml_element(out, "currency_code_local",
		      goaml_most_common(goaml_count(out->query, objects,
						    "currency-code", false)));
}

/* The only object of this name that is in no transaction. */
static const json_t *goaml_only(const struct goaml_writer *transactions,
				json_t *objects, const char *name)
{
	const json_t *only = NULL;
	size_t i;
	json_t *object;
	json_array_foreach (objects, i, object) {
		if (!goaml_is(object, name) ||
		    json_object_get(transactions->written, misp_uuid(object)))
			continue;
		if (only)
			return NULL;
		only = object;
	}
	return only;
}

/* Whoever reports, and where. */
static void goaml_reporter(struct goaml_writer *out,
			   const struct goaml_writer *transactions,
			   json_t *objects)
{
	static const char *const reporter[][2] = {
	    {"person", "reporting_person"}, {"geolocation", "location"}};
	for (size_t i = 0; i < 2; i++) {
		const json_t *object =
		    goaml_only(transactions, objects, reporter[i][0]);
		if (object)
			goaml_object(out, reporter[i][1], object);
	}
}

/* The transactions, which stand last, are written first: only then is it
 * known which persons have no part in them. */
static const char *goaml_report(struct misp_query *query, const json_t *event,
				json_t *objects, const char *rentity_id)
{
	struct goaml_writer transactions = {
	    .query = query,
	    .objects = goaml_by_uuid(query, objects),
	    .written = misp_keep(query, json_object())};
	struct goaml_writer out = transactions;
	if (!goaml_open(&transactions) || !goaml_open(&out))
		return NULL;
	size_t i;
	json_t *object;
	json_array_foreach (objects, i, object) {
		if (goaml_is(object, GOAML_TRANSACTION))
			goaml_object(&transactions, "transaction", object);
	}
	const char *body = goaml_close(&transactions);
	if (!body ||
	    xmlTextWriterStartDocument(out.xml, NULL, "UTF-8", NULL) < 0)
		return NULL;
	goaml_start(&out, GOAML_REPORT);
	goaml_header(&out, event, objects, rentity_id);
	goaml_reporter(&out, &transactions, objects);
	if (xmlTextWriterWriteRaw(out.xml, BAD_CAST body) < 0)
		return NULL;
	goaml_end(&out);
	return goaml_close(&out);
}

static json_t *goamlexport_query(struct misp_query *query)
{
	const json_t *event = json_array_get(misp_events(query), 0);
	const char *rentity_id =
	    event ? misp_setting_or(query, "rentity_id", "Configuration error.")
		  : NULL;
	if (!rentity_id)
		return NULL;
	json_t *objects = event_member(event, "Object");
	if (json_array_size(objects) == 0)
		return misp_fail(query, "There is no object in this event.");
	if (!goaml_has_transaction(objects))
		return misp_fail(
		    query, "There is no transaction object in this event.");
	const char *report = goaml_report(query, event, objects, rentity_id);
	return report ? misp_export(report, strlen(report)) : NULL;
}

MISP_MODULE(
    goamlexport, .types = MISP_EXPORT, .query = goamlexport_query,
    .title = "goAML Export", .version = "1.0",
    .author = "MISP modules FastCGI server",
    .description = "Exports the financial transactions of an event as a goAML "
		   "report, the form in which financial intelligence units "
		   "take them.",
    .logo = "goAML.jpg",
    .features =
	"The event needs a transaction object. It refers to where the money "
	"comes from (relation from, or from_my_client for a client of one's "
	"own) and where it goes (to, to_my_client), each a bank-account, "
	"person or legal-entity object. A bank account refers to its "
	"signatory, a person, and may refer to the legal entity that owns it; "
	"each of them may refer to a geolocation as its address. A person or "
	"geolocation that has no part in a transaction, if there is only one, "
	"is who reports, and where. Report code and currency come from the "
	"bank accounts.",
    .input_text = "Objects that describe transactions, with their "
		  "references.",
    .output_text = "A goAML report, in XML.",
    .references = MISP_LIST("https://goaml.unodc.org/"),
    .requirements = MISP_LIST("libxml2"),
    .settings = MISP_SETTINGS({"rentity_id",
			       "the number of the reporting entity, given by "
			       "the authority"}),
    .require_standard_format = true, .file_extension = "xml",
    .response_type = "application/xml");
