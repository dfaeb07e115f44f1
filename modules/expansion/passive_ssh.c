/*
 * passive_ssh.c: the SSH keys seen on an address, or the addresses of a key.
 */
#include "misp-module.h"

#include <string.h>

static const struct misp_service ssh_service = {
    .name = "Passive SSH",
    .url = "https://passivessh.circl.lu",
    .url_setting = "custom_api_url",
    .failures = MISP_FAILURES({404, "Non existing hash"},
			      {MISP_OTHERWISE, "API not accessible"}),
};
static const struct misp_mapping ssh_fields[] = {
    {"first_seen", "first_seen", MISP_FROM_TIME},
    {"last_seen", "last_seen", MISP_FROM_TIME},
    {"base64", "base64"},
    {"keys.fingerprint", "fingerprint"},
    {"hosts", "host"},
    {0}};

static json_t *ssh_query(struct misp_query *query)
{
	const char *user =
	    misp_setting_or(query, "api_user", "passive-ssh user required");
	const char *key =
	    misp_setting_or(query, "api_key", "passive-ssh password required");
	const struct misp_attribute *attribute =
	    misp_attribute_or(query, "ip is missing.");
	if (!user || !key || !attribute)
		return NULL;
	bool is_key = strcmp(attribute->type, "ssh-fingerprint") == 0;
	struct misp_http *http = misp_http(query, &ssh_service);
	misp_http_path(http, is_key ? "fingerprint" : "host",
		       is_key ? "all" : "ssh", attribute->value);
	misp_http_basic(http, user, key);
	const json_t *known = misp_http_fetch_json(http);
	json_t *results = misp_standard();
	misp_add_own(results, attribute);
	json_t *object = misp_add_object(results, "passive-ssh");
	if (misp_map(query, object, known, ssh_fields) == 0)
		misp_fail(query, "Empty result");
	misp_reference(object, attribute->uuid, "related-to");
	return misp_finish(query, results);
}

MISP_MODULE(
    passive_ssh, .types = MISP_EXPANSION | MISP_HOVER, .format = MISP_STANDARD,
    .query = ssh_query, .title = "Passive SSH", .version = "1",
    .author = "MISP modules FastCGI server",
    .description = "Asks Passive SSH about an address or a key.",
    .references = MISP_LIST("https://passivessh.circl.lu/"),
    .input = MISP_LIST("ip-src", "ip-dst", "ssh-fingerprint"),
    .settings = MISP_SETTINGS({"custom_api_url", "URL of another server", NULL},
			      {"api_user", "Name of an account there", NULL},
			      {"api_key", "Password of that account", NULL}),
    .services = MISP_SERVICES(&ssh_service));
