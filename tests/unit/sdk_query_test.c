/*
 * sdk_query_test.c: what a module learns from its query: values, attribute,
 * file, events, settings, options; and how it fails.
 */
#include "query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define UUID "5c1c3a5e-1234-4000-8000-0123456789ab"

static const struct misp_module module = {
    .name = "sample",
    .input = MISP_LIST("hostname", "domain|ip", "port", "attachment"),
    .settings =
	MISP_SETTINGS({"apikey", "the key", NULL}, {"limit", "how many", "10"},
		      {"verify", "look twice", ""}),
    .options =
	MISP_OPTIONS({.name = "title", .type = MISP_STRING},
		     {.name = "fast", .type = MISP_BOOLEAN},
		     {.name = "safe", .type = MISP_BOOLEAN, .checked = true}),
};

/* A query with this body (single quotes are double ones). */
static struct misp_query *ask(const char *body)
{
	struct misp_query *query = calloc(1, sizeof(*query));
	char *json = strdup(body);
	assert_non_null(query);
	assert_non_null(json);
	for (char *quote = json; (quote = strchr(quote, '\''));)
		*quote = '"';
	query->module = &module;
	query->request = json_loads(json, JSON_DECODE_ANY, NULL);
	query->deadline = misp_now() + 1000;
	assert_non_null(query->request);
	free(json);
	return query;
}

static void done(struct misp_query *query)
{
	json_decref(query->request);
	misp_query_end(query);
	free(query);
}

/* The value of the first of these types, for a body. */
static void check_value(const char *body, const char *expected)
{
	struct misp_query *query = ask(body);
	const char *value = misp_value(query, "hostname", "domain|ip", "port");
	if (expected)
		assert_string_equal(value, expected);
	else
		assert_null(value);
	done(query);
}

static void values(void **state)
{
	(void)state;
	check_value("{'hostname':'a.example'}", "a.example");
	check_value("{'port':1,'hostname':'a.example'}", "a.example");
	check_value("{'hostname':'','port':443}", "443");
	check_value("{'hostname':null,'port':1.5}", "1.5");
	check_value("{'hostname':['x'],'domain|ip':{}}", NULL);
	check_value("{'attribute':{'type':'port','value':'80'}}", "80");
	check_value("{'attribute':{'type':'port','value':80}}", "80");
	check_value("{'attribute':{'type':'url','value':'x'}}", NULL);
	check_value("{'attribute':{'type':7,'value':'x'}}", NULL);
	check_value("{'attribute':'port'}", NULL);
	check_value("{}", NULL);
	check_value("[]", NULL);
	check_value("'hostname'", NULL);
}

static void inputs(void **state)
{
	(void)state;
	struct misp_query *query = ask("{'port':'x','domain|ip':'a|b'}");
	const char *type = NULL;
	assert_string_equal(misp_input(query, &type), "a|b");
	assert_string_equal(type, "domain|ip");
	assert_string_equal(misp_input(query, NULL), "a|b");
	assert_true(misp_accepts(query, "port"));
	assert_false(misp_accepts(query, "url"));
	assert_false(misp_accepts(query, NULL));
	done(query);
}

static void parts(void **state)
{
	(void)state;
	struct misp_query *query = ask("{}");
	assert_string_equal(misp_part(query, "a|b|c", 0), "a");
	assert_string_equal(misp_part(query, "a|b|c", 1), "b|c");
	assert_string_equal(misp_part(query, "a", 0), "a");
	assert_string_equal(misp_part(query, "|b", 0), "");
	assert_string_equal(misp_part(query, "a|", 1), "");
	assert_null(misp_part(query, "a", 1));
	assert_null(misp_part(query, "a|b|c", 2));
	assert_null(misp_part(query, NULL, 0));
	done(query);
}

static void attribute(void **state)
{
	(void)state;
	struct misp_query *query = ask("{'attribute':{'type':'url','value':3,"
				       "'uuid':'" UUID "','comment':'c'}}");
	const struct misp_attribute *found = misp_attribute(query);
	assert_non_null(found);
	assert_string_equal(found->type, "url");
	assert_string_equal(found->value, "3");
	assert_string_equal(found->uuid, UUID);
	assert_true(json_object_get(found->json, "comment"));
	done(query);
}

