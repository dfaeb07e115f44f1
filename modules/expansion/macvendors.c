/*
 * macvendors.c: the vendor of a MAC address, asked from macvendors.com.
 */
#include "misp-module.h"

#include <string.h>

static const struct misp_service macvendors_service = {
    .name = "MacVendors",
    .url = "https://api.macvendors.com",
};

static json_t *macvendors_query(struct misp_query *query)
{
	const char *address = misp_value(query, "mac-address");
	if (!address)
		return misp_fail(query, "Unsupported attributes type");
	struct misp_http *http = misp_http(query, &macvendors_service);
	misp_http_path(http, address);
	misp_http_header(http, "User-Agent", misp_setting(query, "user-agent"));
	const struct misp_reply *reply = misp_http_send(http);
	if (!reply)
		return NULL;
	if (reply->status != 200 && reply->status != 404)
		return misp_fail(query,
				 "MacVendors API not accessible (HTTP %d)",
				 reply->status);
	/* A name is what the service answers with, and no page. */
	if (reply->status == 200 &&
	    strncmp(reply->type, "text/html", strlen("text/html")) == 0)
		return misp_fail(query, "MacVendors answered 200 with a page");
	bool found = reply->status == 200 && reply->size > 0;
	json_t *rows = misp_rows();
	json_t *row = misp_row(rows, MISP_TYPES("text"), "Not found");
	if (found)
		misp_set(
		    row, "values",
		    json_pack("[o]", misp_string((const char *)reply->bytes,
						 reply->size)));
	return rows;
}

MISP_MODULE(macvendors, .types = MISP_HOVER, .query = macvendors_query,
	    .title = "Macvendors Lookup", .version = "0.1",
	    .author = "MISP modules FastCGI server",
	    .description = "Names the vendor to whom a MAC address belongs.",
	    .logo = "macvendors.png", .input_text = "A MAC address.",
	    .output_text = "The name of the vendor.",
	    .references = MISP_LIST("https://macvendors.com/",
				    "https://macvendors.com/api"),
	    .input = MISP_LIST("mac-address"), .output = MISP_LIST("text"),
	    .settings = MISP_SETTINGS({"user-agent",
				       "What the service is told who asks",
				       "MISP-Module"}),
	    .services = MISP_SERVICES(&macvendors_service));
