/*
 * otx.c: what AlienVault's Open Threat Exchange knows of an indicator.
 */
#include "misp-module.h"

#include <string.h>

#define DEPTH_MAX 32
#define HEX "0123456789abcdefABCDEF"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

static const struct misp_service otx_service = {
    .name = "OTX",
    .url = "https://otx.alienvault.com/otxapi/indicator",
};

/* The work for one query. */
struct otx {
	struct misp_query *query;
	json_t *rows;
	json_t *seen; /* a set: type and value of each row */
};

/* A member, anywhere in a reply, whose values become rows. */
struct otx_member {
	const char *name;
	bool (*wanted)(const char *value);
	const char *const *types;
};

/* What is asked for an indicator: /KIND/SECTION/VALUE. */
struct otx_section {
	const char *kind;
	const char *name;
	const char *limit;
	const struct otx_member *members;
};

/* ---- Which values are wanted ---- */

/* What a sandbox's own system does says nothing about a sample. An entry that
 * ends with a dot is a network. */
static bool is_noise(const char *value)
{
	static const char *const noise[] = {"0.0.0.0", "8.8.8.8",
					    "255.255.255.255", "192.168.56.",
					    "time.windows.com"};
	for (size_t i = 0; i < sizeof(noise) / sizeof(*noise); i++) {
		size_t length = strlen(noise[i]);
		if (strncmp(value, noise[i], length) == 0 &&
		    (!value[length] || noise[i][length - 1] == '.'))
			return true;
	}
	return false;
}

static bool is_address(const char *value)
{
	return misp_ip_version(value) == 4;
}

static bool is_outer_address(const char *value)
{
	return is_address(value) && !is_noise(value);
}

static bool is_name(const char *value)
{
	return !is_noise(value);
}

static bool is_full_name(const char *value)
{
	return strchr(value, '.') && !is_noise(value);
}

static bool is_any(const char *value)
{
	(void)value;
	return true;
}

static bool is_sha256(const char *value)
{
	return strlen(value) == 64 && strspn(value, HEX) == 64;
}

static bool is_email(const char *value)
{
	size_t local = strspn(value, LETTERS "!#$%&'*+/=?^_`{|}~.-");
	const char *domain = value + local + 1;
	return local > 0 && value[local] == '@' && strchr(domain, '.') &&
	       !domain[strspn(domain, LETTERS ".-")];
}

/* ---- The questions ---- */

#define MEMBERS(...) ((const struct otx_member[]){__VA_ARGS__, {0}})

static const struct otx_section file_sections[] = {
    {"file", "analysis", NULL,
     MEMBERS({"dst", is_outer_address, MISP_TYPES("ip-dst", "ip-src")},
	     {"hostname", is_full_name, MISP_TYPES("hostname")})},
    {0},
};

static const struct otx_section address_sections[] = {
    {"ip", "malware", "1000",
     MEMBERS({"hash", is_sha256, MISP_TYPES("sha256")})},
    {"ip", "passive_dns", NULL,
     MEMBERS({"hostname", is_name, MISP_TYPES("hostname")})},
    {0},
};

static const struct otx_section domain_sections[] = {
    {"domain", "malware", "1000",
     MEMBERS({"hash", is_sha256, MISP_TYPES("sha256")})},
    {"domain", "whois", NULL,
     MEMBERS({"domain", is_any, MISP_TYPES("hostname")},
	     {"value", is_email, MISP_TYPES("email")},
	     {"hostname", is_full_name, MISP_TYPES("hostname")})},
    {"hostname", "passive_dns", NULL,
     MEMBERS({"address", is_address, MISP_TYPES("ip-dst")})},
    {0},
};

static const struct otx_section *sections_of(const char *type)
{
	if (strncmp(type, "ip-", strlen("ip-")) == 0)
		return address_sections;
	if (strcmp(type, "domain") == 0 || strcmp(type, "hostname") == 0)
		return domain_sections;
	return file_sections;
}

/* ---- Asking ---- */

static void add_row(const struct otx *otx, const struct otx_member *member,
		    const char *value)
{
	const char *key =
	    misp_text(otx->query, "%s %s", member->types[0], value);
	if (!key || !member->wanted(value) ||
	    json_array_size(otx->rows) >= MISP_LIST_MAX ||
	    json_object_get(otx->seen, key))
		return;
	json_object_set_new(otx->seen, key, json_true());
	misp_row(otx->rows, member->types, value);
}

/* The values of a member, however deep it is in the reply. */
static void find(const struct otx *otx, const struct otx_member *member,
		 const json_t *json, unsigned depth)
{
	size_t i;
	json_t *item;
	const char *name;
	if (depth == DEPTH_MAX)
		return;
	json_array_foreach (json, i, item) {
		find(otx, member, item, depth + 1);
	}
	json_object_foreach ((json_t *)json, name, item) {
		const char *value = json_string_value(item);
		if (strcmp(name, member->name) != 0)
			find(otx, member, item, depth + 1);
		else if (value && *value)
			add_row(otx, member, value);
	}
}

/* False after misp_fail. */
static bool ask(const struct otx *otx, const struct otx_section *section,
		const char *value)
{
	struct misp_http *http = misp_http(otx->query, &otx_service);
	misp_http_path(http, section->kind, section->name, value);
	misp_http_parameter(http, "limit", section->limit);
	misp_http_header(http, "X-OTX-API-KEY",
			 misp_setting(otx->query, "apikey"));
	const json_t *reply = misp_http_fetch_json(http);
	const struct otx_member *member = section->members;
	for (; reply && member->name; member++)
		find(otx, member, reply, 0);
	return reply;
}

static json_t *otx_query(struct misp_query *query)
{
	const char *type = NULL;
	const char *value = misp_input(query, &type);
	if (!value)
		return misp_fail(query, "Unsupported attributes type");
	struct otx otx = {query, misp_rows(), misp_keep(query, json_object())};
	const struct otx_section *section = sections_of(type);
	while (section->kind && ask(&otx, section, value))
		section++;
	return misp_finish(query, otx.rows);
}

MISP_MODULE(
    otx, .types = MISP_EXPANSION, .query = otx_query,
    .title = "AlienVault OTX Lookup", .version = "1",
    .author = "MISP modules FastCGI server",
    .description = "Tells what AlienVault's Open Threat Exchange knows of an "
		   "indicator.",
    .logo = "otx.png",
    .features = "The key is sent if there is one; OTX answers without, too, "
		"but not as often.",
    .input_text = "A host name, domain, IP address or hash of a file.",
    .output_text = "Malware seen there, names and addresses, the e-mail "
		   "addresses of whois; of a file whom it talked to.",
    .references = MISP_LIST("https://otx.alienvault.com/"),
    .input = MISP_LIST("hostname", "domain", "ip-src", "ip-dst", "md5", "sha1",
		       "sha256", "sha512"),
    .output = MISP_LIST("domain", "ip-src", "ip-dst", "text", "md5", "sha1",
			"sha256", "sha512", "email"),
    .settings = MISP_SETTINGS({"apikey", "API key of OTX", NULL}),
    .services = MISP_SERVICES(&otx_service));
