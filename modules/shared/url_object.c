/*
 * url_object.c: the parts of a URL as a MISP object.
 *
 * pkg-config: libpsl libidn2 (libpsl-dev libidn2-dev)
 */
#include "url_object.h"

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

static void suffixes_release(void *list)
{
	psl_free(list);
}

struct url_suffixes *url_suffixes(struct misp_query *query)
{
	return misp_defer(query, psl_latest(NULL), suffixes_release);
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

static void host_split(struct misp_query *query,
		       const struct url_suffixes *suffixes, const char *name,
		       struct host *host)
{
	const psl_ctx_t *list = (const void *)suffixes;
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

json_t *url_object_add(struct misp_query *query, json_t *results,
		       const struct url_suffixes *suffixes, const char *value)
{
	struct url url = {0};
	struct host host = {0};
	if (!url_split(query, value, &url))
		return NULL;
	if (!*url.ip)
		host_split(query, suffixes, url.host, &host);
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
