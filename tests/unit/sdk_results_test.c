/*
 * sdk_results_test.c: what modules build: rows, attributes, objects, and the
 * answers of exports and actions.
 */
#include "query.h"
#include "result.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <uuid/uuid.h>

#include <cmocka.h>

/* json (stolen) against expected, in which single quotes are double ones and
 * uuids are "*". */
static void check_json(json_t *json, const char *expected)
{
	char *text = strdup(expected);
	assert_non_null(text);
	for (char *quote = text; (quote = strchr(quote, '\''));)
		*quote = '"';
	json_t *wanted = json_loads(text, JSON_DECODE_ANY, NULL);
	assert_non_null(wanted);
	if (!json_equal(json, wanted)) {
		json_dumpf(json, stderr, JSON_ENCODE_ANY);
		fail_msg("expected %s", text);
	}
	free(text);
	json_decref(wanted);
	json_decref(json);
}

/* Checks that element has a random uuid and puts "*" in its place. */
static void hide_uuid(json_t *element)
{
	uuid_t uuid;
	const char *text = misp_uuid(element);
	assert_non_null(text);
	assert_int_equal(uuid_parse(text, uuid), 0);
	assert_int_equal(uuid_type(uuid), UUID_TYPE_DCE_RANDOM);
	json_object_set_new(element, "uuid", json_string("*"));
}

static void rows(void **state)
{
	(void)state;
	json_t *results = misp_rows();
	json_t *row =
	    misp_row(results, MISP_TYPES("ip-src", "ip-dst"), "192.0.2.1");
	misp_row_value(row, "192.0.2.2");
	misp_row_category(row, "Network activity");
	misp_row_tag(row, "tlp:green");
	misp_row_tag(row, "x");
	misp_comment(row, "seen %d times", 2);
	misp_to_ids(row, false);
	misp_set(row, "distribution", json_string("0"));
	misp_row(results, MISP_TYPES("freetext"), "text");
	check_json(results,
		   "[{'types':['ip-src','ip-dst'],"
		   "'values':['192.0.2.1','192.0.2.2'],"
		   "'categories':['Network activity'],'tags':['tlp:green','x'],"
		   "'comment':'seen 2 times','to_ids':false,"
		   "'distribution':'0'},"
		   "{'types':['freetext'],'values':['text']}]");
}

static void rows_without_value(void **state)
{
	(void)state;
	json_t *results = misp_rows();
	json_t *row = misp_row(results, MISP_TYPES("text"), "");
	assert_null(row);
	assert_null(misp_row(results, MISP_TYPES("text"), NULL));
	assert_null(misp_row(NULL, MISP_TYPES("text"), "x"));
	misp_row_value(row, "x");
	row = misp_row(results, MISP_TYPES("text"), "a\xff");
	misp_row_value(row, "");
	check_json(results, "[{'types':['text'],'values':['a\xef\xbf\xbd']}]");
}

static void attributes(void **state)
{
	(void)state;
	json_t *results = misp_standard();
	json_t *attribute = misp_add_attribute(results, "md5", "00");
	misp_tag(attribute, "malware", "#ff0000");
	misp_tag(attribute, "seen", NULL);
	misp_tag(attribute, "", NULL);
	hide_uuid(attribute);
	hide_uuid(misp_add_attribute(results, "no-type", "v"));
	assert_null(misp_add_attribute(results, "md5", ""));
	assert_null(misp_add_attribute(results, "md5", NULL));
	assert_null(misp_add_attribute(NULL, "md5", "00"));
	check_json(results,
		   "{'Attribute':[{'uuid':'*','type':'md5','value':'00',"
		   "'category':'Payload delivery','to_ids':true,"
		   "'Tag':[{'name':'malware','colour':'#ff0000'},"
		   "{'name':'seen'}]},"
		   "{'uuid':'*','type':'no-type','value':'v',"
		   "'to_ids':false}]}");
}

#define UUID "5c1c3a5e-1234-4000-8000-0123456789ab"

static void violated(void *context, const char *words)
{
	(void)context;
	fail_msg("%s", words);
}

