/*
 * cisco_firesight_manager_ACL_rule_export.c: a shell script that has Cisco's
 * Firesight Manager block what an event names.
 *
 * What comes from an event stands in a string of JSON, in a string of the
 * shell. What comes from the settings stands in the shell's, and the password
 * in one between backquotes.
 */
#include "escape.h"
#include "misp-module.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* base64 breaks its lines after so many bytes. */
#define BASE64_LINE 57

struct cisco {
	struct misp_query *query;
	FILE *out;
	size_t written; /* how many addresses and URLs */
};

static const struct escape cisco_in_quotes[] = {{'\'', "'\\''"}, {0}};

/* The shell takes backslashes there before it sees the quotes. */
static const struct escape cisco_in_backquotes[] = {
    {'\'', "'\\\\''"},
    {'\\', "\\\\"},
    {'`', "\\`"},
    {0},
};

static void cisco_set(const struct cisco *cisco, const char *variable,
		      const char *setting)
{
	fprintf(cisco->out, "%s='", variable);
	escape_write(cisco->out, misp_setting(cisco->query, setting),
		     cisco_in_quotes);
	fputs("'\n", cisco->out);
}

/* echo does as it should with what is short and has no backslash. */
static void cisco_set_login(const struct cisco *cisco)
{
	const char *login = misp_setting(cisco->query, "fmc_login");
	const char *password = misp_setting(cisco->query, "fmc_pass");
	bool plain = !strchr(login, '\\') && !strchr(password, '\\') &&
		     strlen(login) + 1 + strlen(password) <= BASE64_LINE;
	fprintf(cisco->out, "LOGINPASS_BASE64=`%s '",
		plain ? "echo -n" : "printf %s");
	escape_write(cisco->out, login, cisco_in_backquotes);
	putc(':', cisco->out);
	escape_write(cisco->out, password, cisco_in_backquotes);
	fprintf(cisco->out, "' | base64%s`\n", plain ? "" : " | tr -d '\\n'");
}

/* Writes text as a string of JSON, its quotation marks included. */
static void cisco_json(const struct cisco *cisco, const char *text)
{
	json_t *string = json_string(text);
	char *json = string ? json_dumps(string, JSON_ENCODE_ANY) : NULL;
	if (json)
		escape_write(cisco->out, json, cisco_in_quotes);
	else
		misp_fail(cisco->query, "There is not enough memory.");
	free(json);
	json_decref(string);
}

static void cisco_address(const struct cisco *cisco, const char *value)
{
	fputs("{ \"type\": \"Host\", \"value\": ", cisco->out);
	cisco_json(cisco, value);
	fputs(" } ", cisco->out);
}

/* Percent-encoded, but for what is common in URLs. */
static void cisco_url(const struct cisco *cisco, const char *value)
{
	fputs("{ \"type\": \"Url\", \"url\": \"", cisco->out);
	for (; *value; value++)
		if (isalnum((unsigned char)*value) ||
		    strchr("@/:;?&=-_.,+!*~", *value))
			putc(*value, cisco->out);
		else
			fprintf(cisco->out, "%%%02X", (unsigned char)*value);
	fputs("\" } ", cisco->out);
}

/* A list of all attributes of a type that are to be detected. */
static void cisco_list(struct cisco *cisco, const char *type,
		       void (*write)(const struct cisco *cisco,
				     const char *value))
{
	struct misp_walk walk = {0};
	const char *between = "";
	fputs("\"literals\": [ ", cisco->out);
	while (misp_walk(cisco->query, &walk)) {
		if (strcmp(walk.type, type) != 0 ||
		    !json_is_true(json_object_get(walk.attribute, "to_ids")))
			continue;
		fputs(between, cisco->out);
		write(cisco, walk.value);
		between = ", ";
		cisco->written++;
	}
	fputs(" ]", cisco->out);
}

static void cisco_token(const struct cisco *cisco)
{
	fputs("\nACC_TOKEN=`curl -X POST -v -k -sD - -o /dev/null "
	      "-H \"Authorization: Basic $LOGINPASS_BASE64\" -i "
	      "\"https://$FIRESIGHT_IP_ADDR/api/fmc_platform/v1/auth/"
	      "generatetoken\" | grep -i x-auth-acc | sed 's/.*:\\ //g' "
	      "| tr -d '[:space:]' | tr -d '\\n'`\n",
	      cisco->out);
}

