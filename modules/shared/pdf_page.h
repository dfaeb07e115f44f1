/*
 * pdf_page.h: the text of a page of a PDF. Needs poppler-glib.
 */
#ifndef MODULES_PDF_PAGE_H
#define MODULES_PDF_PAGE_H

#include "long_text.h"

#include <poppler.h>

/* Adds the text of a page, and what ends a page. */
void pdf_page_add(PopplerPage *page, struct long_text *text);

#endif
