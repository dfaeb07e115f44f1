/*
 * cof2misp.c: records of passive DNS, in the Common Output Format or as
 * dnsdbflex writes them, as passive-dns objects.
 */
#include "import_most.h"
#include "passive_dns.h"
#include "python_text.h"
#include "text_lines.h"

#include <stdlib.h>
#include <string.h>

#define QUOTED_MOST 400 /* bytes of a record that an error shows */
#define FLEX_COMMENT "DNSDBFLEX import by cof2misp"

struct cof {
	struct misp_query *query;
	json_t *results;
	size_t count; /* of attributes */
	bool flex;    /* what dnsdbflex writes */
};

/* What passive_dns_add does not add. */
static const struct misp_mapping cof_fields[] = {
    {"sensor_id", "sensor_id", MISP_TO_TEXT},
    {"text", "text"},
    {"time_first_ms", "time_first_ms", MISP_FROM_TIME},
    {"time_last_ms", "time_last_ms", MISP_FROM_TIME},
    {0},
};

static bool is_text(const json_t *record, const char *name)
{
	return json_is_string(json_object_get(record, name));
}

static bool has_both(const json_t *record, const char *one, const char *other)
{
	return json_object_get(record, one) && json_object_get(record, other);
}

/* What a record lacks; NULL when nothing. */
static const char *cof_problem(const json_t *record, bool flex)
{
	const json_t *rdata = json_object_get(record, "rdata");
	if (!json_is_object(record))
		return "it is no JSON object";
	if (!is_text(record, "rrname"))
		return "rrname is missing or no text";
	if (!is_text(record, "rrtype"))
		return "rrtype is missing or no text";
	if (flex)
		return NULL;
	if (!json_is_string(rdata) && !json_is_array(rdata))
		return "rdata is missing, or neither text nor a list";
	if (!has_both(record, "time_first", "time_last") &&
	    !has_both(record, "zone_time_first", "zone_time_last"))
		return "time_first and time_last are missing";
	return NULL;
}

static void cof_refuse(const struct cof *import, const json_t *record,
		       size_t line, const char *problem)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = misp_text_file(import->query, &text, &size);
	if (!out)
		return;
	python_repr(out, record, QUOTED_MOST);
	if (fclose(out) == 0)
		misp_fail(import->query,
			  "Could not validate the %s input '%.*s' (line %zu: "
			  "%s)",
			  import->flex ? "dnsdbflex" : "COF", QUOTED_MOST, text,
			  line, problem);
	free(text);
}

/* A name without the dots of the root behind it. */
static json_t *without_dots(const json_t *name)
{
	const char *text = json_string_value(name);
	size_t length = json_string_length(name);
	while (length > 0 && text[length - 1] == '.')
		length--;
	return misp_string(text, length);
}

static void strip_member(json_t *record, const char *name)
{
	const json_t *member = json_object_get(record, name);
	if (json_is_string(member))
		misp_set(record, name, without_dots(member));
}

/* A list, whose names have no dots behind them. */
static json_t *rdata_list(json_t *rdata)
{
	json_t *list = json_array();
	size_t i;
	json_t *item;
	if (json_is_string(rdata))
		json_array_append_new(list, without_dots(rdata));
	json_array_foreach (rdata, i, item) {
		json_array_append_new(list, json_is_string(item)
						? without_dots(item)
						: json_incref(item));
	}
	return list;
}

static void upper_member(struct misp_query *query, json_t *record,
			 const char *name)
{
	const json_t *member = json_object_get(record, name);
	char *text = misp_text(query, "%s", json_string_value(member));
	for (char *c = text; c && *c; c++)
		*c = (char)toupper((unsigned char)*c);
	misp_set(record, name, text ? json_string(text) : NULL);
}

/* A time in milliseconds as one that says so: "…:09.123". */
static void set_time(struct misp_query *query, json_t *record, const char *name)
{
	json_int_t milliseconds =
	    json_integer_value(json_object_get(record, name));
	const char *time = misp_time(query, milliseconds / 1000);
	if (milliseconds <= 0 || !time)
		return;
	size_t zone = strcspn(time, "+");
	time = misp_text(query, "%.*s.%03d%s", (int)zone, time,
			 (int)(milliseconds % 1000), time + zone);
	misp_set(record, name, time ? json_string(time) : NULL);
}

