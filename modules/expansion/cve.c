/*
 * cve.c: what CIRCL's Vulnerability-Lookup knows of a CVE or other ID.
 */
#include "vulnerability/vulnerability.h"

static const struct misp_service cve_service = {
    .name = "Vulnerability-Lookup",
    .url = "https://cve.circl.lu",
    .failures = MISP_FAILURES(
	{MISP_OTHERWISE, "Vulnerability Lookup API not accessible"}),
};

static json_t *cve_query(struct misp_query *query)
{
	return vulnerability_query(
	    query, &cve_service,
	    "The attribute type should be \"vulnerability\".",
	    "Non existing vulnerability ID.");
}

MISP_MODULE(
    cve, .types = MISP_EXPANSION | MISP_HOVER, .format = MISP_STANDARD,
    .query = cve_query, .title = "CVE Lookup", .version = "2",
    .author = "MISP modules FastCGI server",
    .description = "Looks a CVE number, or any ID that Vulnerability-Lookup "
		   "knows, up at cve.circl.lu.",
    .logo = "vulnerability_lookup.png",
    .features = "Other IDs of the same flaw are looked up as well. A record of "
		"a source that is not known here is read by its format.",
    .input_text = "The ID of a vulnerability.",
    .output_text = "Vulnerability and weakness objects.",
    .references = MISP_LIST("https://cve.circl.lu/", "https://www.cve.org/"),
    .input = MISP_LIST("vulnerability"),
    .services = MISP_SERVICES(&cve_service));
