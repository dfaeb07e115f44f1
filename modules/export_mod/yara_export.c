/*
 * yara_export.c: YARA rules that look for what an event's attributes name.
 *
 * pkg-config: yara (libyara-dev)
 */
#include "misp-module.h"

#include "event_objects.h"
#include "yara/yara_check.h"
#include "yara/yara_event.h"
#include "yara/yara_names.h"

#include <string.h>
#include <yara.h>

#define ID_DIGITS_MAX 20

struct yara_export {
	struct misp_query *query;
	FILE *out;
	struct yara_names names;
	const char *event_id;
};

/* What word processors make of a rule's quotes. */
static const struct {
	const char *wrong;
	char right;
} yara_quotes[] = {{"\xe2\x80\x9c", '"'},
		   {"\xe2\x80\x9d", '"'},
		   {"\xe2\x80\xb3", '"'},
		   {"`", '\''}};

#define QUOTE_COUNT (sizeof(yara_quotes) / sizeof(*yara_quotes))

static const char *yara_requoted(struct misp_query *query, const char *source)
{
	char *text = misp_text(query, "%s", source);
	char *at = text;
	for (const char *in = source; text && *in; at++) {
		size_t i = 0;
		while (i < QUOTE_COUNT &&
		       strncmp(in, yara_quotes[i].wrong,
			       strlen(yara_quotes[i].wrong)) != 0)
			i++;
		if (i < QUOTE_COUNT) {
			*at = yara_quotes[i].right;
			in += strlen(yara_quotes[i].wrong);
		} else {
			*at = *in++;
		}
	}
	if (text)
		*at = '\0';
	return text;
}

/* Writes rules that compile, their names now used; the verdict otherwise. */
static bool yara_try(struct yara_export *export, const char *source,
		     struct yara_verdict *verdict)
{
	struct yara_renamed renamed;
	const char *reason;
	if (!yara_names_rename(&export->names, export->event_id, source,
			       &renamed, &reason)) {
		snprintf(verdict->text, sizeof(verdict->text), "%s", reason);
		return false;
	}
	if (!yara_check(renamed.text, NULL, 0, verdict))
		return false;
	size_t length = strlen(renamed.text);
	fputs(renamed.text, export->out);
	if (length > 0 && renamed.text[length - 1] != '\n')
		putc('\n', export->out);
	yara_names_add(&export->names, &renamed);
	return true;
}

/* The rules of an attribute, whether or not it is for detection: that is all
 * they are there for. */
static void yara_rules(struct yara_export *export, const json_t *attribute)
{
	const char *source =
	    json_string_value(json_object_get(attribute, "value"));
	struct yara_verdict verdict, ignored;
	if (!source || yara_try(export, source, &verdict))
		return;
	const char *requoted = yara_requoted(export->query, source);
	if (requoted && strcmp(requoted, source) != 0 &&
	    yara_try(export, requoted, &ignored))
		return;
	yara_left_out(export->out, attribute, "does not compile", verdict.text);
}

static void yara_attributes(struct yara_export *export,
			    struct yara_event *event, json_t *attributes)
{
	size_t i;
	json_t *attribute;
	json_array_foreach (attributes, i, attribute) {
		const char *type =
		    json_string_value(json_object_get(attribute, "type"));
		if (type && strcmp(type, "yara") == 0)
			yara_rules(export, attribute);
		else if (type)
			yara_event_add(event, type, attribute);
	}
}

/* The event's own rules come after those that are its attributes. */
static bool yara_one_event(struct yara_export *export, json_t *event)
{
	const char *id = event_text(export->query, event, "id");
	struct yara_event *rules = yara_event_open(export->query, event);
	if (!rules)
		return false;
	/* It becomes a part of names, which are cut where they are too long:
	 * their own part must not be. */
	export->event_id = id && *id &&
				   strspn(id, "0123456789") == strlen(id) &&
				   strlen(id) <= ID_DIGITS_MAX
			       ? id
			       : "0";
	yara_attributes(export, rules, misp_event_attributes(event));
	size_t i;
	json_t *object;
	json_array_foreach (event_member(event, "Object"), i, object) {
		yara_attributes(export, rules,
				json_object_get(object, "Attribute"));
	}
	return yara_event_write(rules, export->out, &export->names,
				export->event_id);
}

static json_t *yara_write(struct misp_query *query, json_t *events)
{
	struct misp_export_file *file = misp_export_open(query);
	struct yara_export export = {.query = query};
	size_t i;
	json_t *event;
	if (!file || !yara_names_open(&export.names, query))
		return NULL;
	export.out = file->out;
	json_array_foreach (events, i, event) {
		if (!yara_one_event(&export, event))
			return NULL;
	}
	return misp_export_close(query, file);
}

static json_t *yara_export_query(struct misp_query *query)
{
	json_t *events = misp_events(query);
	if (!events)
		return NULL;
	if (yr_initialize() != ERROR_SUCCESS)
		return misp_fail(query, "The YARA library does not start");
	json_t *answer = yara_write(query, events);
	yr_finalize();
	return answer;
}

MISP_MODULE(
    yara_export, .types = MISP_EXPORT, .query = yara_export_query,
    .title = "YARA Rule Export", .version = "1.0",
    .author = "MISP modules FastCGI server",
    .description = "Exports an event as YARA rules that look for its names, "
		   "addresses and patterns in files.",
    .logo = "yara.png",
    .features =
	"Attributes that are marked for detection become strings of one rule, "
	"any of which it finds: host names, domains, IP addresses, URLs, parts "
	"of e-mails, file names and patterns. Of a pair such as domain|ip both "
	"parts are looked for, hashes are left out. Attributes that are YARA "
	"rules are exported too, under names that begin with MISP_e and the "
	"event's number. Each rule is compiled first; one that does not "
	"compile is left out, and a comment says so.",
    .input_text = "Attributes, also those of objects.",
    .output_text = "A file for the YARA scanner.",
    .references = MISP_LIST("https://virustotal.github.io/yara/"),
    .requirements = MISP_LIST("libyara"), .file_extension = "yara",
    .response_type = "text/plain", .caged = true);
