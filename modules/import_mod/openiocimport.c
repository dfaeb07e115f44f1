/*
 * openiocimport.c: the indicators of an OpenIOC file.
 *
 * pkg-config: libxml-2.0 (libxml2-dev)
 */
#include "openioc/openioc.h"
#include "openioc/openioc_type.h"
#include "reads.h"

#include <string.h>

struct openioc_import {
	struct misp_query *query;
	json_t *rows;
	json_t *tags; /* of each row */
};

/* The user's, with commas between them; lives as long as the query. */
static json_t *openioc_tags(struct misp_query *query)
{
	static const char blank[] = " \t\r\n";
	const char *list = misp_option(query, "default tag");
	json_t *tags = misp_keep(query, json_array());
	while (list && *list) {
		list += strspn(list, blank);
		size_t all = strcspn(list, ","), length = all;
		while (length > 0 && strchr(blank, list[length - 1]))
			length--;
		if (length > 0)
			json_array_append_new(tags, misp_string(list, length));
		list += all + (list[all] == ',');
	}
	return tags;
}

/* A row, borrowed; NULL for an empty value. */
static json_t *openioc_row(const struct openioc_import *import,
			   struct openioc_type type, const char *value)
{
	json_t *row = misp_row(import->rows, MISP_TYPES(type.name), value);
	misp_row_category(row, type.category);
	/* Shared, not copied: there may be many rows. */
	if (row && json_array_size(import->tags) > 0)
		json_object_set(row, "tags", import->tags);
	return row;
}

/* The file itself, unless the user ticked that it is not wanted. */
static void openioc_keep_file(const struct openioc_import *import,
			      const void *bytes, size_t size)
{
	static const char option[] = "not save ioc";
	const char *name = misp_filename(import->query);
	if (!misp_option(import->query, option) ||
	    misp_option_true(import->query, option))
		return;
	json_t *row = openioc_row(
	    import, (struct openioc_type){"attachment", "Support Tool"},
	    name && *name ? name : "openioc.ioc");
	misp_attach(row, bytes, size);
}

/* An address with a port, "192.0.2.1:80", is a composite. */
static void openioc_add_port(struct misp_query *query,
			     struct openioc_type *type, const char **value)
{
	const char *colon = strchr(*value, ':');
	if (!colon || strchr(colon + 1, ':'))
		return;
	if (strcmp(type->name, "ip-dst") == 0)
		type->name = "ip-dst|port";
	else if (strcmp(type->name, "ip-src") == 0)
		type->name = "ip-src|port";
	else
		return;
	*value = misp_text(query, "%.*s|%s", (int)(colon - *value), *value,
			   colon + 1);
}

static void openioc_single(const struct openioc_import *import,
			   const struct openioc_item *item)
{
	struct misp_query *query = import->query;
	const char *value = item->content;
	const char *term = item->search;
	/* What a route leads to is told by the content alone. */
	if (strcasestr(term, "RouteEntryItem/Destination") &&
	    *item->content_type)
		term = misp_text(query, "%s/%s", term, item->content_type);
	struct openioc_type type = openioc_type(term ? term : "");
	openioc_add_port(query, &type, &value);
	misp_comment(openioc_row(import, type, value), "%s", item->comment);
}

/* Two items that make one attribute; false when they do not. */
static bool openioc_pair(const struct openioc_import *import,
			 const struct openioc_item *first,
			 const struct openioc_item *second)
{
	struct openioc_type type =
	    openioc_pair_type(first->search, second->search);
	if (!type.name || !*first->content || !*second->content)
		return false;
	json_t *row = openioc_row(
	    import, type,
	    misp_text(import->query, "%s|%s", first->content, second->content));
	misp_comment(row, "%s%s%s", first->comment,
		     *first->comment && *second->comment ? " " : "",
		     second->comment);
	return true;
}

/* Composites first, then what is in none of them. */
static void openioc_rows(const struct openioc_import *import,
			 const struct openioc *ioc)
{
	static const struct openioc_type comment = {"comment", "Other"};
	bool *done = misp_alloc(import->query, ioc->count + 2);
	misp_comment(openioc_row(import, comment, ioc->description), "%s", "");
	misp_comment(openioc_row(import, comment, ioc->author), "%s", "");
	for (size_t i = 0; done && i < ioc->count; i++) {
		const struct openioc_item *item = &ioc->items[i];
		if (item->pair && !done[i] &&
		    (openioc_pair(import, item, item + 1) ||
		     openioc_pair(import, item + 1, item)))
			done[i] = done[i + 1] = true;
	}
	for (size_t i = 0; done && i < ioc->count; i++)
		if (!done[i])
			openioc_single(import, &ioc->items[i]);
}

static json_t *openiocimport_query(struct misp_query *query)
{
	size_t size = 0;
	const unsigned char *bytes = misp_file(query, &size);
	const struct openioc *ioc =
	    bytes ? openioc_read(query, bytes, size) : NULL;
	if (!ioc)
		return NULL;
	struct openioc_import import = {query, misp_rows(),
					openioc_tags(query)};
	openioc_keep_file(&import, bytes, size);
	openioc_rows(&import, ioc);
	return misp_finish(query, import.rows);
}

MISP_MODULE(
    openiocimport, .types = MISP_IMPORT, .query = openiocimport_query,
    .title = "OpenIOC Import", .version = "0.1",
    .author = "MISP modules FastCGI server",
    .description = "Imports the indicators of an OpenIOC file.",
    .features = "Reads OpenIOC 1.0 and 1.1. Two items that have to hold "
		"together become one attribute where MISP has a composite "
		"type for them. Terms that MISP has no type for become "
		"\"other\".",
    .input_text = "An OpenIOC file.",
    .output_text = "Attributes, and the file itself.",
    .requirements = MISP_LIST("libxml2"),
    .references = MISP_LIST("https://www.fireeye.com/blog/threat-research/"
			    "2013/10/openioc-basics.html"),
    .input_source = MISP_LIST("file"),
    .options = MISP_OPTIONS(
	{.name = "not save ioc",
	 .type = MISP_BOOLEAN,
	 .message = "Do not keep the file itself as an attachment"},
	{.name = "default tag",
	 .type = MISP_STRING,
	 .message = "Tags for every attribute, with commas between them "
		    "(tlp:white,misp:threat-level=\"no-risk\")",
	 .optional = true}),
    .caged = true, .reads = MISP_LIST(READS_GCONV));
