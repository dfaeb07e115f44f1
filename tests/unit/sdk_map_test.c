/*
 * sdk_map_test.c: paths in a service's JSON, and the tables that make
 * attributes and rows of what is there.
 */
#include "query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* JSON in which single quotes are double ones. */
static json_t *read_json(const char *text)
{
	char *json = strdup(text);
	assert_non_null(json);
	for (char *quote = json; (quote = strchr(quote, '\''));)
		*quote = '"';
	json_t *read = json_loads(json, JSON_DECODE_ANY, NULL);
	if (!read)
		fail_msg("%s", json);
	free(json);
	return read;
}

static void check_json(json_t *json, const char *expected)
{
	json_t *wanted = read_json(expected);
	if (!json_equal(json, wanted)) {
		json_dumpf(json, stderr, JSON_ENCODE_ANY);
		fail_msg("expected %s", expected);
	}
	json_decref(wanted);
}

/* Paths in one JSON, and what is there as text. */
static const struct {
	const char *path;
	const char *text;
} paths[] = {
    {"a", "1"},
    {"b.c.d", "deep"},
    {"b.l.0", "x"},
    {"b.l.1.m", "1.5"},
    {"b.l.2", NULL},
    {"b.l.-1", NULL},
    {"b.l.x", NULL},
    {"b.l.0x", NULL},
    {"0", "zero"},
    {"b.n", NULL},
    {"b.n.c", NULL},
    {"a.b", NULL},
    {"", NULL},
    {"b", NULL},
    {"b.c.e", NULL},
    {"b.c.t", "1"},
    {"b..c", NULL},
    {".", "none"},
    {"b.c.d.", "deep"},
    {"b.l.99999999999999999999", NULL},
    {"b.l.4294967296", NULL},
};

static void at_paths(void **state)
{
	(void)state;
	struct misp_query query = {0};
	json_t *json = read_json("{'a':1,'b':{'c':{'d':'deep','e':'','t':true},"
				 "'l':['x',{'m':1.5}],'n':null},'0':'zero',"
				 "'':'none'}");
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		const char *found = misp_text_at(&query, json, paths[i].path);
		if (!found != !paths[i].text ||
		    (found && strcmp(found, paths[i].text) != 0))
			fail_msg("%s: %s", paths[i].path, found);
	}
	assert_ptr_equal(misp_at(json, ""), json);
	assert_null(misp_at(json, NULL));
	assert_null(misp_at(json, "b.n"));
	assert_null(misp_at(NULL, "a"));
	assert_null(misp_at(json_null(), ""));
	json_decref(json);
	misp_query_end(&query);
}

static void ip_versions(void **state)
{
	(void)state;
	assert_int_equal(misp_ip_version("192.0.2.1"), 4);
	assert_int_equal(misp_ip_version("2001:db8::1"), 6);
	assert_int_equal(misp_ip_version("::ffff:192.0.2.1"), 6);
	assert_int_equal(misp_ip_version("192.0.2"), 0);
	assert_int_equal(misp_ip_version("192.0.2.1/24"), 0);
	assert_int_equal(misp_ip_version("[::1]"), 0);
	assert_int_equal(misp_ip_version(""), 0);
	assert_int_equal(misp_ip_version(NULL), 0);
	assert_true(misp_ip_public("9.9.9.9"));
	assert_true(misp_ip_public("2620:fe::fe"));
	assert_false(misp_ip_public("192.0.2.1"));
	assert_false(misp_ip_public("::1"));
	assert_false(misp_ip_public("example.org"));
	assert_false(misp_ip_public(NULL));
}

/* One mapping to the relation "text", and the values it adds. */
static const struct {
	const char *json;
	const char *path;
	enum misp_convert convert;
	const char *values;
} cases[] = {
    {"{'a':'x'}", "a", MISP_AS_IS, "['x']"},
    {"{'a':7}", "a", MISP_AS_IS, "['7']"},
    {"{'a':false}", "a", MISP_AS_IS, "[false]"},
    {"{'a':['x',7,null,'',{},[],'y']}", "a", MISP_AS_IS, "['x','7','y']"},
    {"{'a':[{'b':'x'},{'b':['y','z']},5,null,{'c':1},[{'b':'w'}]]}", "a.b",
     MISP_AS_IS, "['x','y','z','w']"},
    {"{'a':[{'b':'x'},{'b':'y'}]}", "a.1.b", MISP_AS_IS, "['y']"},
    {"{'a':[{'b':'x'},{'b':'y'}]}", "a.2.b", MISP_AS_IS, "[]"},
    {"['x','y']", "", MISP_AS_IS, "['x','y']"},
    {"'x'", "", MISP_AS_IS, "['x']"},
    {"{'a':'x'}", "a.b", MISP_AS_IS, "[]"},
    {"{'a':{'b':1}}", "a", MISP_AS_IS, "[]"},
    {"{'a':''}", "a", MISP_AS_IS, "[]"},
    {"null", "a", MISP_AS_IS, "[]"},
    {"{'a':['x','x','y','x']}", "a", MISP_AS_IS, "['x','y']"},
    {"{'a':[80,'80']}", "a", MISP_AS_IS, "['80']"},
    {"{'a':[1706745599,'1706745599',1706745600.9,0,'0','','x','-1',true]}", "a",
     MISP_FROM_SECONDS,
     "['2024-01-31T23:59:59+00:00','2024-02-01T00:00:00+00:00']"},
    {"{'a':[1e300,-1e300,9223372036854775807,'99999999999999999999999']}", "a",
     MISP_FROM_SECONDS, "[]"},
    {"{'a':['2024-01-31','never',1706745599,[]]}", "a", MISP_FROM_TIME,
     "['2024-01-31T00:00:00','2024-01-31T23:59:59+00:00']"},
    {"{'a':[64500,'64501','as64502','AS64503','AS','x',true,null]}", "a",
     MISP_TO_AS, "['AS64500','AS64501','AS64502','AS64503','AS','x']"},
    {"{'a':['x',7,true,null,'',{},['y']]}", "a", MISP_TO_JOINED,
     "['x, 7, true, y']"},
    {"{'a':[{'b':'x'},{'b':'y'}]}", "a.b", MISP_TO_JOINED, "['x, y']"},
    {"{'a':[null,{}]}", "a", MISP_TO_JOINED, "[]"},
    {"{'a':'x'}", "a", MISP_TO_JOINED, "['x']"},
    {"{'a':[true,false,7,1.5,'x']}", "a", MISP_TO_TEXT,
     "['true','false','7','1.5','x']"},
};

