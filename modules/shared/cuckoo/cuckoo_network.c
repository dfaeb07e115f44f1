/*
 * cuckoo_network.c: whom an analysed file or URL talked to: names it asked
 * for, connections and HTTP requests.
 */
#include "cuckoo.h"

#include <stdlib.h>
#include <string.h>

/* A number from here on is a time, and not one since the analysis began. */
#define EPOCH_MIN 100000000

/* Connections that are looked at; most of them are the same ones again. */
#define CONNECTIONS_MAX 50000

static void dns_add(struct cuckoo *cuckoo, const json_t *record)
{
	static const struct {
		const char *type;
		const char *relation;
	} types[] = {{"A", "a-record"}, {"AAAA", "aaaa-record"}};
	json_t *object = cuckoo_object(cuckoo, "dns-record");
	const char *asked = misp_text_at(cuckoo->query, record, "type");
	if (asked)
		misp_object_add(
		    object, "text",
		    misp_text(cuckoo->query, "request type:%s", asked));
	misp_object_add(object, "queried-domain",
			misp_text_at(cuckoo->query, record, "request"));
	size_t i;
	json_t *answer;
	json_array_foreach (misp_at(record, "answers"), i, answer) {
		const char *type = misp_text_at(cuckoo->query, answer, "type");
		const char *data = misp_text_at(cuckoo->query, answer, "data");
		if (cuckoo_is_enough(cuckoo, i))
			break;
		for (size_t j = 0; type && j < sizeof(types) / sizeof(*types);
		     j++)
			if (strcmp(types[j].type, type) == 0)
				misp_object_add(object, types[j].relation,
						data);
	}
	cuckoo_is_empty(cuckoo, object);
}

/* What stands in a request's Host field. MISP takes no port with a name, and
 * no address in its place. */
static void host_add(struct cuckoo *cuckoo, json_t *object, const char *host)
{
	const char *colon = host ? strchr(host, ':') : NULL;
	if (host && *host == '[')
		host = misp_text(cuckoo->query, "%.*s",
				 (int)strcspn(host + 1, "]"), host + 1);
	else if (colon && !strchr(colon + 1, ':'))
		host =
		    misp_text(cuckoo->query, "%.*s", (int)(colon - host), host);
	misp_object_add(
	    object, host && misp_ip_version(host) ? "ip-dst" : "host", host);
}

static void http_add(struct cuckoo *cuckoo, const json_t *request)
{
	static const struct misp_mapping fields[] = {
	    {"method", "method"},
	    {"uri", "uri"},
	    {"user-agent", "user-agent"},
	    {0},
	};
	json_t *object = cuckoo_object(cuckoo, "http-request");
	host_add(cuckoo, object, misp_text_at(cuckoo->query, request, "host"));
	misp_map(cuckoo->query, object, request, fields);
	const char *count = misp_text_at(cuckoo->query, request, "count");
	const char *port = misp_text_at(cuckoo->query, request, "port");
	const char *text = NULL;
	if (count)
		text = misp_text(cuckoo->query, "count:%s", count);
	if (port)
		misp_append(cuckoo->query, &text, " ",
			    misp_text(cuckoo->query, "port:%s", port));
	misp_object_add(object, "text", text);
	cuckoo_is_empty(cuckoo, object);
}

static void each(struct cuckoo *cuckoo, const char *path,
		 void (*add)(struct cuckoo *cuckoo, const json_t *entry))
{
	size_t i;
	json_t *entry;
	json_array_foreach (misp_at(cuckoo->report, path), i, entry) {
		if (cuckoo_is_full(cuckoo))
			return;
		if (json_is_object(entry))
			add(cuckoo, entry);
	}
}

void cuckoo_add_dns(struct cuckoo *cuckoo)
{
	each(cuckoo, "network.dns", dns_add);
}

void cuckoo_add_http(struct cuckoo *cuckoo)
{
	each(cuckoo, "network.http", http_add);
}

/* ---- Connections ---- */

struct connection {
	const json_t *json;
	double time;
	size_t index; /* in the report, which decides between equals */
};