/* The record in the usual form. */
static void normalize(struct misp_query *query, json_t *record)
{
	strip_member(record, "rrname");
	strip_member(record, "bailiwick");
	upper_member(query, record, "rrtype");
	json_t *rdata = json_object_get(record, "rdata");
	if (rdata) {
		json_t *list = rdata_list(rdata);
		const char *raw = python_json(query, list, false);
		misp_set(record, "rdata", list);
		misp_set(record, "raw_rdata", raw ? json_string(raw) : NULL);
	}
	set_time(query, record, "time_first_ms");
	set_time(query, record, "time_last_ms");
	/* A count of 0 says nothing. */
	const json_t *count = json_object_get(record, "count");
	if (json_is_number(count) && json_number_value(count) == 0)
		json_object_del(record, "count");
}

static void limit_to_own(json_t *attributes, bool flex)
{
	size_t i;
	json_t *attribute;
	json_array_foreach (attributes, i, attribute) {
		misp_set(attribute, "distribution", json_string("0"));
		if (flex)
			misp_comment(attribute, "%s", FLEX_COMMENT);
	}
}

static void cof_record(struct cof *import, json_t *record, size_t line)
{
	const char *problem = cof_problem(record, import->flex);
	if (problem) {
		cof_refuse(import, record, line, problem);
		return;
	}
	normalize(import->query, record);
	json_t *object =
	    passive_dns_add(import->query, import->results, record);
	misp_map(import->query, object, record, cof_fields);
	json_t *attributes = json_object_get(object, "Attribute");
	limit_to_own(attributes, import->flex);
	import_count(import->query, &import->count,
		     json_array_size(attributes) + 1);
}

/* The JSON of a line; NULL after misp_fail. */
static json_t *line_json(struct misp_query *query,
			 const struct text_lines *lines)
{
	json_t *json = misp_parse_json(query, lines->line, lines->length);
	const char *failure = misp_failure(query);
	if (json || !failure)
		return json;
	failure = misp_text(query, "%s", failure);
	misp_forget(query);
	return failure ? misp_fail(query,
				   "An error occured during parsing of input: "
				   "'line %zu: %s'",
				   lines->number, failure)
		       : NULL;
}

/* Whether all records are what dnsdbflex writes: a name and a type each. */
static bool is_flex(struct misp_query *query, struct text_lines lines)
{
	bool flex = true;
	while (flex && text_line_next(&lines)) {
		json_t *record = line_json(query, &lines);
		flex = json_object_size(record) == 2 &&
		       has_both(record, "rrname", "rrtype");
		json_decref(record);
	}
	misp_forget(query); /* what is wrong is said when it is read again */
	return flex;
}

static json_t *cof_query(struct misp_query *query)
{
	size_t size = 0;
	const unsigned char *bytes = misp_file(query, &size);
	if (!bytes)
		return NULL;
	struct text_lines lines = {.at = (const char *)bytes,
				   .end = (const char *)bytes + size};
	struct cof import = {.query = query,
			     .results = misp_standard(),
			     .flex = is_flex(query, lines)};
	while (!misp_failure(query) && text_line_next(&lines)) {
		json_t *record = line_json(query, &lines);
		if (record)
			cof_record(&import, record, lines.number);
		json_decref(record);
	}
	return misp_finish(query, import.results);
}

MISP_MODULE(
    cof2misp, .types = MISP_IMPORT, .format = MISP_STANDARD, .query = cof_query,
    .title = "PDNS COF Importer", .version = "0.3",
    .author = "MISP modules FastCGI server",
    .description = "Imports records of passive DNS in the Common Output "
		   "Format (COF).",
    .features = "One JSON record a line. Takes the output of dnsdbflex as "
		"well, which has names and types only.",
    .input_text = "Passive DNS records in the Common Output Format.",
    .output_text = "A passive-dns object of each record.",
    .references = MISP_LIST("https://datatracker.ietf.org/doc/"
			    "draft-dulaunoy-dnsop-passive-dns-cof/"),
    .output = MISP_LIST("MISP objects"), .input_source = MISP_LIST("file"),
    .caged = true);