/* Named and commented after the last event, as there is one rule for all. */
static void cisco_rule(struct cisco *cisco)
{
	const json_t *events = misp_events(cisco->query);
	const json_t *event = json_object_get(
	    json_array_get(events, json_array_size(events) - 1), "Event");
	const char *id = misp_text_at(cisco->query, event, "id");
	const char *info = misp_text_at(cisco->query, event, "info");
	const char *name =
	    misp_text(cisco->query, "misp_event_%s", id ? id : "");
	fputs("\nBLOCK_RULE='{ \"action\": \"BLOCK\", \"enabled\": true, "
	      "\"type\": \"AccessRule\", \"name\": ",
	      cisco->out);
	cisco_json(cisco, name);
	fputs(", \"destinationNetworks\": { ", cisco->out);
	cisco_list(cisco, "ip-dst", cisco_address);
	fputs(" }, \"urls\": { ", cisco->out);
	cisco_list(cisco, "url", cisco_url);
	fputs("  }, \"newComments\": [ ", cisco->out);
	cisco_json(cisco, info ? info : "");
	fputs(" ] }'\n\n\n", cisco->out);
}

static void cisco_send(const struct cisco *cisco)
{
	fputs("\ncurl -X POST -v -k -H 'Content-Type: application/json' "
	      "-H \"Authorization: Basic $LOGINPASS_BASE64\" "
	      "-H \"X-auth-access-token: $ACC_TOKEN\" -i "
	      "\"https://$FIRESIGHT_IP_ADDR/api/fmc_config/v1/domain/"
	      "$DOMAIN_ID/policy/accesspolicies/$ACPOLICY_ID/accessrules\" "
	      "--data \"$BLOCK_RULE\" ",
	      cisco->out);
}

static json_t *cisco_query(struct misp_query *query)
{
	struct misp_export_file *file = misp_export_open(query);
	if (!file)
		return NULL;
	struct cisco cisco = {.query = query, .out = file->out};
	fputs("#!/bin/sh\n\n", file->out);
	cisco_set(&cisco, "FIRESIGHT_IP_ADDR", "fmc_ip_addr");
	cisco_set_login(&cisco);
	cisco_set(&cisco, "DOMAIN_ID", "domain_id");
	cisco_set(&cisco, "ACPOLICY_ID", "acpolicy_id");
	cisco_token(&cisco);
	cisco_rule(&cisco);
	cisco_send(&cisco);
	/* A rule that names neither address nor URL blocks everything. */
	if (cisco.written == 0)
		misp_fail(query, "There is nothing to block: no attribute "
				 "ip-dst or url is marked for detection");
	return misp_export_close(query, file);
}

MISP_MODULE(
    cisco_firesight_manager_ACL_rule_export, .types = MISP_EXPORT,
    .query = cisco_query, .title = "Cisco fireSIGHT blockrule Export",
    .version = "1.0", .author = "MISP modules FastCGI server",
    .description = "Exports an event's IP addresses and URLs as a script that "
		   "has Cisco's Firesight Manager block them.",
    .logo = "cisco.png",
    .requirements = MISP_LIST("An account at the Firesight Manager"),
    .features = "Takes destination addresses and URLs that are marked for "
		"detection. The script needs curl, and holds the password.",
    .input_text = "Events with their attributes.",
    .output_text = "A shell script that adds a rule.",
    .settings = MISP_SETTINGS(
	{"fmc_ip_addr", "Address of the Firesight Manager", "0.0.0.0"},
	{"fmc_login", "User there", "login"},
	{"fmc_pass", "Password of that user", "password"},
	{"domain_id", "UUID of the domain", "SET_FIRESIGHT_DOMAIN_ID"},
	{"acpolicy_id", "UUID of the access policy that the rule is added to",
	 "SET_FIRESIGHT_ACPOLICY_ID"}),
    .file_extension = "sh", .response_type = "application/txt");