static void attribute_lacking(void **state)
{
	(void)state;
	static const char *const bodies[] = {
	    "{}",
	    "{'attribute':null}",
	    "{'attribute':[]}",
	    "{'attribute':{'value':'v','uuid':'" UUID "'}}",
	    "{'attribute':{'type':7,'value':'v','uuid':'" UUID "'}}",
	    "{'attribute':{'type':'url','uuid':'" UUID "'}}",
	    "{'attribute':{'type':'url','value':'','uuid':'" UUID "'}}",
	    "{'attribute':{'type':'url','value':'v'}}",
	    "{'attribute':{'type':'url','value':'v','uuid':'5c1c'}}",
	    "{'attribute':{'type':'url','value':'v','uuid':7}}",
	};
	for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
		struct misp_query *query = ask(bodies[i]);
		assert_null(misp_attribute(query));
		assert_string_equal(
		    query->failure,
		    "This module requires an \"attribute\" field as input, "
		    "which should contain at least a type, a value and an "
		    "uuid.");
		done(query);
	}
}

static void attribute_or_not(void **state)
{
	(void)state;
	struct misp_query *query = ask("{'attribute':{'type':'port',"
				       "'value':'80','uuid':'" UUID "'}}");
	const struct misp_attribute *found =
	    misp_attribute_or(query, "Unsupported attribute type.");
	assert_non_null(found);
	assert_string_equal(found->value, "80");
	done(query);
	query =
	    ask("{'attribute':{'type':'url','value':'v','uuid':'" UUID "'}}");
	assert_null(misp_attribute_or(query, "100% unsupported"));
	assert_string_equal(query->failure, "100% unsupported");
	done(query);
	query = ask("{}");
	assert_null(misp_attribute_or(query, "Unsupported attribute type."));
	assert_memory_equal(query->failure, "This module requires", 20);
	done(query);
}

/* data in base64, and the bytes it stands for. */
static const struct {
	const char *data;
	const char *bytes;
} files[] = {
    {"QQ==", "A"},
    {"QUI=", "AB"},
    {"QUJD", "ABC"},
    {"QUJDRA==", "ABCD"},
    {"QUJD\\nRA==\\r\\n", "ABCD"},
    {" Q U I = ", "AB"},
    {"/+8=", "\xff\xef"},
};

static void file_decoded(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		char body[100];
		size_t size = 0;
		snprintf(body, sizeof(body), "{'data':'%s'}", files[i].data);
		struct misp_query *query = ask(body);
		const unsigned char *file = misp_file(query, &size);
		assert_non_null(file);
		assert_int_equal(size, strlen(files[i].bytes));
		assert_memory_equal(file, files[i].bytes, size + 1);
		/* Once is enough. */
		assert_ptr_equal(misp_file(query, &size), file);
		done(query);
	}
}

static void check_no_file(const char *body, const char *message)
{
	size_t size = 0;
	struct misp_query *query = ask(body);
	assert_null(misp_file(query, &size));
	assert_string_equal(query->failure, message);
	done(query);
}

static void file_refused(void **state)
{
	(void)state;
	static const char invalid[] = "The file is not valid base64.";
	static const char none[] = "No file came with the query.";
	check_no_file("{'data':'QQ='}", invalid);
	check_no_file("{'data':'QQ'}", invalid);
	check_no_file("{'data':'Q==='}", invalid);
	check_no_file("{'data':'===='}", invalid);
	check_no_file("{'data':'QQ=A'}", invalid);
	check_no_file("{'data':'QQ==QUJD'}", invalid);
	check_no_file("{'data':'QUJD----'}", invalid);
	check_no_file("{'data':'QUJD-'}", invalid);
	check_no_file("{'data':'Q*JD'}", invalid);
	check_no_file("{'data':'QU\\u00e9D'}", invalid);
	check_no_file("{'data':''}", "The file is empty.");
	check_no_file("{'data':' \\n'}", "The file is empty.");
	check_no_file("{'data':null}", none);
	check_no_file("{'data':[]}", none);
	check_no_file("{}", none);
}

