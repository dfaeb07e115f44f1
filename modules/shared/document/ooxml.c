/*
 * ooxml.c: relationships between the parts of a docx, pptx or xlsx; see
 * ooxml.h.
 */
#include "ooxml.h"

#include <string.h>

/* The length of the folder that what has this length lies in: 2 for
 * "xl/workbook.xml", 0 at the root. */
static size_t folder_above(const char *part, size_t length)
{
	while (length > 0 && part[length - 1] != '/')
		length--;
	return length > 0 ? length - 1 : 0;
}

static size_t folder_length(const char *part)
{
	return folder_above(part, strlen(part));
}

/* The member a target means, seen from a folder: a path from the root, or
 * from the folder and with any "../" before it. */
static const char *ooxml_member(struct misp_query *query, const char *part,
				const char *target)
{
	if (*target == '/')
		return target + 1;
	size_t folder = folder_length(part);
	while (strncmp(target, "../", 3) == 0) {
		target += 3;
		folder = folder_above(part, folder);
	}
	if (folder == 0)
		return target;
	return misp_text(query, "%.*s/%s", (int)folder, part, target);
}

static void ooxml_relation(struct document *document, struct xml *xml,
			   const char *part, json_t *by_id, json_t *by_type)
{
	struct misp_query *query = document_attachment(document)->query;
	const char *mode = xml_attribute(xml, "TargetMode");
	if (mode && strcmp(mode, "External") == 0)
		return;
	const char *target = xml_attribute(xml, "Target");
	const char *member = target ? ooxml_member(query, part, target) : NULL;
	if (!member)
		return;
	const char *type = xml_attribute(xml, "Type");
	type = type && strrchr(type, '/') ? strrchr(type, '/') + 1 : "";
	if (!json_object_get(by_type, type))
		json_object_set_new(by_type, type, json_string(member));
	const char *id = xml_attribute(xml, "Id");
	if (id)
		json_object_set_new(by_id, id, json_string(member));
}

json_t *ooxml_relations(struct document *document, const char *part)
{
	struct misp_query *query = document_attachment(document)->query;
	size_t folder = folder_length(part);
	json_t *by_id = json_object(), *by_type = json_object();
	json_t *relations = misp_keep(
	    query, json_pack("{s:o, s:o}", "by id", by_id, "by type", by_type));
	const char *name =
	    misp_text(query, "%.*s%s_rels/%s.rels", (int)folder, part,
		      folder ? "/" : "", folder ? part + folder + 1 : part);
	struct xml *xml = relations && name ? xml_open(document, name) : NULL;
	if (!xml)
		return relations;
	/* The root is one step below nothing. */
	if (xml_child_named(xml, -1, "rel:Relationships"))
		while (xml_child(xml, 0))
			if (xml_is(xml, "rel:Relationship"))
				ooxml_relation(document, xml, part, by_id,
					       by_type);
	xml_close(xml);
	return relations;
}

const char *ooxml_by_id(const json_t *relations, const char *id)
{
	return json_string_value(
	    json_object_get(json_object_get(relations, "by id"), id));
}

const char *ooxml_by_type(const json_t *relations, const char *type)
{
	return json_string_value(
	    json_object_get(json_object_get(relations, "by type"), type));
}

const char *ooxml_main(struct document *document)
{
	const char *part =
	    ooxml_by_type(ooxml_relations(document, ""), "officeDocument");
	if (!part)
		document_fail(document, "nothing in it says which of its "
					"parts is the document");
	return part;
}

struct xml *ooxml_open_main(struct document *document, const char *part,
			    const char *root, const char *what)
{
	struct xml *xml = part ? xml_open(document, part) : NULL;
	if (part && !xml)
		return document_fail(document, "it lacks its part %s", part);
	if (!xml || !xml_child(xml, -1))
		return NULL;
	if (!xml_is(xml, root))
		return document_fail(document, "it is not %s", what);
	return xml;
}
