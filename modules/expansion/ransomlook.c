/*
 * ransomlook.c: posts on the leak sites of ransomware groups that contain a
 * value, asked from RansomLook.
 */
#include "api_reply.h"
#include "last_object.h"

#define NAMES 5

static const struct misp_service ransomlook_service = {
    .name = "RansomLook",
    .url = "https://www.ransomlook.io/api",
    .failures =
	MISP_FAILURES({MISP_OTHERWISE, "RansomLook API request failed"}),
};

/* Whatever may be searched for: each type of attribute, and free text. */
static const char *const every_type[] = {
#define TYPE(name, category, to_ids) name,
#define CATEGORY(name)
#include "types.def"
#undef TYPE
#undef CATEGORY
    "freetext", NULL};

/* A relation and the members that may hold it, the best first. */
static const struct field {
	const char *relation;
	const char *const names[NAMES];
	enum misp_convert convert;
	bool telling; /* one of these is what makes a post */
} fields[] = {
    {"title",
     {"post_title", "title", "name", "victim", "victim_name"},
     MISP_TO_JOINED,
     true},
    {"entity-name",
     {"victim", "victim_name", "entity_name", "post_title", "title"},
     MISP_TO_JOINED},
    {"ransomware-group",
     {"group_name", "group", "group_slug", "ransomware_group"},
     MISP_TO_JOINED},
    {"description",
     {"description", "post_body", "body", "content", "summary"},
     MISP_TO_JOINED,
     true},
    {"date", {"date", "updated", "last_seen", "last_update"}, MISP_FROM_TIME},
    {"date-published",
     {"published", "date_published", "discovered", "first_seen", "created"},
     MISP_FROM_TIME},
    {"geo",
     {"country", "country_name", "country_code", "location", "geo"},
     MISP_TO_JOINED},
    {"sector", {"sector", "industry", "activity"}, MISP_TO_JOINED},
    {"severity", {"severity"}, MISP_TO_JOINED},
    {"website", {"website", "domain", "fqdn"}, MISP_TO_JOINED, true},
    {"link", {"url", "link", "post_url", "source_url"}, MISP_TO_JOINED, true},
    {"leak-site-url",
     {"leak_site_url", "leak_url", "post_url", "url", "link"},
     MISP_TO_JOINED,
     true},
};

#define FIELD_COUNT (sizeof(fields) / sizeof(*fields))

/* Adds the first of a field's members that has a value; whether one has. */
static bool field_add(struct misp_query *query, json_t *object,
		      const struct field *field, const json_t *post)
{
	for (size_t i = 0; i < NAMES && field->names[i]; i++) {
		const struct misp_mapping mapping[] = {
		    {field->names[i], field->relation, field->convert}, {0}};
		if (misp_map(query, object, post, mapping) > 0)
			return true;
	}
	return false;
}

/* Whether it has become an object. */
static bool post_add(struct misp_query *query, json_t *results,
		     const json_t *post, const char *uuid)
{
	bool telling = false;
	json_t *object = misp_add_object(results, "ransomware-group-post");
	for (size_t i = 0; i < FIELD_COUNT; i++)
		if (field_add(query, object, &fields[i], post))
			telling |= fields[i].telling;
	misp_reference(object, uuid, "related-to");
	if (telling)
		return true;
	last_object_drop(results, object);
	return false;
}

/* The list of posts, wherever the reply has it. */
static const json_t *posts_find(const json_t *reply)
{
	static const char *const names[] = {"results", "data", "hits", "posts"};
	if (json_is_array(reply))
		return reply;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (json_is_array(json_object_get(reply, names[i])))
			return json_object_get(reply, names[i]);
	return NULL;
}

static json_t *ransomlook_query(struct misp_query *query)
{
	const struct misp_attribute *attribute = misp_attribute(query);
	if (!attribute)
		return NULL;
	struct misp_http *http = misp_http(query, &ransomlook_service);
	misp_http_path(http, "search");
	misp_http_parameter(http, "q", attribute->value);
	const json_t *reply =
	    api_reply_json(query, misp_http_send(http), "RansomLook");
	if (!reply)
		return NULL;
	json_t *results = misp_standard();
	size_t index, count = 0;
	json_t *post;
	json_array_foreach (posts_find(reply), index, post)
		if (json_is_object(post))
			count +=
			    post_add(query, results, post, attribute->uuid);
	if (count == 0)
		misp_fail(query,
			  "No results found on RansomLook for this %s "
			  "attribute.",
			  attribute->type);
	return misp_finish(query, results);
}

MISP_MODULE(
    ransomlook, .types = MISP_EXPANSION | MISP_HOVER, .format = MISP_STANDARD,
    .query = ransomlook_query, .title = "RansomLook Lookup", .version = "1.0",
    .author = "MISP modules FastCGI server",
    .description = "Searches the posts on leak sites of ransomware groups "
		   "that RansomLook has collected.",
    .features = "Any attribute can be searched for. No key is needed.",
    .input_text = "Any attribute.",
    .output_text = "A ransomware-group-post object for each post.",
    .references = MISP_LIST("https://www.ransomlook.io/",
			    "https://www.ransomlook.io/doc/"),
    .input = every_type, .output = MISP_LIST("MISP objects"),
    .services = MISP_SERVICES(&ransomlook_service));
