/*
 * virustotal_collections.c: makes a collection in VirusTotal of the indicators
 * of an event, and exports where it is.
 *
 * pkg-config: libcrypto (libssl-dev)
 */
#include "virustotal/virustotal_api.h"

#include <stdlib.h>
#include <string.h>

#define TOOL "MISPModuleVirusTotalCollectionExport"
#define ID_LETTERS \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
#define STATUS_REFUSED 400 /* the event: another may still be taken */

static const struct misp_service virustotal_service = {
    .name = VIRUSTOTAL_NAME,
    .url = VIRUSTOTAL_URL,
};

static json_t *tags_of(const json_t *event_tags)
{
	json_t *tags = json_array();
	size_t i;
	json_t *event_tag;
	json_array_foreach (event_tags, i, event_tag) {
		json_t *tag = json_object_get(event_tag, "Tag");
		if (tag)
			json_array_append(tags, tag);
	}
	return tags;
}

/* The event as MISP's own JSON has it: MISP's exports have its lists beside
 * it. */
static json_t *event_whole(json_t *item)
{
	json_t *event = json_copy(json_object_get(item, "Event"));
	const char *name;
	json_t *member;
	json_object_foreach (item, name, member) {
		if (strcmp(name, "Event") == 0 ||
		    (!json_is_array(member) && !json_is_object(member)))
			continue;
		if (strcmp(name, "EventTag") == 0)
			misp_set(event, "Tag", tags_of(member));
		else
			misp_set(event, name, json_incref(member));
	}
	return json_pack("{s:o}", "Event", event);
}

/* What is said of an event in the file: where its collection is, or why there
 * is none. NULL after misp_fail. */
static const char *collection_of(struct misp_query *query, json_t *item)
{
	const char *uuid = json_string_value(misp_at(item, "Event.uuid"));
	if (!uuid)
		return misp_fail(query, "An event has no uuid");
	struct misp_http *http = misp_http(query, &virustotal_service);
	misp_http_path(http, "integrations", "misp", "collections");
	misp_http_header(http, "x-apikey", misp_setting(query, "vt_api_key"));
	misp_http_header(http, "x-tool", TOOL);
	misp_http_json(http, event_whole(item));
	virustotal_use_proxy(query, http);
	const struct misp_reply *reply = misp_http_send(http);
	if (!reply)
		return NULL;
	const json_t *json = misp_reply_json(query, reply);
	bool refused = reply->status == STATUS_REFUSED;
	const char *words = misp_text_at(query, json, "error.message");
	if (refused && words)
		return misp_text(query, "%s: %s", uuid, words);
	if (reply->status < 200 || reply->status > 299)
		return virustotal_fail(query, &virustotal_service, http, reply);
	const char *id = misp_text_at(query, json, "data.id");
	if (!id || id[strspn(id, ID_LETTERS)])
		return misp_fail(query, "VirusTotal sent something else than a "
					"collection");
	return misp_text(query, "%s: " VIRUSTOTAL_PAGES "/collection/%s/iocs",
			 uuid, id);
}

static json_t *collections_query(struct misp_query *query)
{
	if (!misp_setting_or(query, "vt_api_key",
			     "A VirusTotal api key is required for this "
			     "module.") ||
	    !virustotal_check_proxy(query))
		return NULL;
	json_t *events = misp_events(query);
	const char *text = NULL;
	size_t i;
	json_t *item;
	json_array_foreach (events, i, item) {
		const char *line = collection_of(query, item);
		if (!line)
			return NULL;
		misp_append(query, &text, "\n", line);
	}
	return text ? misp_export(text, strlen(text)) : NULL;
}

MISP_MODULE(
    virustotal_collections, .types = MISP_EXPORT, .format = MISP_STANDARD,
    .query = collections_query, .title = "VirusTotal Collections Export",
    .version = "1.0", .author = "MISP modules FastCGI server",
    .description = "Makes a collection in VirusTotal of the indicators of "
		   "each event.",
    .logo = "virustotal.png",
    .features = "The whole event is sent to VirusTotal, where others may see "
		"the collection. What is exported is its address.",
    .input_text = "Events with domains, host names, hashes, URLs or IP "
		  "addresses.",
    .output_text = "The address of a collection for each event.",
    .requirements = MISP_LIST("An access to the VirusTotal API (apikey)"),
    .references = MISP_LIST("https://docs.virustotal.com/reference/collections",
			    "https://blog.virustotal.com/2021/11/"
			    "introducing-virustotal-collections.html"),
    .input = MISP_LIST("hostname", "domain", "ip-src", "ip-dst", "md5", "sha1",
		       "sha256", "url"),
    .settings = MISP_SETTINGS({"vt_api_key", "Key for VirusTotal's API", NULL},
			      VIRUSTOTAL_PROXY_SETTINGS),
    .file_extension = "txt", .response_type = "application/txt",
    .services = MISP_SERVICES(&virustotal_service));
