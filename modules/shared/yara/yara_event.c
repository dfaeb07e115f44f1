/*
 * yara_event.c: see yara_event.h.
 */
#include "yara_event.h"

#include "yara_rule.h"

#include <stdlib.h>
#include <string.h>

struct yara_event {
	struct misp_query *query;
	const json_t *event;
	json_t *strings; /* lists of them, by type */
	json_t *links;
	FILE *notes; /* comments on what is not in the rules */
	char *notes_text;
	size_t notes_size;
};

/* Types whose value is looked for: parts of it, when it is a pair. */
static const struct {
	const char *type;
	const char *first;
	const char *second;
} yara_types[] = {
    {"hostname", "hostname"},
    {"hostname|port", "hostname"},
    {"domain", "domain"},
    {"domain|ip", "domain", "ip"},
    {"ip", "ip"},
    {"ip-src", "ip-src"},
    {"ip-src|port", "ip-src"},
    {"ip-dst", "ip-dst"},
    {"ip-dst|port", "ip-dst"},
    {"url", "url"},
    {"email", "email"},
    {"email-src", "email-src"},
    {"email-dst", "email-dst"},
    {"email-subject", "email-subject"},
    {"email-attachment", "email-attachment"},
    {"email-header", "email-header"},
    {"email-reply-to", "email-reply-to"},
    {"email-x-mailer", "email-x-mailer"},
    {"email-mime-boundary", "email-mime-boundary"},
    {"email-thread-index", "email-thread-index"},
    {"email-message-id", "email-message-id"},
    {"filename", "filename"},
    {"malware-sample", "filename"},
    {"pattern-in-file", "pattern-in-file"},
    {"pattern-in-traffic", "pattern-in-traffic"},
    {"pattern-in-memory", "pattern-in-memory"},
};

#define TYPE_COUNT (sizeof(yara_types) / sizeof(*yara_types))

static void yara_release(void *event)
{
	struct yara_event *rules = event;
	if (rules->notes)
		fclose(rules->notes);
	free(rules->notes_text);
}

struct yara_event *yara_event_open(struct misp_query *query,
				   const json_t *event)
{
	struct yara_event *rules = misp_alloc(query, sizeof(*rules));
	if (!rules)
		return NULL;
	rules->query = query;
	rules->event = event;
	rules->strings = misp_keep(query, json_object());
	rules->links = misp_keep(query, json_array());
	rules->notes =
	    misp_text_file(query, &rules->notes_text, &rules->notes_size);
	rules = misp_defer(query, rules, yara_release);
	return rules && rules->notes ? rules : NULL;
}

/* The inside of a comment: one line. */
static void yara_plain(FILE *out, const char *text)
{
	for (; text && *text; text++)
		putc((unsigned char)*text < ' ' ? ' ' : *text, out);
}

void yara_left_out(FILE *out, const json_t *attribute, const char *what,
		   const char *why)
{
	fputs("// Left out: the ", out);
	yara_plain(out, json_string_value(json_object_get(attribute, "type")));
	fputs(" attribute ", out);
	yara_plain(out, misp_uuid(attribute));
	fprintf(out, " %s", what);
	if (why) {
		fputs(": ", out);
		yara_plain(out, why);
	}
	putc('\n', out);
}

/* "1" and 1 as well as true. */
static bool yara_for_detection(const json_t *attribute)
{
	const json_t *to_ids = json_object_get(attribute, "to_ids");
	const char *text = json_string_value(to_ids);
	return json_is_true(to_ids) || json_integer_value(to_ids) != 0 ||
	       (text && strcmp(text, "1") == 0);
}

static void yara_add_string(struct yara_event *rules, const json_t *attribute,
			    const char *type, const char *value, size_t length)
{
	json_t *list = json_object_get(rules->strings, type);
	if (!list) {
		json_object_set_new(rules->strings, type, json_array());
		list = json_object_get(rules->strings, type);
	}
	if (length > YARA_STRING_MAX)
		yara_left_out(rules->notes, attribute,
			      "is too long for a string of YARA", NULL);
	else if (length > 0)
		json_array_append_new(list, json_stringn(value, length));
}

/* The parts of a pair have the last '|' between them: a file name may have
 * some of its own. */
static void yara_add_parts(struct yara_event *rules, const json_t *attribute,
			   const char *first, const char *second,
			   const char *value)
{
	const char *bar = strrchr(value, '|');
	yara_add_string(rules, attribute, first, value,
			bar ? (size_t)(bar - value) : strlen(value));
	if (bar && second)
		yara_add_string(rules, attribute, second, bar + 1,
				strlen(bar + 1));
}

void yara_event_add(struct yara_event *rules, const char *type,
		    const json_t *attribute)
{
	const char *value =
	    json_string_value(json_object_get(attribute, "value"));
	if (!value || !*value)
		return;
	if (strcmp(type, "link") == 0 && strlen(value) <= YARA_STRING_MAX)
		json_array_append(rules->links,
				  json_object_get(attribute, "value"));
	if (!yara_for_detection(attribute))
		return;
	if (strncmp(type, "filename|", 9) == 0)
		type = "malware-sample";
	for (size_t i = 0; i < TYPE_COUNT; i++) {
		const char *first = yara_types[i].first;
		if (strcmp(yara_types[i].type, type) != 0)
			continue;
		if (strcmp(first, type) == 0)
			yara_add_string(rules, attribute, first, value,
					strlen(value));
		else
			yara_add_parts(rules, attribute, first,
				       yara_types[i].second, value);
	}
}

bool yara_event_write(struct yara_event *rules, FILE *out,
		      struct yara_names *names, const char *event_id)
{
	if (fflush(rules->notes) != 0 || ferror(rules->notes) ||
	    !rules->strings || !rules->links)
		return false;
	fwrite(rules->notes_text, 1, rules->notes_size, out);
	const struct yara_rule rule = {.query = rules->query,
				       .event = rules->event,
				       .event_id = event_id,
				       .strings = rules->strings,
				       .links = rules->links,
				       .names = names};
	return yara_rule_write(&rule, out);
}