static void file_of_attribute(void **state)
{
	(void)state;
	size_t size = 0;
	struct misp_query *query =
	    ask("{'attribute':{'type':'malware-sample','value':'f.exe|00',"
		"'data':'QUJD'}}");
	assert_string_equal((const char *)misp_file(query, &size), "ABC");
	assert_string_equal(misp_filename(query), "f.exe");
	done(query);
	query = ask("{'attachment':'a|b.pdf'}");
	assert_string_equal(misp_filename(query), "a|b.pdf");
	done(query);
	query = ask("{'filename':'x.csv','attachment':'y'}");
	assert_string_equal(misp_filename(query), "x.csv");
	done(query);
	query = ask("{}");
	assert_null(misp_filename(query));
	done(query);
}

static void events(void **state)
{
	(void)state;
	struct misp_query *query =
	    ask("{'data':[{'Event':{'id':'3'},'Attribute':[{'id':1}]},"
		"{'Event':{'id':4,'Attribute':[{'id':2},{'id':3}]}},"
		"{'Event':{'Attribute':[{'id':1}]},'Attribute':[]},"
		"{'Event':{'Attribute':[]}},7,null]}");
	static const size_t counts[] = {1, 2, 1, 0, 0, 0};
	json_t *found = misp_events(query);
	assert_int_equal(json_array_size(found), 6);
	for (size_t i = 0; i < 6; i++) {
		json_t *attributes =
		    misp_event_attributes(json_array_get(found, i));
		assert_int_equal(json_array_size(attributes), counts[i]);
		assert_true(counts[i] > 0 || !attributes);
	}
	done(query);
	query = ask("{'data':{'Event':{'Attribute':[1]}}}");
	found = misp_events(query);
	assert_int_equal(json_array_size(found), 1);
	assert_true(misp_event_attributes(json_array_get(found, 0)));
	done(query);
	query = ask("{'data':[]}");
	assert_null(misp_events(query));
	assert_string_equal(query->failure, "No event came with the query.");
	done(query);
}

/* The values that a walk finds, each with a comma behind it. */
static void check_walk(const char *body, bool with_objects,
		       const char *expected)
{
	struct misp_query *query = ask(body);
	struct misp_walk walk = {.with_objects = with_objects};
	const char *found = "";
	while (misp_walk(query, &walk)) {
		assert_string_equal(walk.type, "text");
		assert_true(json_object_get(walk.event, "Event"));
		found = misp_text(query, "%s%s,", found, walk.value);
	}
	assert_string_equal(found, expected);
	assert_false(misp_walk(query, &walk));
	done(query);
}

#define TEXT(value) "{'type':'text','value':'" value "'}"

static void walk_finds(void **state)
{
	(void)state;
	static const char beside[] = "{'data':[{'Event':{},'Attribute':[" TEXT(
	    "a") "," TEXT("b") "],"
			       "'Object':[{'Attribute':[" TEXT(
				   "c") "]},{},7,"
					"{'Attribute':[" TEXT("d") "," TEXT(
					    "e") "]}]},"
						 "{'Event':{}},7,null,"
						 "{'Event':{'Attribute':[" TEXT(
						     "f") "]}}]}";
	check_walk(beside, true, "a,b,c,d,e,f,");
	check_walk(beside, false, "a,b,f,");
	static const char inside[] =
	    "{'data':{'Event':{'Attribute':[],'Object':[{'Attribute':[" TEXT(
		"a") "]}]}}}";
	check_walk(inside, true, "a,");
	check_walk(inside, false, "");
	/* What lacks its type or value, and what is no attribute. */
	check_walk("{'data':[{'Event':{},'Attribute':[{'type':'text'},7,"
		   "null,{'value':'v'}," TEXT(
		       "") ",{'type':1,'value':'v'},"
			   "{'type':'text','value':[]}," TEXT("a") "]}]}",
		   true, "a,");
	check_walk("{'data':[]}", true, "");
}

