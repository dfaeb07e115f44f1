/*
 * pdf_document.h: opening a PDF file. Needs poppler-glib.
 */
#ifndef MODULES_PDF_DOCUMENT_H
#define MODULES_PDF_DOCUMENT_H

#include "misp-module.h"

#include <poppler.h>

static inline void pdf_document_release(void *document)
{
	g_object_unref(document);
}

/* Lives as long as the query, as the bytes have to. NULL when it is none, or
 * has a password (*locked); nothing has been said of that. */
static inline PopplerDocument *pdf_document_open(struct misp_query *query,
						 const void *bytes, size_t size,
						 bool *locked)
{
	GError *error = NULL;
	GBytes *file = g_bytes_new_static(bytes, size);
	PopplerDocument *document =
	    poppler_document_new_from_bytes(file, NULL, &error);
	*locked =
	    g_error_matches(error, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED);
	g_clear_error(&error);
	g_bytes_unref(file);
	return misp_defer(query, document, pdf_document_release);
}

#endif
