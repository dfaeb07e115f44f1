/*
 * asn_history.c: how an autonomous system was described over time, from the
 * Redis database of an ASN description history service.
 *
 * pkg-config: hiredis (libhiredis-dev)
 */
#include "misp-module.h"

#include <errno.h>
#include <hiredis/hiredis.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/time.h>

#define SERVICE "The ASN description history"
#define RESERVE 100 /* milliseconds for saying what went wrong */

struct entry {
	const char *time; /* ISO 8601: the order of the text is that of time */
	const char *description;
};

static void release_context(void *context)
{
	redisFree(context);
}

static void release_reply(void *reply)
{
	freeReplyObject(reply);
}

/* What is left of the query's time. */
static struct timeval time_left(const struct misp_query *query)
{
	long left = misp_remaining(query) - RESERVE;
	if (left < 1)
		left = 1;
	return (struct timeval){left / 1000, left % 1000 * 1000};
}

static redisContext *history_open(struct misp_query *query, const char *host,
				  long port)
{
	redisContext *redis =
	    redisConnectWithTimeout(host, (int)port, time_left(query));
	if (!misp_defer(query, redis, release_context))
		return NULL;
	if (redis->err)
		return misp_fail(query, SERVICE ": cannot connect to %s: %s",
				 host, redis->errstr);
	return redis;
}

/* Runs a command with one argument; NULL after misp_fail. */
static redisReply *history_ask(struct misp_query *query, redisContext *redis,
			       const char *command, const char *argument)
{
	redisSetTimeout(redis, time_left(query));
	redisReply *reply =
	    misp_defer(query, redisCommand(redis, "%s %s", command, argument),
		       release_reply);
	if (!reply)
		return misp_fail(query, SERVICE ": Redis did not answer%s",
				 errno == EAGAIN ? " in time" : "");
	if (reply->type == REDIS_REPLY_ERROR)
		return misp_fail(query, SERVICE ": Redis refused: %s",
				 reply->str);
	return reply;
}

static int newest_first(const void *a, const void *b)
{
	const struct entry *left = a, *right = b;
	return strcmp(right->time, left->time);
}

static json_t *history_rows(struct misp_query *query, const redisReply *reply)
{
	size_t count = reply->elements / 2;
	struct entry *entries = misp_alloc(query, count * sizeof(*entries));
	if (!entries)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		const char *time = reply->element[2 * i]->str;
		const char *description = reply->element[2 * i + 1]->str;
		entries[i].time = time ? time : "";
		entries[i].description = description ? description : "";
	}
	qsort(entries, count, sizeof(*entries), newest_first);
	json_t *rows = misp_rows();
	for (size_t i = 0; i < count && i < MISP_LIST_MAX; i++)
		misp_row(rows, MISP_TYPES("freetext"),
			 misp_text(query, "%s %s", entries[i].time,
				   entries[i].description));
	return rows;
}

static json_t *asn_history_query(struct misp_query *query)
{
	static const char missing[] =
	    "ASN description history configuration is missing";
	const char *number = misp_input(query, NULL);
	if (!number)
		return misp_fail(query, "Unsupported attributes type");
	const char *host = misp_setting_or(query, "host", missing);
	const char *database =
	    host ? misp_setting_or(query, "db", missing) : NULL;
	if (!database || !misp_setting_or(query, "port", missing))
		return NULL;
	long port = misp_setting_number(query, "port", 0);
	if (port < 1 || port > 65535)
		return misp_fail(query, SERVICE ": the port must be a number "
						"from 1 to 65535");
	if (strncasecmp(number, "AS", 2) == 0)
		number += 2;
	redisContext *redis = history_open(query, host, port);
	if (!redis || !history_ask(query, redis, "SELECT", database))
		return NULL;
	const redisReply *reply = history_ask(query, redis, "HGETALL", number);
	if (!reply)
		return NULL;
	if (reply->type != REDIS_REPLY_ARRAY || reply->elements < 2)
		return misp_fail(query,
				 "Unable to find descriptions for this ASN");
	return history_rows(query, reply);
}

MISP_MODULE(
    asn_history, .types = MISP_EXPANSION | MISP_HOVER,
    .query = asn_history_query, .title = "ASN Description History",
    .version = "0.1", .author = "MISP modules FastCGI server",
    .description = "Tells how an autonomous system was described over time.",
    .features = "Reads the Redis database of an ASN description history "
		"service of your own. The newest description comes first.",
    .input_text = "An AS number.",
    .output_text = "Each description with its time, as free text.",
    .references = MISP_LIST("https://github.com/CIRCL/ASN-Description-History"),
    .requirements = MISP_LIST("hiredis"), .input = MISP_LIST("AS"),
    .output = MISP_LIST("freetext"),
    .settings = MISP_SETTINGS({"host", "Host of the Redis server", NULL},
			      {"port", "Its port", NULL},
			      {"db", "Number of the database in it", NULL}));
