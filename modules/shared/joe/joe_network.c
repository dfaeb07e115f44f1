/*
 * joe_network.c: whom an analysed file or URL talked to: connections, and the
 * domains, addresses and URLs that its processes contacted.
 */
#include "joe_parts.h"

#include <stdlib.h>
#include <string.h>

static const struct joe_word protocols[] = {
    {"tcp", "layer4-protocol"},
    {"udp", "layer4-protocol"},
    {"icmp", "layer3-protocol"},
    {"http", "layer7-protocol"},
    {"https", "layer7-protocol"},
    {"ftp", "layer7-protocol"},
    {0},
};

static const struct misp_mapping packet_fields[] = {
    {"srcip", "ip-src"},
    {"dstip", "ip-dst"},
    {"srcport", "src-port", MISP_TO_TEXT},
    {"dstport", "dst-port", MISP_TO_TEXT},
    {0},
};

static const struct misp_mapping domain_fields[] = {
    {"@ip", "ip"},
    {"@name", "domain"},
    {0},
};

/* ---- Connections ---- */

/* From "Mar 22, 2024 10:20:30.123456789 CET". The zone is the sandbox's, by
 * an ambiguous name; it is left out. "" when it is no time. */
static const char *packet_time(struct misp_query *query, const json_t *packet)
{
	static const double last = 59.999999; /* of a minute, in microseconds */
	const char *text = misp_text_at(query, packet, "timestamp");
	const char *colon = text ? strrchr(text, ':') : NULL;
	if (!colon)
		return "";
	double seconds = strtod(colon + 1, NULL);
	if (seconds > last && seconds < 60)
		seconds = last;
	const char *time = misp_time_of(
	    query, misp_text(query, "%.*s%09.6f", (int)(colon + 1 - text), text,
			     seconds));
	return time ? time : "";
}

/* The earlier of two times; "" is none. */
static const char *earlier(const char *time, const char *other)
{
	if (!other || !*other)
		return time;
	return *time && strcmp(time, other) < 0 ? time : other;
}

/* Sorts a packet to those between the same ends: the first of them, and when
 * each protocol was first seen. */
static void sort_packet(struct joe *joe, json_t *connections, json_t *packet,
			const char *protocol)
{
	const char *ends[4];
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		ends[i] =
		    misp_text_at(joe->query, packet, packet_fields[i].path);
		ends[i] = ends[i] ? ends[i] : "";
	}
	const char *key = misp_text(joe->query, "%s\n%s\n%s\n%s", ends[0],
				    ends[1], ends[2], ends[3]);
	json_t *connection = key ? json_object_get(connections, key) : NULL;
	if (!connection && key && json_object_size(connections) < joe->left) {
		connection = json_pack("{s:O,s:{}}", "packet", packet, "seen");
		json_object_set_new(connections, key, connection);
	}
	json_t *seen = json_object_get(connection, "seen");
	const char *before = json_string_value(json_object_get(seen, protocol));
	const char *time = packet_time(joe->query, packet);
	misp_set(seen, protocol, json_string(earlier(time, before)));
}

/* Whether no two of the protocols are of the same layer. */
static bool is_one_stack(const json_t *seen)
{
	const char *name, *other;
	json_t *time;
	json_object_foreach ((json_t *)seen, name, time) {
		const char *layer = joe_relation(protocols, name);
		json_object_foreach ((json_t *)seen, other, time)
			if (strcmp(name, other) != 0 &&
			    strcmp(layer, joe_relation(protocols, other)) == 0)
				return false;
	}
	return true;
}

static json_t *add_connection(struct joe *joe, const json_t *connection,
			      const char *time)
{
	json_t *object =
	    joe_object(joe, "network-connection", misp_at(connection, "packet"),
		       packet_fields);
	misp_object_add(object, "first-packet-seen", time);
	joe_refer(joe, joe->object, object, "initiates");
	return object;
}

/* One object for all protocols of a connection, or one for each. */
static void add_protocols(struct joe *joe, const json_t *connection)
{
	json_t *seen = json_object_get(connection, "seen");
	const char *name, *first = "";
	json_t *time, *object = NULL;
	bool one = is_one_stack(seen);
	json_object_foreach (seen, name, time)
		first = earlier(first, json_string_value(time));
	json_object_foreach (seen, name, time) {
		if (!object || !one)
			object = add_connection(joe, connection,
						one ? first
						    : json_string_value(time));
		misp_object_add(object, joe_relation(protocols, name), name);
	}
}

void joe_connections(struct joe *joe)
{
	const json_t *network = misp_at(joe->analysis, "behavior.network");
	const struct joe_word *protocol = protocols;
	json_t *connections = json_object();
	const char *key;
	size_t i;
	json_t *packet, *connection;
	for (; protocol->word; protocol++) {
		const json_t *packets =
		    misp_at(misp_at(network, protocol->word), "packet");
		json_array_foreach (packets, i, packet)
			if (json_is_object(packet))
				sort_packet(joe, connections, packet,
					    protocol->word);
	}
	json_object_foreach (connections, key, connection) {
		add_protocols(joe, connection);
	}
	json_decref(connections);
}

/* ---- Contacts ---- */

/* Whoever it was: a process that is listed, or else the sample itself. */
static void refer_contact(struct joe *joe, json_t *sample,
			  const json_t *contact, const json_t *element)
{
	json_t *process =
	    joe_process(joe, misp_text_at(joe->query, contact, "@targetid"),
			misp_text_at(joe->query, contact, "@currentpath"));
	joe_refer(joe, process ? process : sample, element, "contacts");
}

static bool is_unknown(const char *text)
{
	return !text || strcmp(text, "unknown") == 0;
}

static void add_domain(struct joe *joe, json_t *sample, const json_t *domain)
{
	const char *name = misp_text_at(joe->query, domain, "@name");
	json_t *element = NULL;
	if (is_unknown(misp_text_at(joe->query, domain, "@ip"))) {
		element = joe_attribute(joe, "domain", name);
	} else {
		element = joe_object(joe, "domain-ip", domain, domain_fields);
	}
	refer_contact(joe, sample, domain, element);
}

static void add_address(struct joe *joe, json_t *sample, const json_t *address)
{
	const char *ip = misp_text_at(joe->query, address, "@ip");
	if (misp_ip_version(ip))
		refer_contact(joe, sample, address,
			      joe_attribute(joe, "ip-dst", ip));
}

/* A URL that no process has asked for was found in memory. */
static void add_url(struct joe *joe, json_t *sample, const json_t *url)
{
	const char *target = misp_text_at(joe->query, url, "@targetid");
	bool in_memory =
	    !target || strcmp(target, "-1") == 0 ||
	    is_unknown(misp_text_at(joe->query, url, "@currentpath"));
	json_t *attribute =
	    joe_attribute(joe, "url", misp_text_at(joe->query, url, "@name"));
	if (in_memory)
		misp_comment(attribute, "From Memory - Enriched via the "
					"joe_import module");
	else
		refer_contact(joe, sample, url, attribute);
}

void joe_contacts(struct joe *joe)
{
	static const struct {
		const char *path;
		void (*add)(struct joe *joe, json_t *sample,
			    const json_t *contact);
	} kinds[] = {{"domaininfo.domain", add_domain},
		     {"ipinfo.ip", add_address},
		     {"urlinfo.url", add_url}};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		joe_each(joe, joe->object,
			 misp_at(joe->analysis, kinds[i].path), kinds[i].add);
}
