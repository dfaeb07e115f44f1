/*
 * ooxml.h: how the parts of a docx, pptx or xlsx refer to each other: by the
 * relationships that lie beside each of them.
 */
#ifndef MODULES_OOXML_H
#define MODULES_OOXML_H

#include "document.h"

/* The relationships of a part: {"by id": {"rId1": "xl/workbook.xml"},
 * "by type": {"sharedStrings": "xl/sharedStrings.xml"}}. Borrowed, lives as
 * long as the query. NULL without memory; empty when there are none. */
json_t *ooxml_relations(struct document *document, const char *part);

/* The part a relationship leads to, by its id or by the last word of its type
 * (the first of that type); borrowed. NULL if there is none. */
const char *ooxml_by_id(const json_t *relations, const char *id);
const char *ooxml_by_type(const json_t *relations, const char *type);

/* The document's main part. NULL after misp_fail. */
const char *ooxml_main(struct document *document);

/* Opens the main part, whose root has to be of this name, inside of which the
 * reading then is. NULL after misp_fail, which calls it what it is not. */
struct xml *ooxml_open_main(struct document *document, const char *part,
			    const char *root, const char *what);

#endif