static void conversions(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct misp_query query = {0};
		json_t *results = misp_standard();
		json_t *object = misp_add_object(results, "url");
		json_t *json = read_json(cases[i].json);
		size_t count = misp_map(
		    &query, object, json,
		    MISP_MAPPINGS({cases[i].path, "text", cases[i].convert}));
		json_t *values = json_array();
		json_t *list = json_object_get(object, "Attribute");
		for (size_t n = 0; n < json_array_size(list); n++)
			json_array_append(
			    values,
			    json_object_get(json_array_get(list, n), "value"));
		check_json(values, cases[i].values);
		assert_int_equal(count, json_array_size(values));
		json_decref(values);
		json_decref(json);
		json_decref(results);
		misp_query_end(&query);
	}
}

/* The order is that of the table; what is there already is no news. */
static void objects(void **state)
{
	(void)state;
	struct misp_query query = {0};
	json_t *results = misp_standard();
	json_t *object = misp_add_object(results, "url");
	json_t *json = read_json("{'a':['x','y'],'b':443,'c':'z'}");
	misp_object_add(object, "host", "x");
	misp_object_add_json(object, "port", json_integer(443));
	assert_int_equal(misp_map(&query, object, json,
				  MISP_MAPPINGS({"c", "text"}, {"a", "host"},
						{"a", "domain"}, {"b", "port"},
						{"a", "no-relation"})),
			 4);
	static const char *const expected[] = {
	    "host", "x", "port",   NULL, "text",   "z",
	    "host", "y", "domain", "x",  "domain", "y",
	};
	json_t *list = json_object_get(object, "Attribute");
	assert_int_equal(json_array_size(list), 6);
	for (size_t i = 0; i < 6; i++) {
		const json_t *attribute = json_array_get(list, i);
		assert_string_equal(json_string_value(json_object_get(
					attribute, "object_relation")),
				    expected[2 * i]);
		if (expected[2 * i + 1])
			assert_string_equal(
			    misp_text_at(&query, attribute, "value"),
			    expected[2 * i + 1]);
	}
	json_decref(json);
	json_decref(results);
	misp_query_end(&query);
}

static const struct misp_mapping *const to_types = MISP_MAPPINGS(
    {"n", "hostname"}, {"n", "domain"}, {"v", "counter"}, {"t", "boolean"});

#define TYPES_JSON "{'n':['a.example','b.example','a.example'],'v':7,'t':true}"

static void rows(void **state)
{
	(void)state;
	struct misp_query query = {0};
	json_t *results = misp_rows();
	json_t *json = read_json(TYPES_JSON);
	assert_int_equal(misp_map_rows(&query, results, json, to_types), 6);
	check_json(results, "[{'types':['hostname'],'values':['a.example']},"
			    "{'types':['hostname'],'values':['b.example']},"
			    "{'types':['domain'],'values':['a.example']},"
			    "{'types':['domain'],'values':['b.example']},"
			    "{'types':['counter'],'values':['7']},"
			    "{'types':['boolean'],'values':['1']}]");
	json_decref(json);
	json_decref(results);
	misp_query_end(&query);
}

static void attributes(void **state)
{
	(void)state;
	struct misp_query query = {0};
	json_t *results = misp_standard();
	json_t *json = read_json(TYPES_JSON);
	assert_int_equal(misp_map_attributes(&query, results, json, to_types),
			 6);
	check_json(misp_at(results, "Attribute.4.value"), "'7'");
	check_json(misp_at(results, "Attribute.4.type"), "'counter'");
	check_json(misp_at(results, "Attribute.1.value"), "'b.example'");
	check_json(misp_at(results, "Attribute.1.type"), "'hostname'");
	assert_true(misp_uuid(misp_at(results, "Attribute.5")));
	json_decref(json);
	json_decref(results);
	misp_query_end(&query);
}

static void nothing(void **state)
{
	(void)state;
	struct misp_query query = {0};
	json_t *results = misp_standard();
	json_t *object = misp_add_object(results, "url");
	json_t *json = read_json(TYPES_JSON);
	assert_int_equal(misp_map(&query, NULL, json, to_types), 0);
	assert_int_equal(misp_map(&query, object, NULL, to_types), 0);
	assert_int_equal(misp_map(&query, object, json, NULL), 0);
	assert_int_equal(misp_map_rows(&query, NULL, json, to_types), 0);
	assert_int_equal(misp_map_attributes(&query, NULL, json, to_types), 0);
	json_decref(json);
	json_decref(results);
	misp_query_end(&query);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(at_paths),    cmocka_unit_test(ip_versions),
	    cmocka_unit_test(conversions), cmocka_unit_test(objects),
	    cmocka_unit_test(rows),        cmocka_unit_test(attributes),
	    cmocka_unit_test(nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
