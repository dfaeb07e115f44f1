/*
 * virustotal.c: what VirusTotal knows of an indicator, for those who have a
 * premium account.
 *
 * pkg-config: libcrypto (libssl-dev)
 */
#include "virustotal/virustotal.h"

static const struct misp_service virustotal_service = {
    .name = VIRUSTOTAL_NAME,
    .url = VIRUSTOTAL_URL,
    .failures = MISP_FAILURES({403, "ForbiddenError"}),
};

static const struct virustotal_client virustotal_client = {
    .service = &virustotal_service,
    .tool = "MISPModuleVirusTotalExpansion",
    .deep = true,
};

static json_t *virustotal_premium_query(struct misp_query *query)
{
	return virustotal_query(query, &virustotal_client);
}

MISP_MODULE(
    virustotal, .types = MISP_EXPANSION, .format = MISP_STANDARD,
    .query = virustotal_premium_query, .title = "VirusTotal v3 Lookup",
    .version = "6", .author = "MISP modules FastCGI server",
    .description = "Looks an indicator and all that is related to it up at "
		   "VirusTotal.",
    .logo = "virustotal.png",
    .features = "Up to eight requests for one attribute: the report, then one "
		"for each relationship. Some of them need a premium account; "
		"without one, use virustotal_public.",
    .input_text = "A domain, host name, IP address (with or without a port), "
		  "URL or hash of a file.",
    .output_text = "Objects of the indicator and of related files, URLs and "
		   "domains, each with its virustotal-report.",
    .references = MISP_LIST("https://www.virustotal.com/",
			    "https://docs.virustotal.com/reference/overview"),
    .input = MISP_LIST("hostname", "domain", "ip-src", "ip-dst", "md5", "sha1",
		       "sha256", "url", "ip-src|port", "ip-dst|port"),
    .services = MISP_SERVICES(&virustotal_service),
    .settings = MISP_SETTINGS({"apikey", "API key of a premium account", NULL},
			      {"event_limit",
			       "Items of each relationship, 1 to 1000", "10"},
			      VIRUSTOTAL_PROXY_SETTINGS));
