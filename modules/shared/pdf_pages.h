/*
 * pdf_pages.h: the pages of a PDF file as pictures. Needs poppler.
 */
#ifndef MODULES_PDF_PAGES_H
#define MODULES_PDF_PAGES_H

#include "image/image.h"

/* A page has at most so many pixels: beyond, it comes smaller. */
#define PDF_PIXELS_MAX 10000000

/* What it reads at run time, for .reads: fonts for texts that bring none, and
 * tables of Chinese, Japanese and Korean characters. */
#define PDF_READS                                                  \
	"/etc/fonts", "/usr/share/fontconfig", "/usr/share/fonts", \
	    "/usr/local/share/fonts", "/var/cache/fontconfig",     \
	    "/usr/share/poppler"

struct pdf_pages;

/* Whether the bytes say of themselves that they are PDF. */
bool pdf_pages_are(const void *bytes, size_t size);

/* Lives as long as the query, as the bytes have to. NULL after misp_fail: with
 * the message not_pdf when it cannot be read. */
struct pdf_pages *pdf_pages_open(struct misp_query *query, const void *bytes,
				 size_t size, const char *not_pdf);

/* How many pages it says it has. */
int pdf_pages_count(const struct pdf_pages *pdf);

/* A page, from 0, as one would print it, to be destroyed; NULL when there is
 * none, nothing is on it, or no memory for it. */
PIX *pdf_pages_draw(struct pdf_pages *pdf, int index);

#endif
