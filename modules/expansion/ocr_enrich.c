/*
 * ocr_enrich.c: the text in a picture that is attached.
 *
 * pkg-config: tesseract (libtesseract-dev tesseract-ocr-eng)
 * pkg-config: lept libtiff-4 (libleptonica-dev libtiff-dev)
 * pkg-config: libgif libexif (libgif-dev libexif-dev)
 * pkg-config: libopenjp2 (libopenjp2-7-dev)
 */
#include "image/ocr_text.h"

#include <string.h>

/* A row for each line: of several values in one MISP would parse the first
 * alone. */
static json_t *ocr_enrich_lines(struct misp_query *query, const char *text,
				const char *name)
{
	static const char blank[] = " \t\v\f\r";
	json_t *rows = misp_rows();
	while (*text) {
		text += strspn(text, blank);
		size_t line = strcspn(text, "\n"), length = line;
		while (length > 0 && strchr(blank, text[length - 1]))
			length--;
		json_t *row =
		    misp_row(rows, MISP_TYPES("freetext"),
			     misp_text(query, "%.*s", (int)length, text));
		misp_comment(row, "OCR from file %s", name);
		text += line + (text[line] == '\n');
	}
	return rows;
}

static json_t *ocr_enrich_query(struct misp_query *query)
{
	size_t size = 0;
	const char *name = misp_value(query, "attachment");
	const unsigned char *bytes = name ? misp_file(query, &size) : NULL;
	if (!bytes) {
		misp_forget(query);
		return misp_fail(query,
				 "Couldn't fetch attachment (JSON 'data' is "
				 "empty). Are you using the 'Query enrichment' "
				 "action?");
	}
	PIX *picture = image_read(query, bytes, size,
				  "Couldn't analyze file type. Only images are "
				  "supported right now.");
	struct ocr *ocr = picture ? ocr_new(query) : NULL;
	const char *text = ocr ? ocr_text(ocr, picture) : NULL;
	if (!text)
		return NULL;
	if (!*text)
		return misp_fail(query, "No text found in image.");
	return ocr_enrich_lines(query, text, name);
}

MISP_MODULE(
    ocr_enrich, .types = MISP_EXPANSION, .query = ocr_enrich_query,
    .title = "OCR Enrich", .version = "0.2",
    .author = "MISP modules FastCGI server",
    .description = "Reads the text in an attached picture, for MISP to look "
		   "for indicators in it.",
    .features = "Reads English, or what is written in its letters. Each line "
		"goes to MISP's freetext import.",
    .input_text = "An attachment that is a picture.",
    .output_text = "Freetext: the lines of the text in it.",
    .requirements = MISP_LIST("tesseract", "leptonica"),
    .input = MISP_LIST("attachment"), .output = MISP_LIST("freetext"),
    .caged = true, .reads = MISP_LIST(OCR_DATA));
