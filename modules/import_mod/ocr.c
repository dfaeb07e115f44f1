/*
 * ocr.c: the text in a picture, or on the pages of a PDF file.
 *
 * pkg-config: tesseract (libtesseract-dev tesseract-ocr-eng)
 * pkg-config: lept libtiff-4 (libleptonica-dev libtiff-dev)
 * pkg-config: libgif libexif (libgif-dev libexif-dev)
 * pkg-config: poppler-glib cairo (libpoppler-glib-dev libcairo2-dev)
 */
#include "ocr_text.h"
#include "pdf_pages.h"

/* Of a file with more of them, these are read. */
#define PAGES_MAX 100

static const char ocr_not_image[] = "Corrupt or not an image file.";

/* What was read of a document so far. */
struct document {
	const char *text; /* NULL: none */
	int read;
	int count;
	long longest; /* milliseconds that a page took */
};

/* False when there is no time for the page. */
static bool ocr_page(struct misp_query *query, struct document *document,
		     struct pdf_pages *pdf, struct ocr *ocr)
{
	long before = misp_remaining(query);
	if (document->read > 0 && before < document->longest)
		return false;
	PIX *picture = pdf_pages_draw(pdf, document->read);
	const char *text = picture ? ocr_text(ocr, picture) : "";
	pixDestroy(&picture);
	if (!text)
		return false;
	if (*text)
		misp_append(query, &document->text, "\n\n", text);
	long took = before - misp_remaining(query);
	if (took > document->longest)
		document->longest = took;
	document->read++;
	return true;
}

static json_t *ocr_result(struct misp_query *query,
			  const struct document *document)
{
	bool whole = document->read == document->count;
	if (!document->text && whole)
		return misp_fail(query, "No text found in the file.");
	if (!document->text)
		return misp_fail(query,
				 "No text found on the first %d of %d pages.",
				 document->read, document->count);
	json_t *rows = misp_rows();
	json_t *row = misp_row(rows, MISP_TYPES("freetext"), document->text);
	if (!whole)
		misp_comment(row, "The first %d of %d pages", document->read,
			     document->count);
	return rows;
}

static json_t *ocr_pdf(struct misp_query *query, const void *bytes, size_t size)
{
	struct pdf_pages *pdf =
	    pdf_pages_open(query, bytes, size, ocr_not_image);
	struct ocr *ocr = pdf ? ocr_new(query) : NULL;
	if (!ocr)
		return NULL;
	struct document document = {.count = pdf_pages_count(pdf)};
	while (document.read < document.count && document.read < PAGES_MAX &&
	       ocr_page(query, &document, pdf, ocr))
		;
	/* What was read before the time ran out is better than nothing. */
	if (document.read > 0)
		misp_forget(query);
	return misp_finish(query, ocr_result(query, &document));
}

static json_t *ocr_picture(struct misp_query *query, const void *bytes,
			   size_t size)
{
	PIX *picture = image_read(query, bytes, size, ocr_not_image);
	struct ocr *ocr = picture ? ocr_new(query) : NULL;
	const char *text = ocr ? ocr_text(ocr, picture) : NULL;
	struct document document = {text && *text ? text : NULL, 1, 1, 0};
	return text ? ocr_result(query, &document) : NULL;
}

static json_t *ocr_query(struct misp_query *query)
{
	size_t size = 0;
	const unsigned char *bytes = misp_file(query, &size);
	if (!bytes)
		return NULL;
	return pdf_pages_are(bytes, size) ? ocr_pdf(query, bytes, size)
					  : ocr_picture(query, bytes, size);
}

MISP_MODULE(
    ocr, .types = MISP_IMPORT, .query = ocr_query, .title = "OCR Import",
    .version = "0.2", .author = "MISP modules FastCGI server",
    .description = "Reads the text in a picture, or on the pages of a PDF "
		   "file, for MISP to look for indicators in it.",
    .features = "Reads English, or what is written in its letters. Of a PDF "
		"file at most the first 100 pages, and as many as there is "
		"time for: then the comment says how many.",
    .input_text = "A picture or a PDF file.",
    .output_text = "Freetext: the text in it.",
    .requirements = MISP_LIST("tesseract", "leptonica", "poppler"),
    .input_source = MISP_LIST("file"), .caged = true,
    .reads = MISP_LIST(OCR_DATA, PDF_READS));
