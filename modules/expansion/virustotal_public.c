/*
 * virustotal_public.c: what VirusTotal knows of an indicator, within what a
 * free account may ask for.
 *
 * pkg-config: libcrypto (libssl-dev)
 */
#include "virustotal/virustotal.h"

static const struct misp_service virustotal_service = {
    .name = VIRUSTOTAL_NAME,
    .url = VIRUSTOTAL_URL,
};

static const struct virustotal_client virustotal_client = {
    .service = &virustotal_service,
    .tool = "MISPModuleVirusTotalPublicExpansion",
};

static json_t *virustotal_public_query(struct misp_query *query)
{
	return virustotal_query(query, &virustotal_client);
}

MISP_MODULE(
    virustotal_public, .types = MISP_EXPANSION | MISP_HOVER,
    .format = MISP_STANDARD, .query = virustotal_public_query,
    .title = "VirusTotal Public API Lookup", .version = "2",
    .author = "MISP modules FastCGI server",
    .description = "Looks an indicator and what is related to it up at "
		   "VirusTotal, with a free account.",
    .logo = "virustotal.png",
    .features = "Asks for up to ten items of each relationship that a free "
		"account may see; a domain takes six requests, a free account "
		"has four a minute.",
    .input_text = "A domain, host name, IP address, URL or hash of a file.",
    .output_text = "Objects of the indicator and of related files, URLs and "
		   "domains, each with its virustotal-report.",
    .references = MISP_LIST("https://www.virustotal.com",
			    "https://docs.virustotal.com/reference/overview"),
    .input = MISP_LIST("hostname", "domain", "ip-src", "ip-dst", "md5", "sha1",
		       "sha256", "url"),
    .services = MISP_SERVICES(&virustotal_service),
    .settings = MISP_SETTINGS({"apikey", "API key of an account", NULL},
			      VIRUSTOTAL_PROXY_SETTINGS));
