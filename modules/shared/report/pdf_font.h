/*
 * pdf_font.h: the fonts of this machine, for Pango.
 */
#ifndef MODULES_PDF_FONT_H
#define MODULES_PDF_FONT_H

#include "misp-module.h"

#include <pango/pangocairo.h>

/* What is written in; what it lacks is taken from any other font. */
struct pdf_font {
	PangoFontMap *map;
	const char *family; /* one or several, the first there is counts */
};

/* Both belong to the query. path is a font file to use before all others, or
 * NULL; one that cannot be used is passed over. False after misp_fail when
 * there is no font at all. */
bool pdf_font_open(struct misp_query *query, const char *path,
		   struct pdf_font *font);

#endif
