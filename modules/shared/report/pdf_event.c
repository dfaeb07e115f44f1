/*
 * pdf_event.c: see pdf_event.h. What is said of the event as a whole.
 */
#include "pdf_event.h"

#include "event_objects.h"

#include <string.h>

#define LABEL_WIDTH 0.22

/* MISP's words for its numbers. */
static const char *const pdf_threats[] = {"Undefined", "High", "Medium", "Low",
					  "Undefined"};
static const char *const pdf_analyses[] = {"Initial", "Ongoing", "Completed"};

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

static const char *pdf_word(const struct pdf_event *report, const char *member,
			    const char *const *words, size_t count)
{
	const char *text = event_text(report->query, report->event, member);
	size_t number =
	    text && strlen(text) == 1 ? (size_t)(*text - '0') : count;
	return number < count ? words[number] : NULL;
}

const char *pdf_event_title(const struct pdf_event *report)
{
	const char *info = event_text(report->query, report->event, "info");
	return info ? info : "Event without a title";
}

const char *pdf_event_url(const struct pdf_event *report, const char *uuid)
{
	const char *base = report->base_url;
	if (!base || !uuid)
		return NULL;
	bool slash = base[strlen(base) - 1] == '/';
	return misp_text(report->query, "%s%sevents/view/%s", base,
			 slash ? "" : "/", uuid);
}

const char *pdf_event_time(struct misp_query *query, const json_t *element,
			   const char *member)
{
	const char *text = misp_text_at(query, element, member);
	const char *time = text ? misp_time_of(query, text) : NULL;
	/* "2024-01-31T23:59:59+00:00" */
	if (!time || strlen(time) < 19 || strcmp(text, "0") == 0)
		return text && strcmp(text, "0") != 0 ? text : NULL;
	return misp_text(query, "%.10s %.8s%s", time, time + 11,
			 strcmp(time + 19, "+00:00") == 0 ? " UTC" : time + 19);
}

static const json_t *pdf_inner(const struct pdf_event *report)
{
	const json_t *inner = json_object_get(report->event, "Event");
	return inner ? inner : report->event;
}

static bool pdf_published(const struct pdf_event *report)
{
	const char *published =
	    event_text(report->query, report->event, "published");
	return published && strcmp(published, "1") == 0;
}

static void pdf_fact(const struct pdf_event *report, const char *label,
		     const char *text, const char *url)
{
	pdf_row(report->pdf,
		(const struct pdf_cell[PDF_COLUMNS]){
		    {LABEL_WIDTH, PDF_LABEL, label},
		    {1 - LABEL_WIDTH, PDF_BODY,
		     text ? text : "No value specified.", url}},
		true);
}

static const char *pdf_organisation(const struct pdf_event *report,
				    const char *member)
{
	return misp_text_at(report->query, event_member(report->event, member),
			    "name");
}

static const char *pdf_publication(const struct pdf_event *report)
{
	const char *time = pdf_event_time(report->query, pdf_inner(report),
					  "publish_timestamp");
	if (!pdf_published(report))
		return "No";
	return time ? misp_text(report->query, "Yes (%s)", time) : "Yes";
}

void pdf_event_facts(const struct pdf_event *report)
{
	struct misp_query *query = report->query;
	json_t *event = report->event;
	const char *uuid = event_text(query, event, "uuid");
	const char *url = pdf_event_url(report, uuid);
	pdf_text(report->pdf, PDF_SECTION, "General information", NULL);
	pdf_fact(report, "UUID", uuid, url);
	pdf_fact(report, "Date", event_text(query, event, "date"), NULL);
	pdf_fact(report, "Owner org", pdf_organisation(report, "Org"), NULL);
	pdf_fact(report, "Threat level",
		 pdf_word(report, "threat_level_id", pdf_threats,
			  COUNT(pdf_threats)),
		 NULL);
	pdf_fact(
	    report, "Analysis",
	    pdf_word(report, "analysis", pdf_analyses, COUNT(pdf_analyses)),
	    NULL);
	pdf_fact(report, "Info", event_text(query, event, "info"), url);
	pdf_fact(report, "Event date",
		 pdf_event_time(query, pdf_inner(report), "timestamp"), NULL);
	pdf_fact(report, "Published", pdf_publication(report), NULL);
	pdf_fact(report, "Creator Org", pdf_organisation(report, "Orgc"), NULL);
	pdf_fact(report, "# Attributes",
		 misp_text(query, "%zu",
			   json_array_size(misp_event_attributes(event))),
		 NULL);
	pdf_fact(report, "# Objects",
		 misp_text(query, "%zu",
			   json_array_size(event_member(event, "Object"))),
		 NULL);
	pdf_tags(report->pdf, "Tags", LABEL_WIDTH, event_member(event, "Tag"),
		 true);
}

