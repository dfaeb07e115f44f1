/*
 * ocr_text.h: the text that a picture shows. Needs tesseract.
 */
#ifndef MODULES_OCR_TEXT_H
#define MODULES_OCR_TEXT_H

#include "image.h"

/* What it reads at run time, for .reads: the data of Debian's packages. */
#define OCR_DATA "/usr/share/tesseract-ocr/5/tessdata"

/* Reads one picture after the other. */
struct ocr;

/* One that lives as long as the query; NULL after misp_fail. */
struct ocr *ocr_new(struct misp_query *query);

/* The lines of a picture's text, without what is blank around it: "" when it
 * has none. NULL after misp_fail, for want of time as well. */
const char *ocr_text(struct ocr *ocr, PIX *picture);

#endif