/* What becomes of the query's attribute; the check of results has no say. */
static void check_own(const char *attribute, const char *expected)
{
	static const struct misp_module module = {
	    .types = MISP_EXPANSION,
	    .format = MISP_STANDARD,
	};
	const struct result_report report = {.violation = violated};
	struct misp_query query = {.module = &module};
	char body[1024];
	snprintf(body, sizeof(body), "{\"attribute\":%s}", attribute);
	for (char *quote = body; (quote = strchr(quote, '\''));)
		*quote = '"';
	query.request = json_loads(body, 0, NULL);
	assert_non_null(query.request);
	json_t *before = json_deep_copy(query.request);
	json_t *results = misp_standard();
	json_t *own = misp_add_own(results, misp_attribute(&query));
	assert_null(misp_add_own(NULL, misp_attribute(&query)));
	assert_true(!own == !strstr(expected, "Attribute"));
	check_json(result_check(&module, results, &report), expected);
	assert_true(json_equal(before, query.request));
	json_decref(before);
	json_decref(query.request);
	misp_query_end(&query);
}

#define OWN "'type':'ip-src','value':'8.8.8.8','uuid':'" UUID "'"
#define OWN_DEFAULTS "'category':'Network activity','to_ids':true"

static void own_attribute(void **state)
{
	(void)state;
	check_own("{'id':'7','event_id':3,'object_id':'0',"
		  "'object_relation':null,'category':'Payload delivery',"
		  "'to_ids':false,'timestamp':'1700000000','distribution':'5',"
		  "'sharing_group_id':0,'comment':'','deleted':false,"
		  "'first_seen':null,'data':'QQ==','Galaxy':[{'name':'x'}],"
		  "'ShadowAttribute':[],'Sighting':[{'id':1}],"
		  "'SharingGroup':{'id':1}," OWN "}",
		  "{'results':{'Attribute':[{'id':'7','event_id':'3',"
		  "'object_id':'0','category':'Payload delivery',"
		  "'to_ids':false,'distribution':'5','sharing_group_id':'0',"
		  "'comment':'','deleted':false," OWN "}]}}");
	check_own("{" OWN ",'Tag':[{'id':1,'name':'tlp:red','colour':'#f00',"
		  "'x':null,'y':[]},{'name':7},'tag',null]}",
		  "{'results':{'Attribute':[{" OWN "," OWN_DEFAULTS
		  ",'Tag':[{'id':'1','name':'tlp:red','colour':'#f00'}]}]}}");
}

/* Of a shape that MISP would not send. */
static void own_attribute_odd(void **state)
{
	(void)state;
	check_own("{" OWN ",'category':'No such','comment':7.5,'Tag':'x'}",
		  "{'results':{'Attribute':[{" OWN "," OWN_DEFAULTS "}]}}");
	check_own("{'type':'port','value':80,'category':7,'to_ids':null,"
		  "'uuid':'" UUID "','Tag':{'name':'x'}}",
		  "{'results':{'Attribute':[{'type':'port','value':'80',"
		  "'uuid':'" UUID "','category':'Network activity',"
		  "'to_ids':false}]}}");
	check_own("{'type':'no-type','value':'x','uuid':'" UUID "'}",
		  "{'results':{}}");
	check_own("{'type':'ip-src'}", "{'results':{}}");
	assert_null(misp_add_own(NULL, NULL));
}

#define URL_OBJECT                                                \
	"'uuid':'*','name':'url','meta-category':'network',"      \
	"'template_uuid':'60efb77b-40b5-4c46-871b-ed1ed999fce5'," \
	"'template_version':'10','description':'*'"

static void objects(void **state)
{
	(void)state;
	json_t *results = misp_standard();
	json_t *object = misp_add_object(results, "url");
	hide_uuid(misp_object_add(object, "host", "a.example"));
	hide_uuid(misp_object_add_json(object, "port", json_integer(80)));
	hide_uuid(object);
	json_object_set_new(object, "description", json_string("*"));
	check_json(results,
		   "{'Object':[{" URL_OBJECT ",'Attribute':["
		   "{'uuid':'*','object_relation':'host','type':'hostname',"
		   "'value':'a.example','category':'Network activity',"
		   "'to_ids':true,'disable_correlation':false},"
		   "{'uuid':'*','object_relation':'port','type':'port',"
		   "'value':'80','category':'Network activity',"
		   "'to_ids':false,'disable_correlation':true}],"
		   "'ObjectReference':[]}]}");
}

