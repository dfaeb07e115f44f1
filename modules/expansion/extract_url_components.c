/*
 * extract_url_components.c: the parts of a URL, as an object.
 *
 * pkg-config: libpsl libidn2 (libpsl-dev libidn2-dev)
 */
#include "url_split.h"

#include <libpsl.h>
#include <string.h>

/* The host's parts, told apart by the public suffix list. */
struct host {
	const char *tld;
	const char *subdomain;
	const char *domain;
	const char *domain_without_tld;
};

static void host_release(void *list)
{
	psl_free(list);
}

/* What stands before the dot before a tail of the name; NULL if nothing. */
static const char *host_before(struct misp_query *query, const char *name,
			       const char *tail)
{
	size_t length = strlen(name), behind = strlen(tail) + 1;
	if (length <= behind)
		return NULL;
	return misp_text(query, "%.*s", (int)(length - behind), name);
}

static void host_split(struct misp_query *query, const char *name,
		       struct host *host)
{
	psl_ctx_t *list = misp_defer(query, psl_latest(NULL), host_release);
	if (!list || !*name)
		return;
	host->tld = psl_unregistrable_domain(list, name);
	host->domain = psl_registrable_domain(list, name);
	if (!host->domain)
		return;
	host->subdomain = host_before(query, name, host->domain);
	if (host->tld)
		host->domain_without_tld =
		    host_before(query, host->domain, host->tld);
}

static json_t *url_object(struct misp_query *query, const char *value,
			  json_t *results)
{
	struct url url = {0};
	struct host host = {0};
	if (!url_split(query, value, &url))
		return NULL;
	if (!*url.ip)
		host_split(query, url.host, &host);
	json_t *object = misp_add_object(results, "url");
	misp_object_add(object, "url", url.whole);
	misp_object_add(object, "tld", host.tld);
	misp_object_add(object, "subdomain", host.subdomain);
	misp_object_add(object, "scheme", url.scheme);
	misp_object_add(object, "resource_path", url.path);
	misp_object_add(object, "query_string", url.query);
	misp_object_add(object, "port", url.port);
	misp_object_add(object, "host", url.host);
	misp_object_add(object, "ip", url.ip);
	misp_object_add(object, "fragment", url.fragment);
	misp_object_add(object, "domain_without_tld", host.domain_without_tld);
	misp_object_add(object, "domain", host.domain);
	return object;
}

static json_t *extract_query(struct misp_query *query)
{
	const struct misp_attribute *attribute = misp_attribute(query);
	if (!attribute)
		return NULL;
	if (!misp_accepts(query, attribute->type))
		return misp_fail(query, "Bad attribute type");
	json_t *results = misp_standard();
	json_t *object = url_object(query, attribute->value, results);
	if (!object) {
		json_decref(results);
		return NULL;
	}
	misp_reference(object, attribute->uuid, "generated-from");
	return results;
}

MISP_MODULE(
    extract_url_components, .types = MISP_EXPANSION | MISP_HOVER,
    .format = MISP_STANDARD, .query = extract_query,
    .title = "URL Components Extractor", .version = "1.0",
    .author = "MISP modules FastCGI server",
    .description = "Takes a URL apart into the fields of a url object.",
    .features = "Knows the public suffix list, names in other scripts, IP "
		"addresses as hosts, and URLs without a scheme. Nothing is "
		"asked over the network.",
    .input_text = "A URL.",
    .output_text = "A url object that refers to the attribute.",
    .references = MISP_LIST("https://publicsuffix.org/"),
    .requirements = MISP_LIST("libpsl", "libidn2"), .input = MISP_LIST("url"));