static int connection_compare(const void *a, const void *b)
{
	const struct connection *left = a;
	const struct connection *right = b;
	if (left->time != right->time)
		return left->time < right->time ? -1 : 1;
	return left->index < right->index ? -1 : left->index > right->index;
}

/* Older versions have the time itself; later ones the seconds since the first
 * packet, which are no time that MISP could take. */
static void connection_time(struct cuckoo *cuckoo, json_t *object,
			    const json_t *connection)
{
	const json_t *time = misp_at(connection, "time");
	if (!json_is_number(time))
		misp_object_add(
		    object, "first-packet-seen",
		    misp_time_of(cuckoo->query, json_string_value(time)));
	else if (json_number_value(time) >= EPOCH_MIN &&
		 json_number_value(time) < 1e12)
		misp_object_add(
		    object, "first-packet-seen",
		    misp_time(cuckoo->query, (int64_t)json_number_value(time)));
	else
		misp_comment(object, "First packet after %.3f s",
			     json_number_value(time));
}

static void connection_add(struct cuckoo *cuckoo, const json_t *connection,
			   const char *protocol)
{
	static const struct misp_mapping fields[] = {
	    {"src", "ip-src"},
	    {"dst", "ip-dst"},
	    {"sport", "src-port", MISP_TO_TEXT},
	    {"dport", "dst-port", MISP_TO_TEXT},
	    {0},
	};
	json_t *object = cuckoo_object(cuckoo, "network-connection");
	misp_map(cuckoo->query, object, connection, fields);
	if (cuckoo_is_empty(cuckoo, object))
		return;
	misp_object_add(object, "layer3-protocol", "IP");
	misp_object_add(object, "layer4-protocol", protocol);
	connection_time(cuckoo, object, connection);
}

/* Which two ends a connection has, as text. */
static const char *connection_ends(struct misp_query *query,
				   const json_t *connection)
{
	static const char *const members[] = {"src", "sport", "dst", "dport"};
	const char *ends = NULL;
	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++) {
		const char *end = misp_text_at(query, connection, members[i]);
		misp_append(query, &ends, " ", end ? end : "-");
	}
	return ends;
}

/* Each once, the earliest first. */
static void connections_add(struct cuckoo *cuckoo,
			    const struct connection *connections, size_t count,
			    const char *protocol)
{
	json_t *seen = json_object();
	for (size_t i = 0; i < count; i++) {
		const char *ends =
		    connection_ends(cuckoo->query, connections[i].json);
		if (!ends || json_object_get(seen, ends))
			continue;
		if (cuckoo_is_full(cuckoo))
			break;
		json_object_set_new(seen, ends, json_true());
		connection_add(cuckoo, connections[i].json, protocol);
	}
	json_decref(seen);
}

static void connections(struct cuckoo *cuckoo, const char *path,
			const char *protocol)
{
	const json_t *list = misp_at(cuckoo->report, path);
	size_t size = json_array_size(list);
	cuckoo->cut |= size > CONNECTIONS_MAX;
	if (size > CONNECTIONS_MAX)
		size = CONNECTIONS_MAX;
	struct connection *sorted =
	    size > 0 ? misp_alloc(cuckoo->query, size * sizeof(*sorted)) : NULL;
	size_t count = 0;
	for (size_t i = 0; sorted && i < size; i++) {
		const json_t *entry = json_array_get(list, i);
		if (!json_is_object(entry))
			continue;
		double time = json_number_value(misp_at(entry, "time"));
		sorted[count++] = (struct connection){entry, time, i};
	}
	if (count > 0)
		qsort(sorted, count, sizeof(*sorted), connection_compare);
	connections_add(cuckoo, sorted, count, protocol);
}

void cuckoo_add_tcp(struct cuckoo *cuckoo)
{
	connections(cuckoo, "network.tcp", "TCP");
}

void cuckoo_add_udp(struct cuckoo *cuckoo)
{
	connections(cuckoo, "network.udp", "UDP");
}
