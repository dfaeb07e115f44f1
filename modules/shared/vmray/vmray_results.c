/*
 * vmray_results.c: what is added to the results: counted, and cut where nobody
 * would read on.
 */
#include "vmray_parts.h"

#include <string.h>

/* Longer comments and tags help nobody. */
#define COMMENT_MAX 1000
#define TAG_MAX 200

bool vmray_room(struct vmray *vmray, const char *text)
{
	size_t size = text ? strlen(text) : 0;
	if (vmray->left == 0)
		return false;
	vmray->left--;
	if (size > vmray->left_bytes)
		vmray->left = 0;
	if (vmray->left == 0) {
		misp_comment(vmray->object,
			     "Only the beginning of the summary is here: it "
			     "is too long.");
		return false;
	}
	vmray->left_bytes -= size;
	return true;
}

json_t *vmray_object_add(struct vmray *vmray, json_t *object,
			 const char *relation, const char *value)
{
	return value && vmray_room(vmray, value)
		   ? misp_object_add(object, relation, value)
		   : NULL;
}

void vmray_tag(const struct vmray *vmray, json_t *element,
	       const char *predicate, const char *value)
{
	if (!vmray->options.tags || !value || !*value ||
	    strlen(value) > TAG_MAX || strchr(value, '"'))
		return;
	misp_tag(element,
		 misp_text(vmray->query, "vmray:%s=\"%s\"", predicate, value),
		 NULL);
}

/* A list of names that is being written. */
struct joined {
	struct misp_query *query;
	const char *text;
	size_t length;
};

/* False when there is no room for more, as a mark then says. */
static bool joined_add(struct joined *joined, const char *name)
{
	joined->length += name ? strlen(name) : 0;
	bool room = joined->length <= COMMENT_MAX;
	misp_append(joined->query, &joined->text, ", ", room ? name : "…");
	return room;
}

const char *vmray_joined(struct vmray *vmray, const char *title,
			 const json_t *set)
{
	struct misp_query *query = vmray->query;
	struct joined joined = {.query = query};
	const char *name;
	size_t i;
	json_t *entry;
	json_object_foreach ((json_t *)set, name, entry) {
		if (!joined_add(&joined, name))
			break;
	}
	json_array_foreach (set, i, entry) {
		if (!joined_add(&joined, misp_text_at(query, entry, "")))
			break;
	}
	return joined.text ? misp_text(query, "%s: %s", title, joined.text)
			   : NULL;
}