/* Comments of the category "External analysis" sum the event up. */
static void pdf_analyses_of(const struct pdf_event *report)
{
	size_t i;
	json_t *attribute;
	json_array_foreach (misp_event_attributes(report->event), i,
			    attribute) {
		const char *category =
		    json_string_value(json_object_get(attribute, "category"));
		const char *type =
		    json_string_value(json_object_get(attribute, "type"));
		const char *value =
		    json_string_value(json_object_get(attribute, "value"));
		if (!category || !type || !value ||
		    strcmp(type, "comment") != 0 ||
		    strcmp(category, "External analysis") != 0)
			continue;
		pdf_text(report->pdf, PDF_LABEL, "External analysis", NULL);
		pdf_text(report->pdf, PDF_BODY, value, NULL);
	}
}

void pdf_event_description(const struct pdf_event *report)
{
	struct misp_query *query = report->query;
	const char *creator = pdf_organisation(report, "Orgc");
	const char *date = event_text(query, report->event, "date");
	const char *threat = pdf_word(report, "threat_level_id", pdf_threats,
				      COUNT(pdf_threats));
	const char *analysis =
	    pdf_word(report, "analysis", pdf_analyses, COUNT(pdf_analyses));
	pdf_text(report->pdf, PDF_SECTION, "Description", NULL);
	pdf_text(
	    report->pdf, PDF_BODY,
	    misp_text(
		query,
		"%s shared the event \xe2\x80\x9c%s\xe2\x80\x9d, which is "
		"dated %s. Its threat level: %s. Its analysis: %s. It is %s "
		"and has %zu attributes and %zu objects.",
		creator ? creator : "An unknown organisation",
		pdf_event_title(report), date ? date : "unknown",
		threat ? threat : "unknown", analysis ? analysis : "unknown",
		pdf_published(report) ? "published" : "not published",
		json_array_size(misp_event_attributes(report->event)),
		json_array_size(event_member(report->event, "Object"))),
	    NULL);
	pdf_analyses_of(report);
}

void pdf_event_related(const struct pdf_event *report)
{
	static const struct pdf_cell header[PDF_COLUMNS] = {
	    {0.2, PDF_LABEL, "Date"},
	    {0.45, PDF_LABEL, "Event"},
	    {0.35, PDF_LABEL, "UUID"}};
	const json_t *related = event_member(report->event, "RelatedEvent");
	size_t i;
	json_t *element;
	if (json_array_size(related) == 0)
		return;
	pdf_text(report->pdf, PDF_SECTION, "Related events", NULL);
	pdf_table(report->pdf, header);
	json_array_foreach (related, i, element) {
		const json_t *event = json_object_get(element, "Event");
		const char *uuid = misp_text_at(report->query, event, "uuid");
		const char *url = pdf_event_url(report, uuid);
		const char *date = misp_text_at(report->query, event, "date");
		if (pdf_is_full(report->pdf))
			break;
		pdf_row(report->pdf,
			(const struct pdf_cell[PDF_COLUMNS]){
			    {0.2, PDF_BODY,
			     date ? date
				  : pdf_event_time(report->query, event,
						   "timestamp")},
			    {0.45, PDF_BODY,
			     misp_text_at(report->query, event, "info"), url},
			    {0.35, PDF_SMALL, uuid, url}},
			true);
	}
	pdf_table_end(report->pdf);
}
