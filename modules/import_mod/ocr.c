/*
 * ocr.c: the text in a picture, or on the pages of a PDF file.
 *
 * pkg-config: tesseract (libtesseract-dev tesseract-ocr-eng)
 * pkg-config: lept libtiff-4 (libleptonica-dev libtiff-dev)
 * pkg-config: libgif libexif (libgif-dev libexif-dev)
 * pkg-config: libopenjp2 (libopenjp2-7-dev)
 * pkg-config: poppler-glib cairo (libpoppler-glib-dev libcairo2-dev)
 */
#include "image/ocr_text.h"
#include "pdf_pages.h"

/* Of a file with more of them, these are read. */
#define PAGES_MAX 100

static const char ocr_not_image[] = "Corrupt or not an image file.";

/* What is read, and how far that has come. */
struct document {
	struct misp_query *query;
	struct ocr *ocr;
	const unsigned char *bytes;
	size_t size;
	struct pdf_pages *pdf; /* NULL: a picture */
	int count;
	/* So far: */
	int read;
	const char *text; /* NULL: none */
	long longest;     /* milliseconds that a page took */
};

/* NULL after misp_fail; with no failure for a blank page. */
static PIX *ocr_picture(const struct document *document)
{
	return document->pdf
		   ? pdf_pages_draw(document->pdf, document->read)
		   : image_page(document->query, document->bytes,
				document->size, document->read, ocr_not_image);
}

/* False after misp_fail, and when there is no time for the page. */
static bool ocr_page(struct document *document)
{
	struct misp_query *query = document->query;
	long before = misp_remaining(query);
	if (document->read > 0 && before < document->longest)
		return false;
	PIX *picture = ocr_picture(document);
	const char *text = picture ? ocr_text(document->ocr, picture) : "";
	pixDestroy(&picture);
	if (!text || misp_failure(query))
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

static bool ocr_open(struct document *document)
{
	struct misp_query *query = document->query;
	document->bytes = misp_file(query, &document->size);
	if (!document->bytes)
		return false;
	if (pdf_pages_are(document->bytes, document->size)) {
		document->pdf = pdf_pages_open(query, document->bytes,
					       document->size, ocr_not_image);
		if (!document->pdf)
			return false;
		document->count = pdf_pages_count(document->pdf);
	} else {
		document->count = image_pages(document->bytes, document->size);
	}
	document->ocr = ocr_new(query);
	return document->ocr;
}

static json_t *ocr_query(struct misp_query *query)
{
	struct document document = {.query = query};
	if (!ocr_open(&document))
		return NULL;
	while (document.read < document.count && document.read < PAGES_MAX &&
	       ocr_page(&document))
		;
	/* What was read until then is better than nothing. */
	if (document.read > 0)
		misp_forget(query);
	return misp_finish(query, ocr_result(query, &document));
}

MISP_MODULE(
    ocr, .types = MISP_IMPORT, .query = ocr_query, .title = "OCR Import",
    .version = "0.2", .author = "MISP modules FastCGI server",
    .description = "Reads the text in a picture, or on the pages of a PDF "
		   "file, for MISP to look for indicators in it.",
    .features =
	"Reads English, or what is written in its letters. Of a PDF "
	"or TIFF file at most the first 100 pages, and as many as there is "
	"time for: then the comment says how many.",
    .input_text = "A picture or a PDF file.",
    .output_text = "Freetext: the text in it.",
    .requirements = MISP_LIST("tesseract", "leptonica", "poppler"),
    .input_source = MISP_LIST("file"), .caged = true,
    .reads = MISP_LIST(OCR_DATA, PDF_READS));