static void objects_take_no_more(void **state)
{
	(void)state;
	json_t *results = misp_standard();
	json_t *object = misp_add_object(results, "url");
	assert_null(misp_object_add(object, "host", ""));
	assert_null(misp_object_add(object, "host", NULL));
	assert_null(misp_object_add(object, "no-relation", "x"));
	assert_null(misp_object_add(NULL, "host", "x"));
	assert_null(misp_object_add_json(object, "host", json_null()));
	assert_null(misp_object_add_json(object, "host", json_array()));
	assert_null(misp_object_add_json(object, "host", NULL));
	assert_null(misp_object_add_json(results, "host", json_true()));
	assert_null(misp_add_object(results, "no-object"));
	assert_null(misp_add_object(NULL, "url"));
	hide_uuid(object);
	json_object_set_new(object, "description", json_string("*"));
	check_json(results, "{'Object':[{" URL_OBJECT
			    ",'Attribute':[],'ObjectReference':[]}]}");
}

static void references(void **state)
{
	(void)state;
	json_t *results = misp_standard();
	json_t *object = misp_add_object(results, "url");
	json_object_set_new(object, "uuid", json_string("me"));
	misp_reference(object, "you", "related-to");
	misp_reference(object, NULL, "related-to");
	misp_reference(NULL, "you", "related-to");
	json_t *found = json_object_get(object, "ObjectReference");
	hide_uuid(json_array_get(found, 0));
	check_json(json_incref(found),
		   "[{'uuid':'*','object_uuid':'me','referenced_uuid':'you',"
		   "'relationship_type':'related-to'}]");
	json_decref(results);
}

static void reports_and_tags(void **state)
{
	(void)state;
	json_t *results = misp_standard();
	hide_uuid(misp_add_report(results, "Report", "# Text"));
	assert_null(misp_add_report(results, "Report", NULL));
	misp_add_tag(results, "tlp:red", "#cc0033");
	misp_add_tag(NULL, "x", NULL);
	check_json(results, "{'EventReport':[{'uuid':'*','name':'Report',"
			    "'content':'# Text','distribution':'5',"
			    "'sharing_group_id':'0'}],"
			    "'Tag':[{'name':'tlp:red','colour':'#cc0033'}]}");
	check_json(misp_standard(), "{}");
}

static void uuids_differ(void **state)
{
	(void)state;
	json_t *results = misp_standard();
	const char *one = misp_uuid(misp_add_attribute(results, "text", "a"));
	const char *two = misp_uuid(misp_add_attribute(results, "text", "a"));
	assert_string_not_equal(one, two);
	assert_null(misp_uuid(NULL));
	json_decref(results);
}

static void answers(void **state)
{
	(void)state;
	check_json(misp_export("ABCD", 4), "{'response':[],'data':'QUJDRA=='}");
	check_json(misp_export("", 0), "{'response':[],'data':''}");
	assert_null(misp_export(NULL, 4));
	check_json(misp_done(true), "{'data':true}");
	check_json(misp_done(false), "{'data':false}");
}

static void attaching(void **state)
{
	(void)state;
	json_t *element = json_object();
	misp_attach(element, "\0\xff", 2);
	misp_attach(NULL, "x", 1);
	misp_set(NULL, "x", json_true());
	misp_comment(NULL, "x");
	check_json(element, "{'data':'AP8='}");
}

/* Bytes, and what is sent of them. */
static const struct {
	const char *bytes;
	size_t size;
	const char *text;
} texts[] = {
    {"", 0, ""},
    {"a\0b", 3, "ab"},
    {"\xc3\xa9", 2, "\xc3\xa9"},
    {"x\xc3", 2, "x\xef\xbf\xbd"},
    {"\xe9t\xe9", 3, "\xef\xbf\xbdt\xef\xbf\xbd"},
    {"\xf0\x9f\x98\x80\xff", 5, "\xf0\x9f\x98\x80\xef\xbf\xbd"},
};

static void mending_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		json_t *string = misp_string(texts[i].bytes, texts[i].size);
		assert_string_equal(json_string_value(string), texts[i].text);
		/* Only what is valid would be taken here. */
		json_t *same = json_stringn(json_string_value(string),
					    json_string_length(string));
		assert_true(json_equal(string, same));
		json_decref(same);
		json_decref(string);
	}
	assert_null(misp_string(NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rows),
	    cmocka_unit_test(rows_without_value),
	    cmocka_unit_test(attributes),
	    cmocka_unit_test(own_attribute),
	    cmocka_unit_test(own_attribute_odd),
	    cmocka_unit_test(objects),
	    cmocka_unit_test(objects_take_no_more),
	    cmocka_unit_test(references),
	    cmocka_unit_test(reports_and_tags),
	    cmocka_unit_test(uuids_differ),
	    cmocka_unit_test(answers),
	    cmocka_unit_test(attaching),
	    cmocka_unit_test(mending_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