static void export_is_written(void **state)
{
	(void)state;
	struct misp_query *query = ask("{'data':[{}]}");
	struct misp_export_file *file = misp_export_open(query);
	assert_non_null(file);
	fputs("ABC", file->out);
	json_t *answer = misp_export_close(query, file);
	assert_string_equal(json_string_value(json_object_get(answer, "data")),
			    "QUJD");
	json_decref(answer);
	/* More than any buffer holds at first. */
	file = misp_export_open(query);
	for (size_t i = 0; i < 300000; i++)
		putc('A', file->out);
	answer = misp_export_close(query, file);
	assert_int_equal(json_string_length(json_object_get(answer, "data")),
			 400000);
	json_decref(answer);
	answer = misp_export_close(query, misp_export_open(query));
	assert_string_equal(json_string_value(json_object_get(answer, "data")),
			    "");
	json_decref(answer);
	/* One that is never closed is released all the same. */
	fputs("ABC", misp_export_open(query)->out);
	/* What failed meanwhile is no answer. */
	file = misp_export_open(query);
	misp_fail(query, "no");
	assert_null(misp_export_close(query, file));
	done(query);
	query = ask("{'data':[]}");
	assert_null(misp_export_open(query));
	assert_null(misp_export_close(query, NULL));
	assert_string_equal(query->failure, "No event came with the query.");
	done(query);
}

/* What is longer than memory can be is no answer, and not half of one. */
static void export_out_of_memory(void **state)
{
	(void)state;
	struct misp_query *query = ask("{'data':[{}]}");
	struct misp_export_file *file = misp_export_open(query);
	file->size = SIZE_MAX / 2 + 1;
	fputs("ABC", file->out);
	assert_null(misp_export_close(query, file));
	assert_true(query->out_of_memory);
	done(query);
}

/* Who writes need not look: the query has no answer then. */
static void text_out_of_memory(void **state)
{
	(void)state;
	struct misp_query *query = ask("{}");
	char *text;
	size_t size;
	FILE *out = misp_text_file(query, &text, &size);
	fputs("ABC", out);
	fflush(out);
	assert_false(query->out_of_memory);
	size = SIZE_MAX;
	fputs("DEF", out);
	assert_int_equal(fclose(out), EOF);
	assert_true(query->out_of_memory);
	free(text);
	done(query);
}

static void parameters(void **state)
{
	(void)state;
	struct misp_query *query =
	    ask("{'params':{'a':'x','b':'','c':3,'d':null}}");
	assert_string_equal(misp_parameter(query, "a"), "x");
	assert_string_equal(misp_parameter(query, "c"), "3");
	assert_null(misp_parameter(query, "b"));
	assert_null(misp_parameter(query, "d"));
	assert_null(misp_parameter(query, "e"));
	assert_ptr_equal(misp_request(query), query->request);
	done(query);
}

static void check_setting(const char *body,
			  const struct misp_setting_value *file,
			  const char *expected)
{
	struct misp_query *query = ask(body);
	query->file_settings = file;
	const char *value = misp_setting(query, "limit");
	if (expected)
		assert_string_equal(value, expected);
	else
		assert_null(value);
	done(query);
}

static void settings(void **state)
{
	(void)state;
	static const struct misp_setting_value unset[3];
	static const struct misp_setting_value set[3] = {{0}, {"20", false}};
	static const struct misp_setting_value locked[3] = {{0}, {"20", true}};
	static const struct misp_setting_value empty[3] = {{0}, {"", true}};
	check_setting("{}", NULL, "10");
	check_setting("{'config':{'limit':null}}", unset, "10");
	check_setting("{'config':{'limit':''}}", set, "20");
	check_setting("{'config':{'limit':'30'}}", set, "30");
	check_setting("{'config':{'limit':30}}", set, "30");
	check_setting("{'config':{'limit':false}}", set, "0");
	check_setting("{'config':{'limit':['30']}}", set, "20");
	check_setting("{'config':['limit']}", set, "20");
	check_setting("{'config':{'limit':'30'}}", locked, "20");
	check_setting("{'config':{'limit':'30'}}", empty, "10");
}

