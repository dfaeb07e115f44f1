/*
 * pdf_enrich.c: the text of a PDF document, page by page.
 *
 * pkg-config: poppler-glib (libpoppler-glib-dev poppler-data)
 */
#include "attachment.h"
#include "pdf_document.h"
#include "pdf_page.h"

/* A file of some kilobytes may claim, and have, any number of pages. */
#define PAGES_MAX 10000

static PopplerDocument *pdf_open(const struct attachment *attachment)
{
	bool locked = false;
	PopplerDocument *pdf = pdf_document_open(
	    attachment->query, attachment->bytes, attachment->size, &locked);
	if (!pdf)
		attachment_fail(
		    attachment, "%s",
		    locked ? "failed to unlock document: it is encrypted with "
			     "a password"
			   : "poppler error creating document");
	return pdf;
}

static void pdf_add_pages(struct attachment *attachment, PopplerDocument *pdf)
{
	int count = poppler_document_get_n_pages(pdf);
	for (int i = 0; i < count; i++) {
		if (i == PAGES_MAX || attachment_late(attachment)) {
			attachment->incomplete = misp_text(
			    attachment->query,
			    "only the first %d of its %d pages", i, count);
			return;
		}
		if (long_text_full(attachment->text))
			return;
		PopplerPage *page = poppler_document_get_page(pdf, i);
		if (!page) {
			attachment->incomplete =
			    "not all of its pages can be read";
			continue;
		}
		if (attachment->text->size > 0)
			long_text_put(attachment->text, "\n\n");
		pdf_page_add(page, attachment->text);
		g_object_unref(page);
	}
}

static json_t *pdf_query(struct misp_query *query)
{
	struct attachment *attachment = attachment_open(query, "PDF");
	PopplerDocument *pdf = attachment ? pdf_open(attachment) : NULL;
	if (!pdf)
		return NULL;
	pdf_add_pages(attachment, pdf);
	if (attachment->incomplete && attachment->text->size == 0)
		return attachment_fail(attachment,
				       "poppler error creating page");
	return attachment_rows(attachment, MISP_TYPES("freetext"));
}

MISP_MODULE(pdf_enrich, .types = MISP_EXPANSION, .query = pdf_query,
	    .title = "PDF Enrich", .version = "0.1",
	    .author = "MISP modules FastCGI server",
	    .description = "Reads the text of a PDF document.",
	    .features = "The text of all pages, in the order in which it is "
			"read. As freetext MISP finds the indicators in it.",
	    .input_text = "An attachment that is a PDF document.",
	    .output_text = "Its text.",
	    .requirements = MISP_LIST("poppler", "poppler-data for documents "
						 "in Chinese, Japanese and "
						 "Korean"),
	    .input = MISP_LIST("attachment"),
	    .output = MISP_LIST("freetext", "text"), .caged = true,
	    .reads = MISP_LIST("/usr/share/poppler"));
