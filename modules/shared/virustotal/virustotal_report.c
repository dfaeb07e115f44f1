/*
 * virustotal_report.c: one report of VirusTotal as two MISP objects: what it
 * is about, and the verdict on it.
 */
#include "virustotal_report.h"

#include "last_object.h"
#include "virustotal_api.h"

#include <string.h>

/* What VirusTotal has reports on. */
struct virustotal_kind {
	const char *type; /* in a report */
	const char *page; /* in the address of the page for people */
	const char *object;
	const struct misp_mapping *mappings;
};

static const struct virustotal_kind virustotal_kinds[] = {
    {"domain", "domain", "domain-ip", MISP_MAPPINGS({"id", "domain"})},
    {"ip_address", "ip-address", "domain-ip", MISP_MAPPINGS({"id", "ip"})},
    {"url", "url", "url", MISP_MAPPINGS({"attributes.url", "url"})},
    {"file", "file", "file",
     MISP_MAPPINGS({"attributes.md5", "md5"}, {"attributes.sha1", "sha1"},
		   {"attributes.sha256", "sha256"}, {"attributes.tlsh", "tlsh"},
		   {"attributes.vhash", "vhash"},
		   {"attributes.ssdeep", "ssdeep"},
		   {"attributes.imphash", "imphash"})},
};

static const struct virustotal_kind *kind_of(const char *type)
{
	static const size_t count =
	    sizeof(virustotal_kinds) / sizeof(*virustotal_kinds);
	for (size_t i = 0; type && i < count; i++)
		if (strcmp(virustotal_kinds[i].type, type) == 0)
			return &virustotal_kinds[i];
	return NULL;
}

/* How many engines came to a verdict; nonsense counts as none. */
static long verdicts(const json_t *stats, const char *verdict)
{
	static const json_int_t most = 1000000;
	json_int_t count = json_integer_value(misp_at(stats, verdict));
	return count > 0 && count < most ? (long)count : 0;
}

static const char *detection_ratio(struct misp_query *query,
				   const json_t *report)
{
	const json_t *stats = misp_at(report, "attributes.last_analysis_stats");
	const json_t *makers = misp_at(report, "attributes.known_distributors");
	if (json_object_size(stats) == 0)
		return "-/-";
	long malicious = verdicts(stats, "malicious");
	long total = verdicts(stats, "undetected") +
		     verdicts(stats, "suspicious") +
		     verdicts(stats, "harmless");
	/* VirusTotal's pages do not count those who blame a file that a known
	 * maker has published. */
	if (json_object_size(makers) + json_array_size(makers) == 0)
		total += malicious;
	return misp_text(query, "%ld/%ld", malicious, total);
}

json_t *virustotal_add_report(struct misp_query *query, json_t *results,
			      const json_t *report)
{
	const struct virustotal_kind *kind =
	    kind_of(misp_text_at(query, report, "type"));
	const char *id = misp_text_at(query, report, "id");
	if (!kind || !id)
		return NULL;
	json_t *object = misp_add_object(results, kind->object);
	if (misp_map(query, object, report, kind->mappings) == 0) {
		last_object_drop(results, object);
		return NULL;
	}
	json_t *verdict = misp_add_object(results, "virustotal-report");
	misp_object_add(
	    verdict, "permalink",
	    misp_text(query, VIRUSTOTAL_PAGES "/%s/%s", kind->page, id));
	misp_set(misp_object_add(verdict, "detection-ratio",
				 detection_ratio(query, report)),
		 "disable_correlation", json_true());
	misp_reference(object, misp_uuid(verdict), "analyzed-with");
	return object;
}
