/*
 * threatanalyzer_network.c: whom the processes of an analysis talked to.
 */
#include "threatanalyzer.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PORT_MAX 65535
#define NETWORK "Network activity"

/* Of some types there is more than one: the section decides what is known. */
static const struct threatanalyzer_kind
    kind_host_ip = {"domain|ip", true, {NETWORK}},
    kind_host_ip_bare = {"domain|ip", true, {NULL}},
    kind_host = {"hostname", true, {NULL}},
    kind_host_port = {"hostname|port", true, {NETWORK}},
    kind_ip = {"ip-dst", true, {NULL}},
    kind_ip_port = {"ip-dst|port", true, {NULL}},
    kind_url = {"url", true, {NETWORK}},
    kind_agent = {"user-agent", false, {NETWORK}};

static void host_add(struct threatanalyzer *import, const char *host,
		     const char *ip)
{
	host = threatanalyzer_host(host);
	ip = threatanalyzer_ip(ip);
	if (host && ip)
		threatanalyzer_row(import, &kind_host_ip, host, ip, NULL);
	else
		threatanalyzer_row(import, host ? &kind_host : &kind_ip,
				   host ? host : ip, NULL, NULL);
}

static void command_add(struct threatanalyzer *import, const json_t *command)
{
	const char *url = misp_text_at(import->query, command, "@url");
	if (url && strcmp(url, "/") != 0)
		threatanalyzer_row(
		    import, &kind_url, url, NULL,
		    misp_text_at(import->query, command, "@method"));
}

/* From "www.example.com:8080". */
static void endpoint_add(struct threatanalyzer *import, const char *host,
			 const char *colon)
{
	const char *name =
	    misp_text(import->query, "%.*s", (int)(colon - host), host);
	const char *ip = threatanalyzer_ip(name);
	char *end = NULL;
	unsigned long port = strtoul(colon + 1, &end, 10);
	if (port == 0 || port > PORT_MAX || (*end && *end != ':'))
		return;
	const char *digits = misp_text(import->query, "%lu", port);
	if (threatanalyzer_host(name))
		threatanalyzer_row(import, &kind_host_port, name, digits, NULL);
	else if (ip)
		threatanalyzer_row(import, &kind_ip_port, ip, digits, NULL);
}

/* What follows the name of a header; NULL when it is another one. */
static const char *header_value(const char *header, const char *name)
{
	size_t length = strlen(name);
	if (!header || strncasecmp(header, name, length) != 0)
		return NULL;
	return header + length + strspn(header + length, " ");
}

static void header_add(struct threatanalyzer *import, const json_t *header)
{
	const char *line = misp_text_at(import->query, header, "@header");
	const char *host = header_value(line, "Host:");
	const char *colon = host ? strchr(host, ':') : NULL;
	threatanalyzer_row(import, &kind_agent,
			   header_value(line, "User-Agent:"), NULL, NULL);
	if (colon)
		endpoint_add(import, host, colon);
	else
		threatanalyzer_row(import, &kind_host,
				   threatanalyzer_host(host), NULL, NULL);
}

static void connection_add(struct threatanalyzer *import,
			   const json_t *connection)
{
	struct misp_query *query = import->query;
	/* Version 6.1 has it in an element of its own. */
	const json_t *lookup = misp_at(connection, "name_to_ip");
	if (lookup)
		host_add(import, misp_text_at(query, lookup, "@request_name"),
			 misp_text_at(query, lookup, "@result_addresses"));
	else
		host_add(import,
			 misp_text_at(query, connection, "@remote_hostname"),
			 misp_text_at(query, connection, "@remote_ip"));
	threatanalyzer_each(import, misp_at(connection, "http_command"),
			    command_add);
	threatanalyzer_each(import, misp_at(connection, "http_header"),
			    header_add);
}

static void lookup_add(struct threatanalyzer *import, const json_t *lookup)
{
	const char *name = misp_text_at(import->query, lookup, "@request_name");
	size_t length = name ? strlen(name) : 0;
	while (length > 0 && name[length - 1] == '.')
		length--;
	host_add(
	    import,
	    misp_text(import->query, "%.*s", (int)length, name ? name : ""),
	    misp_text_at(import->query, lookup, "@result_addresses"));
}

static void computer_add(struct threatanalyzer *import, const json_t *computer)
{
	struct misp_query *query = import->query;
	const char *host = threatanalyzer_host(
	    misp_text_at(query, computer, "@remote_hostname"));
	const char *ip =
	    threatanalyzer_ip(misp_text_at(query, computer, "@remote_ip"));
	const char *port = misp_text_at(query, computer, "@remote_port");
	if (host && ip)
		threatanalyzer_row(import, &kind_host_ip_bare, host, ip, NULL);
	else if (!port || (!host && !ip))
		host_add(import, host, ip);
	else
		threatanalyzer_row(import,
				   host ? &kind_host_port : &kind_ip_port,
				   host ? host : ip, port, NULL);
}

void threatanalyzer_network(struct threatanalyzer *import,
			    const json_t *process)
{
	static const struct {
		const char *path;
		void (*take)(struct threatanalyzer *import,
			     const json_t *entry);
	} sections[] = {
	    {"connection_section.connection", connection_add},
	    {"networkoperation_section.dns_request_by_name", lookup_add},
	    {"networkpacket_section.connect_to_computer", computer_add},
	};
	for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++)
		threatanalyzer_each(import, misp_at(process, sections[i].path),
				    sections[i].take);
}