static void settings_as(void **state)
{
	(void)state;
	struct misp_query *query =
	    ask("{'config':{'apikey':'Yes','limit':'12x','other':'1'}}");
	assert_null(misp_setting(query, "other"));
	assert_null(misp_setting(query, "verify"));
	assert_true(misp_setting_true(query, "apikey", false));
	assert_false(misp_setting_true(query, "limit", true));
	assert_true(misp_setting_true(query, "verify", true));
	assert_int_equal(misp_setting_number(query, "limit", 7), 7);
	assert_int_equal(misp_setting_number(query, "verify", 8), 8);
	done(query);
	query = ask("{'config':{'limit':'-5','apikey':"
		    "'99999999999999999999'}}");
	assert_int_equal(misp_setting_number(query, "limit", 7), -5);
	assert_int_equal(misp_setting_number(query, "apikey", 7), 7);
	done(query);
}

/* A setting that is a time, and what a module waits then. */
static const struct {
	const char *value;
	long milliseconds;
} times[] = {{"2", 2000}, {"0.25", 250}, {"3600", 3600000}, {"3601", 7},
	     {"0", 7},    {"-1", 7},     {"", 7},           {"nan", 7},
	     {"inf", 7},  {"1s", 7},     {"1e-1", 100}};

static void settings_in_seconds(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		char body[64];
		snprintf(body, sizeof(body), "{'config':{'apikey':'%s'}}",
			 times[i].value);
		struct misp_query *query = ask(body);
		assert_int_equal(misp_setting_seconds(query, "apikey", 7),
				 times[i].milliseconds);
		done(query);
	}
}

static void config_or_none(void **state)
{
	(void)state;
	static const char *const none[] = {
	    "{}", "{'config':{}}", "{'config':['apikey']}", "{'config':null}"};
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++) {
		struct misp_query *query = ask(none[i]);
		assert_false(misp_has_config(query));
		done(query);
	}
	struct misp_query *query = ask("{'config':{'other':''}}");
	assert_true(misp_has_config(query));
	done(query);
}

static void setting_or_not(void **state)
{
	(void)state;
	struct misp_query *query = ask("{'config':{'apikey':''}}");
	assert_string_equal(misp_setting_or(query, "limit", "no"), "10");
	assert_false(query->failure[0]);
	assert_null(misp_setting_or(query, "apikey", "100% missing"));
	assert_string_equal(query->failure, "100% missing");
	done(query);
}

static void options(void **state)
{
	(void)state;
	struct misp_query *query =
	    ask("{'config':{'title':'t','fast':'1','safe':'0','x':'1'}}");
	assert_string_equal(misp_option(query, "title"), "t");
	assert_null(misp_option(query, "x"));
	assert_true(misp_option_true(query, "fast"));
	assert_false(misp_option_true(query, "safe"));
	assert_false(misp_option_true(query, "x"));
	done(query);
	query = ask("{'config':{'title':''}}");
	assert_null(misp_option(query, "title"));
	assert_false(misp_option_true(query, "fast"));
	assert_true(misp_option_true(query, "safe"));
	done(query);
}

static void failing(void **state)
{
	(void)state;
	struct misp_query *query = ask("{}");
	assert_null(misp_fail(query, "%s at %d", "\xffno", 3));
	assert_null(misp_fail(query, "later"));
	assert_string_equal(query->failure, "\xef\xbf\xbdno at 3");
	done(query);
	query = ask("{}");
	misp_fail(query, "%s", "");
	assert_string_equal(query->failure,
			    "The module failed and did not say why.");
	done(query);
	query = ask("{}");
	misp_fail(query, "%s", "two\r\nlines \x1b[31mred\x7f");
	assert_string_equal(query->failure, "two  lines  [31mred ");
	done(query);
}

static void forgetting(void **state)
{
	(void)state;
	struct misp_query *query = ask("{}");
	misp_fail(query, "the first");
	misp_forget(query);
	assert_string_equal(query->failure, "");
	misp_fail(query, "the second");
	assert_string_equal(query->failure, "the second");
	done(query);
}

