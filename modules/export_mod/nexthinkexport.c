/*
 * nexthinkexport.c: queries of Nexthink (NXQL) that look for an event's
 * attributes.
 */
#include "hunting.h"

#define PERIOD " (between now-$2 now)) (limit 1000)     "

#define SELECT_BINARY(condition)                                     \
	"select ((binary (executable_name version)) (user (name)) "  \
	"(device (name last_ip_address)) (execution (binary_path "   \
	"start_time))) (from (binary user device execution) (where " \
	"binary (eq " condition "))" PERIOD

static const struct hunting_template nexthink_templates[] = {
    {"sha1", SELECT_BINARY("sha1 (sha1 $1)")},
    {"sha256", SELECT_BINARY("sha256 (sha256 $1)")},
    {"md5", SELECT_BINARY("hash (md5 $1)")},
    {"domain",
     "select ((device name) (device (name last_ip_address)) (user name)"
     "(user department) (binary executable_name)(binary application_name)"
     "(binary description)(binary application_category)(binary "
     "(executable_name version)) (binary #\"Suspicious binary\")"
     "(binary first_seen)(binary last_seen)(binary threat_level)"
     "(binary hash) (binary paths) (destination name)(domain name) "
     "(domain domain_category)(domain hosting_country)(domain protocol)"
     "(domain threat_level) (port port_number)"
     "(web_request incoming_traffic)(web_request outgoing_traffic)) "
     "(from (web_request device user binary executable destination domain "
     "port) (where domain (eq name(string $1)))" PERIOD},
    {0},
};

static json_t *nexthink_query(struct misp_query *query)
{
	/* NXQL's words have no quotes around them, and it is not known how a
	 * character would be escaped between quotes. What has others than
	 * these is neither a hash nor a domain. */
	static const struct escape none[] = {{0}};
	static const struct hunting nexthink = {
	    .templates = nexthink_templates,
	    .escapes = none,
	    .characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			  "abcdefghijklmnopqrstuvwxyz0123456789-._",
	};
	return hunting_export(query, &nexthink);
}

MISP_MODULE(nexthinkexport, .types = MISP_EXPORT, .query = nexthink_query,
	    .title = "Nexthink NXQL Export", .version = "1.0",
	    .author = "MISP modules FastCGI server",
	    .description = "Exports an event's attributes as Nexthink queries "
			   "that find where they were seen.",
	    .logo = "nexthink.svg",
	    .features = "One NXQL query a line, for hashes and domains, to be "
			"sent to the Web API. Attributes of objects are left "
			"out, and domains that are not in ASCII.",
	    .input_text = "Events with their attributes.",
	    .output_text = "Queries in NXQL.",
	    .references = MISP_LIST(
		"https://doc.nexthink.com/Documentation/Nexthink/latest/"
		"APIAndIntegrations/IntroducingtheWebAPIV2"),
	    .settings = MISP_SETTINGS(HUNTING_PERIOD("15m, 1d, 2w, 30d")),
	    .file_extension = "nxql", .response_type = "application/txt");
