/*
 * virustotal.c: VirusTotal's report on an indicator, and what it knows to be
 * related to it, as MISP objects.
 */
#include "virustotal.h"

#include "last_object.h"
#include "virustotal_report.h"

#include <string.h>

/* The work for one query. */
struct virustotal {
	struct misp_query *query;
	const struct virustotal_indicator *indicator;
	json_t *results;
	json_t *object; /* that of the indicator; borrowed */
};

struct virustotal_relationship {
	const char *name;
	void (*add)(const struct virustotal *work, const json_t *item,
		    const char *reference);
	const char *reference; /* the relationship type in MISP */
	bool deep;             /* see struct virustotal_client */
};

/* What is asked for an indicator, beside its report. */
struct virustotal_indicator {
	const char *collection;                /* in the API's paths */
	const struct misp_mapping *resolution; /* more for its object */
	const char *more;                      /* a second object */
	const struct misp_mapping *more_mappings;
	const struct virustotal_relationship *relationships;
};

static void add_domain(const struct virustotal *work, const json_t *item,
		       const char *reference)
{
	const json_t *domain = misp_add_attribute(
	    work->results, "domain", misp_text_at(work->query, item, "id"));
	if (domain)
		misp_reference(work->object, misp_uuid(domain), reference);
}

static void add_resolution(const struct virustotal *work, const json_t *item,
			   const char *reference)
{
	(void)reference;
	misp_map(work->query, work->object, item, work->indicator->resolution);
}

static void add_related(const struct virustotal *work, const json_t *item,
			const char *reference)
{
	misp_reference(virustotal_add_report(work->query, work->results, item),
		       misp_uuid(work->object), reference);
}

#define RELATIONSHIPS(...) \
	((const struct virustotal_relationship[]){__VA_ARGS__, {0}})

static const struct virustotal_indicator virustotal_domain = {
    .collection = "domains",
    .resolution = MISP_MAPPINGS({"attributes.ip_address", "ip"}),
    .more = "whois",
    .more_mappings = MISP_MAPPINGS({"attributes.whois", "text"}),
    .relationships = RELATIONSHIPS(
	{"siblings", add_domain, "sibling-of"},
	{"subdomains", add_domain, "subdomain"},
	{"resolutions", add_resolution},
	{"communicating_files", add_related, "communicates-with"},
	{"downloaded_files", add_related, "downloaded-from", true},
	{"referrer_files", add_related, "referring"},
	{"urls", add_related, "hosted-in", true}),
};

static const struct virustotal_indicator virustotal_address = {
    .collection = "ip_addresses",
    .resolution = MISP_MAPPINGS({"attributes.host_name", "domain"}),
    .more = "asn",
    .more_mappings = MISP_MAPPINGS({"attributes.asn", "asn", MISP_TO_AS},
				   {"attributes.network", "subnet-announced"},
				   {"attributes.country", "country"}),
    .relationships = RELATIONSHIPS({"resolutions", add_resolution},
				   {"urls", add_related, "hosted-in", true}),
};

static const struct virustotal_indicator virustotal_file = {
    .collection = "files",
    .relationships =
	RELATIONSHIPS({"itw_urls", add_related, "downloaded", true},
		      {"contacted_urls", add_related, "communicates-with"},
		      {"contacted_domains", add_related, "communicates-with"},
		      {"contacted_ips", add_related, "communicates-with"}),
};

static const struct virustotal_indicator virustotal_url = {
    .collection = "urls",
    .relationships = RELATIONSHIPS(
	{"communicating_files", add_related, "communicates-with", true},
	{"downloaded_files", add_related, "downloaded-from", true},
	{"referrer_files", add_related, "referring", true}),
};

/* By the type of the attribute. */
static const struct {
	const char *type;
	const struct virustotal_indicator *indicator;
} virustotal_indicators[] = {
    {"domain", &virustotal_domain},
    {"hostname", &virustotal_domain},
    {"ip-src", &virustotal_address},
    {"ip-dst", &virustotal_address},
    {"ip-src|port", &virustotal_address},
    {"ip-dst|port", &virustotal_address},
    {"url", &virustotal_url},
};

static const struct virustotal_indicator *indicator_of(const char *type)
{
	static const size_t count =
	    sizeof(virustotal_indicators) / sizeof(*virustotal_indicators);
	for (size_t i = 0; i < count; i++)
		if (strcmp(virustotal_indicators[i].type, type) == 0)
			return virustotal_indicators[i].indicator;
	return &virustotal_file; /* all other types are hashes */
}

static void add_relationships(const struct virustotal *work,
			      const struct virustotal_client *client,
			      const char *id)
{
	const struct virustotal_relationship *relationship =
	    work->indicator->relationships;
	for (; relationship->name; relationship++) {
		if (relationship->deep && !client->deep)
			continue;
		const json_t *items = virustotal_related(
		    work->query, client, work->indicator->collection, id,
		    relationship->name);
		size_t i;
		json_t *item;
		if (!items)
			return;
		json_array_foreach (items, i, item) {
			relationship->add(work, item, relationship->reference);
		}
	}
}

/* Its second object, which stays only if there is anything in it. */
static void add_more(const struct virustotal *work, const json_t *report)
{
	const struct virustotal_indicator *indicator = work->indicator;
	if (!indicator->more)
		return;
	json_t *more = misp_add_object(work->results, indicator->more);
	if (misp_map(work->query, more, report, indicator->more_mappings) == 0)
		last_object_drop(work->results, more);
}

/* How VirusTotal names the attribute in its paths. */
static const char *id_of(struct misp_query *query,
			 const struct misp_attribute *attribute,
			 const struct virustotal_indicator *indicator)
{
	if (indicator == &virustotal_url)
		return virustotal_url_id(query, attribute->value);
	if (indicator == &virustotal_address)
		return misp_part(query, attribute->value, 0);
	return attribute->value;
}

json_t *virustotal_query(struct misp_query *query,
			 const struct virustotal_client *client)
{
	if (!virustotal_check_key(query))
		return NULL;
	const struct misp_attribute *attribute =
	    misp_attribute_or(query, "Unsupported attribute type.");
	if (!attribute || !virustotal_check_proxy(query))
		return NULL;
	struct virustotal work = {query, indicator_of(attribute->type)};
	const json_t *report =
	    virustotal_report(query, client, work.indicator->collection,
			      id_of(query, attribute, work.indicator));
	if (!report)
		return NULL;
	work.results = misp_standard();
	work.object = virustotal_add_report(query, work.results, report);
	add_more(&work, report);
	if (work.object)
		add_relationships(&work, client,
				  misp_text_at(query, report, "id"));
	else
		misp_fail(query, "VirusTotal's report does not say what it is "
				 "about");
	return misp_finish(query, work.results);
}