/* A long message ends with a whole character. */
static void failing_at_length(void **state)
{
	(void)state;
	for (int shift = 0; shift < 4; shift++) {
		struct misp_query *query = ask("{}");
		char text[3000] = "xxx";
		char *end = text + shift;
		while (end < text + sizeof(text) - 5)
			end = stpcpy(end, "\xf0\x9f\x98\x80");
		misp_fail(query, "%s", text);
		size_t length = strlen(query->failure);
		assert_in_range(length, 1019, 1023);
		assert_int_equal((length - (size_t)shift) % 4, 0);
		assert_memory_equal(query->failure, text, length);
		done(query);
	}
}

static void count_release(void *pointer)
{
	int *order = pointer;
	order[1] = order[0]++;
}

static void appending(void **state)
{
	(void)state;
	struct misp_query *query = ask("{}");
	const char *text = NULL;
	misp_append(query, &text, ", ", NULL);
	assert_null(text);
	misp_append(query, &text, ", ", "a");
	assert_string_equal(text, "a");
	misp_text(query, "another");
	misp_append(query, &text, ", ", "b");
	misp_append(query, &text, ", ", NULL);
	misp_append(query, &text, ", ", "");
	assert_string_equal(text, "a, b, ");
	text = misp_text(query, "x");
	misp_append(query, &text, "", "y");
	assert_string_equal(text, "xy");
	done(query);
}

static void memory(void **state)
{
	(void)state;
	struct misp_query *query = ask("{}");
	int order[2] = {0};
	assert_ptr_equal(misp_defer(query, order, count_release), order);
	assert_null(misp_defer(query, NULL, count_release));
	char *zero = misp_alloc(query, 100);
	assert_true(zero[0] == 0 && zero[99] == 0);
	assert_non_null(misp_alloc(query, 0));
	assert_string_equal(misp_text(query, "%d-%s", 4, "x"), "4-x");
	assert_int_equal(order[0], 0);
	misp_query_end(query);
	assert_int_equal(order[0], 1);
	/* Twice does no harm. */
	done(query);
}

static void time_left(void **state)
{
	(void)state;
	struct misp_query *query = ask("{}");
	assert_in_range(misp_remaining(query), 1, 1000);
	query->deadline = misp_now() - 5;
	assert_int_equal(misp_remaining(query), 0);
	done(query);
}

static void parsing(void **state)
{
	(void)state;
	struct misp_query *query = ask("{}");
	json_t *json = misp_parse_json(query, "\xef\xbb\xbf[1]", 6);
	assert_int_equal(json_array_size(json), 1);
	json_decref(json);
	assert_null(misp_parse_json(query, "{\n]", 3));
	assert_string_equal(query->failure,
			    "This is not valid JSON: a name (a string) is "
			    "missing (line 2, column 1).");
	done(query);
	query = ask("{}");
	assert_null(misp_parse_json(query, NULL, 0));
	assert_null(misp_parse_json(query, "\xef\xbb\xbf", 3));
	assert_true(query->failure[0]);
	done(query);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(values),
	    cmocka_unit_test(inputs),
	    cmocka_unit_test(parts),
	    cmocka_unit_test(attribute),
	    cmocka_unit_test(attribute_lacking),
	    cmocka_unit_test(attribute_or_not),
	    cmocka_unit_test(file_decoded),
	    cmocka_unit_test(file_refused),
	    cmocka_unit_test(file_of_attribute),
	    cmocka_unit_test(events),
	    cmocka_unit_test(walk_finds),
	    cmocka_unit_test(export_is_written),
	    cmocka_unit_test(export_out_of_memory),
	    cmocka_unit_test(text_out_of_memory),
	    cmocka_unit_test(parameters),
	    cmocka_unit_test(settings),
	    cmocka_unit_test(settings_as),
	    cmocka_unit_test(settings_in_seconds),
	    cmocka_unit_test(config_or_none),
	    cmocka_unit_test(setting_or_not),
	    cmocka_unit_test(options),
	    cmocka_unit_test(failing),
	    cmocka_unit_test(forgetting),
	    cmocka_unit_test(failing_at_length),
	    cmocka_unit_test(appending),
	    cmocka_unit_test(memory),
	    cmocka_unit_test(time_left),
	    cmocka_unit_test(parsing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
