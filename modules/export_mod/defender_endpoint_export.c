/*
 * defender_endpoint_export.c: hunting queries of Microsoft Defender for
 * Endpoint (KQL) that look for an event's attributes.
 */
#include "hunting.h"

#define GAP "         "
#define PERIOD "Timestamp between(ago($2) .. now())"

#define FILES                                                               \
	"DeviceFileEvents, DeviceImageLoadEvents, DeviceProcessEvents)" GAP \
	"where "
#define FIND_FILE(hash)                                                       \
	"find in (DeviceEvents, DeviceAlertEvents, AlertInfo, "               \
	"AlertEvidence, " FILES "(" hash " == '$1' or InitiatingProcess" hash \
	" == '$1') and" GAP PERIOD

#define FIND_ADDRESS                                             \
	"find in (DeviceAlertEvents, AlertInfo, AlertEvidence, " \
	"DeviceNetworkEvents)" GAP "where RemoteIP == '$1' and" GAP PERIOD

#define SEARCH_URL                                                    \
	"let url = '$1';" GAP                                         \
	"search in (EmailUrlInfo,UrlClickEvents,DeviceNetworkEvents," \
	"DeviceFileEvents,DeviceEvents,BehaviorEntities, AlertInfo, " \
	"AlertEvidence, DeviceAlertEvents)" GAP PERIOD " and" GAP     \
	"RemoteUrl has url" GAP "or FileOriginUrl has url" GAP        \
	"or FileOriginReferrerUrl has url" GAP "or Url has url"

static const struct hunting_template defender_templates[] = {
    /* The parent's SHA1 is what the Python module compares; whoever reads its
     * queries by program finds the same. */
    {"sha256",
     "find in (DeviceEvents, DeviceAlertEvents,AlertInfo, "
     "AlertEvidence,  " FILES
     "(SHA256 == '$1' or InitiatingProcessSHA1 == '$1') and" GAP PERIOD},
    {"sha1", FIND_FILE("SHA1")},
    {"md5", FIND_FILE("MD5")},
    {"domain", SEARCH_URL},
    {"ip-src", FIND_ADDRESS},
    {"ip-dst", FIND_ADDRESS},
    {"url", SEARCH_URL},
    {0},
};

static const struct escape defender_escapes[] = {
    {'\'', "\\'"}, {'\\', "\\\\"}, {'\n', "\\n"}, {'\r', "\\r"}, {0},
};

static json_t *defender_query(struct misp_query *query)
{
	static const struct hunting defender = {
	    .templates = defender_templates,
	    .escapes = defender_escapes,
	    .with_objects = true,
	};
	return hunting_export(query, &defender);
}

MISP_MODULE(
    defender_endpoint_export, .types = MISP_EXPORT, .query = defender_query,
    .title = "Microsoft Defender for Endpoint KQL Export", .version = "1.0",
    .author = "MISP modules FastCGI server",
    .description = "Exports an event's attributes as hunting queries "
		   "of Microsoft Defender for Endpoint.",
    .logo = "defender_endpoint.png",
    .features = "One KQL query a line, for hashes, domains, URLs and "
		"IP addresses, also those in objects.",
    .input_text = "Events with their attributes.",
    .output_text = "Queries in KQL.",
    .references = MISP_LIST("https://docs.microsoft.com/en-us/windows/security/"
			    "threat-protection/microsoft-defender-atp/"
			    "advanced-hunting-schema-reference"),
    .settings = MISP_SETTINGS(HUNTING_PERIOD("12h, 7d, 30d")),
    .file_extension = "kql", .response_type = "application/txt");
