/*
 * pdf_attributes.c: see pdf_event.h. Attributes, objects and galaxies.
 */
#include "pdf_event.h"

#include "event_objects.h"

#include <string.h>

static const struct pdf_cell pdf_attribute_columns[PDF_COLUMNS] = {
    {0.16, PDF_LABEL, "Type"},
    {0.16, PDF_LABEL, "Category"},
    {0.42, PDF_LABEL, "Value"},
    {0.26, PDF_LABEL, "Comment"}};
static const struct pdf_cell pdf_object_columns[PDF_COLUMNS] = {
    {0.16, PDF_LABEL, "Relation"},
    {0.16, PDF_LABEL, "Type"},
    {0.42, PDF_LABEL, "Value"},
    {0.26, PDF_LABEL, "Comment"}};

static const char *pdf_string(const json_t *element, const char *member)
{
	return json_string_value(json_object_get(element, member));
}

/* How often it was seen, was none and has expired; NULL when nobody said. */
static const char *pdf_sightings(const struct pdf_event *report,
				 const json_t *sightings)
{
	size_t counts[3] = {0}, i;
	json_t *sighting;
	json_array_foreach (sightings, i, sighting) {
		const char *type =
		    misp_text_at(report->query, sighting, "type");
		if (type && strlen(type) == 1 && *type >= '0' && *type <= '2')
			counts[*type - '0']++;
	}
	if (i == 0)
		return NULL;
	return misp_text(report->query,
			 "Sightings: %zu positive, %zu negative, %zu misc.",
			 counts[0], counts[1], counts[2]);
}

/* What matters less, in one line. */
static const char *pdf_details(const struct pdf_event *report,
			       const json_t *element)
{
	static const char between[] = " \xc2\xb7 ";
	struct misp_query *query = report->query;
	const char *to_ids = misp_text_at(query, element, "to_ids");
	const char *text = misp_text_at(query, element, "uuid");
	text = misp_text(query, "%s", text ? text : "no UUID");
	if (to_ids && strcmp(to_ids, "1") == 0)
		misp_append(query, &text, between, "for detection");
	for (size_t i = 0; i < 2; i++) {
		const char *member = i == 0 ? "first_seen" : "last_seen";
		const char *time = pdf_event_time(query, element, member);
		if (time)
			misp_append(query, &text, between,
				    misp_text(query, "%s seen %s",
					      i == 0 ? "first" : "last", time));
	}
	misp_append(
	    query, &text, between,
	    pdf_sightings(report, json_object_get(element, "Sighting")));
	return text;
}

/* A page of a list that MISP's users vouch for is a link, an indicator is
 * none: nobody should go there by mistake. */
static void pdf_attribute(const struct pdf_event *report,
			  const json_t *attribute,
			  const struct pdf_cell *columns, const char *first,
			  const char *second)
{
	struct misp_query *query = report->query;
	const char *type = pdf_string(attribute, "type");
	const char *value = misp_text_at(query, attribute, "value");
	bool link = type && strcmp(type, "link") == 0;
	const json_t *tags = json_object_get(attribute, "Tag");
	const char *details = pdf_details(report, attribute);
	pdf_row(report->pdf,
		(const struct pdf_cell[PDF_COLUMNS]){
		    {columns[0].width, PDF_LABEL, first},
		    {columns[1].width, PDF_BODY, second},
		    {columns[2].width, PDF_BODY, value, link ? value : NULL},
		    {columns[3].width, PDF_BODY,
		     misp_text_at(query, attribute, "comment")}},
		false);
	pdf_tags(report->pdf, NULL, columns[0].width + columns[1].width, tags,
		 false);
	pdf_row(report->pdf,
		(const struct pdf_cell[PDF_COLUMNS]){
		    {columns[0].width + columns[1].width, PDF_SMALL, NULL},
		    {columns[2].width + columns[3].width, PDF_SMALL, details}},
		true);
	if (report->galaxies)
		pdf_event_galaxies(report,
				   json_object_get(attribute, "Galaxy"));
}

void pdf_event_attributes(const struct pdf_event *report)
{
	const json_t *attributes = misp_event_attributes(report->event);
	size_t i;
	json_t *attribute;
	pdf_text(report->pdf, PDF_SECTION, "Attributes", NULL);
	if (json_array_size(attributes) == 0) {
		pdf_text(report->pdf, PDF_BODY, "No attributes", NULL);
		return;
	}
	pdf_table(report->pdf, pdf_attribute_columns);
	json_array_foreach (attributes, i, attribute) {
		if (pdf_is_full(report->pdf))
			break;
		pdf_attribute(report, attribute, pdf_attribute_columns,
			      pdf_string(attribute, "type"),
			      pdf_string(attribute, "category"));
	}
	pdf_table_end(report->pdf);
}

/* Which other element each reference is to. */
static void pdf_references(const struct pdf_event *report,
			   const json_t *references)
{
	size_t i;
	json_t *reference;
	json_array_foreach (references, i, reference) {
		const char *relation =
		    pdf_string(reference, "relationship_type");
		const char *other = pdf_string(reference, "referenced_uuid");
		const char *name =
		    misp_text_at(report->query, reference, "Object.name");
		if (pdf_is_full(report->pdf))
			break;
		pdf_text(report->pdf, PDF_SMALL,
			 misp_text(report->query, "%s %s %s",
				   relation ? relation : "refers to",
				   name ? name : "", other ? other : ""),
			 NULL);
	}
}

static void pdf_object(const struct pdf_event *report, const json_t *object,
		       size_t number)
{
	struct misp_query *query = report->query;
	const char *name = pdf_string(object, "name");
	const char *comment = misp_text_at(query, object, "comment");
	const char *category = pdf_string(object, "meta-category");
	size_t i;
	json_t *attribute;
	pdf_text(report->pdf, PDF_SUBSECTION,
		 misp_text(query, "Object #%zu: %s (%s)", number,
			   name ? name : "unnamed",
			   category ? category : "no category"),
		 NULL);
	pdf_text(report->pdf, PDF_SMALL, pdf_details(report, object), NULL);
	pdf_text(report->pdf, PDF_BODY, comment, NULL);
	pdf_references(report, json_object_get(object, "ObjectReference"));
	const json_t *attributes = json_object_get(object, "Attribute");
	if (json_array_size(attributes) == 0) {
		pdf_text(report->pdf, PDF_BODY, "No attributes", NULL);
		return;
	}
	pdf_table(report->pdf, pdf_object_columns);
	json_array_foreach (attributes, i, attribute) {
		if (pdf_is_full(report->pdf))
			break;
		pdf_attribute(report, attribute, pdf_object_columns,
			      pdf_string(attribute, "object_relation"),
			      pdf_string(attribute, "type"));
	}
	pdf_table_end(report->pdf);
}

void pdf_event_objects(const struct pdf_event *report)
{
	const json_t *objects = event_member(report->event, "Object");
	size_t i;
	json_t *object;
	pdf_text(report->pdf, PDF_SECTION, "Objects", NULL);
	if (json_array_size(objects) == 0)
		pdf_text(report->pdf, PDF_BODY, "No object", NULL);
	json_array_foreach (objects, i, object) {
		if (pdf_is_full(report->pdf))
			break;
		pdf_object(report, object, i + 1);
	}
}
