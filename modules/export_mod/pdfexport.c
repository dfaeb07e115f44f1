/*
 * pdfexport.c: a report on an event, to read and to print.
 *
 * pkg-config: pangocairo fontconfig (libpango1.0-dev)
 */
#include "misp-module.h"

#include "event_objects.h"
#include "report/pdf_event.h"

static void pdf_describe_event(const struct pdf_event *report)
{
	struct misp_query *query = report->query;
	const char *author =
	    misp_text_at(query, event_member(report->event, "Orgc"), "name");
	const char *creator = misp_setting(query, "MISP_name_for_metadata");
	const char *title = pdf_event_title(report);
	pdf_describe(report->pdf,
		     &(const struct pdf_metadata){
			 .title = title,
			 .subject = title,
			 .author = author,
			 .creator = creator ? creator : author,
			 .keywords = event_text(query, report->event, "uuid")});
}

static void pdf_write_event(const struct pdf_event *report)
{
	struct misp_query *query = report->query;
	const json_t *galaxies = event_member(report->event, "Galaxy");
	pdf_describe_event(report);
	pdf_text(
	    report->pdf, PDF_TITLE, pdf_event_title(report),
	    pdf_event_url(report, event_text(query, report->event, "uuid")));
	if (misp_setting_true(query, "Activate_textual_description", false))
		pdf_event_description(report);
	pdf_event_facts(report);
	if (misp_setting_true(query, "Activate_related_events", false))
		pdf_event_related(report);
	if (report->galaxies && json_array_size(galaxies) > 0) {
		pdf_text(report->pdf, PDF_SECTION, "Related galaxies", NULL);
		pdf_event_galaxies(report, galaxies);
	}
	pdf_page(report->pdf);
	pdf_event_attributes(report);
	pdf_event_objects(report);
}

static json_t *pdfexport_query(struct misp_query *query)
{
	json_t *event = json_array_get(misp_events(query), 0);
	if (!event)
		return NULL;
	const char *uuid = event_text(query, event, "uuid");
	struct pdf_event report = {
	    .query = query,
	    .event = event,
	    .base_url = misp_setting(query, "MISP_base_url_for_dynamic_link"),
	    .galaxies =
		misp_setting_true(query, "Activate_galaxy_description", false),
	    .pdf = pdf_open(query,
			    misp_text(query, "MISP event %s", uuid ? uuid : ""),
			    misp_setting(query, "Custom_fonts_path"))};
	if (!report.pdf)
		return NULL;
	pdf_write_event(&report);
	return pdf_close(report.pdf);
}

MISP_MODULE(
    pdfexport, .types = MISP_EXPORT, .query = pdfexport_query,
    .title = "PDF Export", .version = "1.0",
    .author = "MISP modules FastCGI server",
    .description = "Exports an event as a PDF report, to read and to print.",
    .features =
	"The report has the event's facts and tags, its attributes and its "
	"objects with theirs; descriptions, galaxies and related events if "
	"the settings say so. Any script is shown for which a font is "
	"installed (for instance by the packages fonts-noto-core and "
	"fonts-noto-cjk). Values are never read as markup, and but for "
	"attributes of the type link they are no links either. A value of many "
	"pages is cut, and says so.",
    .input_text = "An event.", .output_text = "A PDF file, A4.",
    .references = MISP_LIST("https://www.iso.org/standard/75839.html"),
    .requirements = MISP_LIST("cairo", "pango"),
    .settings = MISP_SETTINGS(
	{"MISP_base_url_for_dynamic_link",
	 "URL of your MISP; with it the report has links to its events there"},
	{"MISP_name_for_metadata",
	 "name of your CERT or MISP, for the creator in the file's metadata"},
	{"Activate_textual_description", "true: begin with a summary in words"},
	{"Activate_galaxy_description", "true: describe the galaxies"},
	{"Activate_related_events",
	 "true: list the related events, which may tell readers of events that "
	 "they should not know of"},
	{"Activate_internationalization_fonts",
	 "nothing to do here: other scripts are always shown if a font is "
	 "installed"},
	{"Custom_fonts_path", "a font file on the server to write in"}),
    .require_standard_format = true, .file_extension = "pdf",
    .response_type = "application/pdf");
