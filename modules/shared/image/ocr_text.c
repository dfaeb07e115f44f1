/*
 * ocr_text.c: reading text with tesseract; see ocr_text.h.
 *
 * pkg-config: tesseract lept (libtesseract-dev libleptonica-dev)
 */
#include "ocr_text.h"

#include <string.h>
#include <tesseract/capi.h>

/* Milliseconds of the query's time that are left for the answer. */
#define RESERVE 250

/* There to be called when tesseract was built with OpenMP. */
extern void omp_set_max_active_levels(int levels) __attribute__((weak));

struct ocr {
	struct misp_query *query;
	TessBaseAPI *tesseract;
};

static void tesseract_release(void *tesseract)
{
	TessBaseAPIDelete(tesseract);
}

static void monitor_release(void *monitor)
{
	TessMonitorDelete(monitor);
}

static void text_release(void *text)
{
	TessDeleteText(text);
}

/* Its reports go nowhere, and it starts no thread. */
static bool tesseract_init(TessBaseAPI *tesseract)
{
	char *names[] = {"debug_file"};
	char *values[] = {"/dev/null"};
	if (omp_set_max_active_levels)
		omp_set_max_active_levels(0);
	if (TessBaseAPIInit4(tesseract, OCR_DATA, "eng", OEM_DEFAULT, NULL, 0,
			     names, values, 1, 0) != 0)
		return false;
	TessBaseAPISetPageSegMode(tesseract, PSM_AUTO);
	return true;
}

struct ocr *ocr_new(struct misp_query *query)
{
	struct ocr *ocr = misp_alloc(query, sizeof(*ocr));
	TessBaseAPI *tesseract =
	    misp_defer(query, TessBaseAPICreate(), tesseract_release);
	if (!ocr || !tesseract)
		return misp_fail(query, "There is not enough memory to read "
					"text");
	if (!tesseract_init(tesseract))
		return misp_fail(query, "Text cannot be read: tesseract's data "
					"for English (tesseract-ocr-eng) is "
					"not in " OCR_DATA);
	*ocr = (struct ocr){query, tesseract};
	return ocr;
}

/* Without white space and the marks of pages around it. */
static const char *trimmed(struct misp_query *query, const char *text)
{
	static const char blank[] = " \t\n\v\f\r";
	text += strspn(text, blank);
	size_t length = strlen(text);
	while (length > 0 && strchr(blank, text[length - 1]))
		length--;
	return misp_text(query, "%.*s", (int)length, text);
}

const char *ocr_text(struct ocr *ocr, PIX *picture)
{
	struct misp_query *query = ocr->query;
	long left = misp_remaining(query) - RESERVE;
	ETEXT_DESC *monitor =
	    misp_defer(query, TessMonitorCreate(), monitor_release);
	if (!monitor)
		return NULL;
	/* 0 would be no limit. */
	TessMonitorSetDeadlineMSecs(monitor, left > 1 ? (int)left : 1);
	TessBaseAPISetImage2(ocr->tesseract, picture);
	bool read = TessBaseAPIRecognize(ocr->tesseract, monitor) == 0;
	if (misp_remaining(query) <= RESERVE)
		return misp_fail(query, "There was not enough time to read the "
					"text in the image");
	char *text =
	    read ? misp_defer(query, TessBaseAPIGetUTF8Text(ocr->tesseract),
			      text_release)
		 : NULL;
	/* Too small to hold a letter, for example. */
	return text ? trimmed(query, text) : "";
}
