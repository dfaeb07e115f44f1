/* result_test.c: what leaves a module is what MISP takes. */
#include "result.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static char violations[2048];

static void note(void *context, const char *words)
{
	size_t used = strlen(violations);

	(void)context;
	snprintf(violations + used, sizeof(violations) - used, "%s\n", words);
}

static const struct misp_module simple = {.name = "simple",
					  .types = MISP_EXPANSION};
static const struct misp_module expansion = {
    .format = MISP_STANDARD, .name = "expansion", .types = MISP_EXPANSION};
static const struct misp_module export = {.name = "export",
					  .types = MISP_EXPORT};

/* The checked answer to a handler's JSON, compared with what is expected. */
static void check(const struct misp_module *module, const char *returned,
		  const char *expected, const char *words)
{
	const struct result_report report = {note, NULL, true};
	json_t *json = json_loads(returned, JSON_DECODE_ANY, NULL);
	json_t *answer;
	char *text;

	assert_non_null(json);
	violations[0] = '\0';
	answer = result_check(module, json, &report);
	text = answer ? json_dumps(answer, JSON_COMPACT | JSON_SORT_KEYS)
		      : strdup("nothing");
	assert_string_equal(text, expected);
	assert_string_equal(violations, words);
	free(text);
	json_decref(answer);
}

static void rows_that_are_good_pass(void **state)
{
	(void)state;
	check(&expansion,
	      "[{\"types\":[\"ip-src\",\"freetext\"],\"values\":[\"a\",1]},"
	      "{\"types\":\"text\",\"values\":true}]",
	      "{\"results\":[{\"types\":[\"ip-src\",\"freetext\"],"
	      "\"values\":[\"a\",1]},{\"types\":\"text\",\"values\":true}]}",
	      "");
}

static void rows_lose_what_misp_does_not_know(void **state)
{
	(void)state;
	check(&expansion,
	      "[{\"types\":[\"nonsense\",\"domain\"],\"values\":[[\"x\"],"
	      "\"y\"],\"categories\":[\"Odd\"],\"comment\":{\"a\":1}},"
	      "{\"types\":[\"nonsense\"],\"values\":[\"z\"]},\"row\"]",
	      "{\"results\":[{\"types\":[\"domain\"],\"values\":[\"y\"]}]}",
	      "MISP knows no type nonsense\n"
	      "a value is neither text, number nor boolean\n"
	      "MISP knows no category Odd\n"
	      "a comment is no text\n"
	      "MISP knows no type nonsense\n"
	      "a row has no types\n"
	      "a row is no object\n");
}

static void attributes_without_a_type_are_left_out(void **state)
{
	(void)state;
	check(&expansion,
	      "{\"Attribute\":[{\"value\":\"x\"},{\"type\":\"domain\"},"
	      "{\"type\":\"domain\",\"value\":\"x\",\"category\":\"Odd\","
	      "\"comment\":[\"a\"],"
	      "\"uuid\":\"5c1c2f0e-0f5c-4e1a-9d1e-0c6f950d210f\"}]}",
	      "{\"results\":{\"Attribute\":[{\"type\":\"domain\",\"uuid\":"
	      "\"5c1c2f0e-0f5c-4e1a-9d1e-0c6f950d210f\",\"value\":\"x\"}]}}",
	      "MISP knows no type (not a string)\n"
	      "a value is neither text, number nor boolean\n"
	      "MISP knows no category Odd\n"
	      "a comment is no text\n");
}

static void bad_uuids_are_made_anew(void **state)
{
	const struct result_report report = {note, NULL, true};
	json_t *answer =
	    result_check(&expansion,
			 json_pack("{s:[{s:s,s:s,s:s}]}", "Attribute", "type",
				   "domain", "value", "x", "uuid", "17"),
			 &report);
	const char *uuid = NULL;

	(void)state;
	violations[0] = '\0';
	json_unpack(answer, "{s:{s:[{s:s}]}}", "results", "Attribute", "uuid",
		    &uuid);
	assert_non_null(uuid);
	assert_int_equal(strlen(uuid), 36);
	json_decref(answer);
}

static void objects_keep_the_relations_of_their_template(void **state)
{
	(void)state;
	check(&expansion,
	      "{\"Object\":[{\"name\":\"url\","
	      "\"uuid\":\"5c1c2f0e-0f5c-4e1a-9d1e-0c6f950d210f\","
	      "\"Attribute\":[{\"type\":\"hostname\",\"value\":\"h\","
	      "\"object_relation\":\"nonsense\","
	      "\"uuid\":\"5c1c2f0e-0f5c-4e1a-9d1e-0c6f950d2100\"},"
	      "{\"type\":\"hostname\",\"value\":\"h\","
	      "\"object_relation\":\"host\","
	      "\"uuid\":\"5c1c2f0e-0f5c-4e1a-9d1e-0c6f950d2101\"}],"
	      "\"ObjectReference\":[{\"referenced_uuid\":\"x\","
	      "\"relationship_type\":\"is\"}]},{}]}",
	      "{\"results\":{\"Object\":[{\"Attribute\":[{"
	      "\"object_relation\":\"host\",\"type\":\"hostname\","
	      "\"uuid\":\"5c1c2f0e-0f5c-4e1a-9d1e-0c6f950d2101\","
	      "\"value\":\"h\"}],\"ObjectReference\":[],\"name\":\"url\","
	      "\"uuid\":\"5c1c2f0e-0f5c-4e1a-9d1e-0c6f950d210f\"}]}}",
	      "object url has no relation nonsense\n"
	      "a reference has no valid referenced_uuid or no "
	      "relationship_type\n"
	      "an object has no name\n");
}

static void lists_and_uuids_are_what_they_should_be(void **state)
{
	(void)state;
	check(&expansion,
	      "{\"Object\":[{\"name\":\"url\",\"Attribute\":{\"a\":1},"
	      "\"ObjectReference\":\"x\",\"template_uuid\":\"x\","
	      "\"uuid\":\"5c1c2f0e-0f5c-4e1a-9d1e-0c6f950d210f\"}],"
	      "\"Attribute\":[{\"type\":\"domain\",\"value\":\"x\","
	      "\"uuid\":\"5c1c2f0e-0f5c-4e1a-9d1e-0c6f950d210f\","
	      "\"Tag\":[{\"name\":7},{\"name\":\"t\"}]}]}",
	      "{\"results\":{\"Attribute\":[{\"Tag\":[{\"name\":\"t\"}],"
	      "\"type\":\"domain\","
	      "\"uuid\":\"5c1c2f0e-0f5c-4e1a-9d1e-0c6f950d210f\","
	      "\"value\":\"x\"}],\"Object\":[{\"name\":\"url\","
	      "\"uuid\":\"5c1c2f0e-0f5c-4e1a-9d1e-0c6f950d210f\"}]}}",
	      "a tag has no name\n"
	      "a template_uuid is invalid\n"
	      "Attribute is no list\n"
	      "ObjectReference is no list\n");
}

static void unknown_names_are_kept_out_of_the_log(void **state)
{
	const struct result_report report = {note, NULL, false};
	json_t *rows =
	    json_pack("[{s:s,s:s}]", "types", "evil.example", "values", "x");

	(void)state;
	violations[0] = '\0';
	assert_null(result_check(&expansion, rows, &report));
	assert_null(strstr(violations, "evil"));
}

static void names_become_utf8(void **state)
{
	const struct result_report report = {note, NULL, true};
	json_t *results = json_object();
	json_t *answer;
	char *text;

	(void)state;
	violations[0] = '\0';
	json_object_set_new_nocheck(results, "a\xff", json_integer(1));
	answer = result_check(&expansion, results, &report);
	text = json_dumps(answer, JSON_COMPACT);
	assert_string_equal(text, "{\"results\":{}}");
	assert_string_equal(violations, "a name is not valid UTF-8\n");
	free(text);
	json_decref(answer);
}

static void text_becomes_utf8(void **state)
{
	const struct result_report report = {note, NULL, true};
	json_t *rows = json_array();
	const char *value = NULL;
	json_t *answer;

	(void)state;
	violations[0] = '\0';
	json_array_append_new(rows,
			      json_pack("{s:s,s:o}", "types", "text", "values",
					json_stringn_nocheck("a\xff\0", 3)));
	answer = result_check(&expansion, rows, &report);
	json_unpack(answer, "{s:[{s:s}]}", "results", "values", &value);
	assert_string_equal(value, "a\xef\xbf\xbd");
	assert_string_equal(violations,
			    "a string is not valid UTF-8 without NUL\n");
	json_decref(answer);
}

/* Clients take it for the end. */
static void text_has_no_nul(void **state)
{
	const struct result_report report = {note, NULL, true};
	json_t *rows = json_array();
	char *text;
	json_t *answer;

	(void)state;
	json_array_append_new(rows,
			      json_pack("{s:s,s:o}", "types", "text", "values",
					json_stringn_nocheck("a\0b", 3)));
	answer = result_check(&expansion, rows, &report);
	text = json_dumps(answer, 0);
	assert_non_null(strstr(text, "\"ab\""));
	free(text);
	json_decref(answer);
}

static void deep_results_are_cut(void **state)
{
	const struct result_report report = {note, NULL, true};
	json_t *deep = json_array();
	json_t *answer;

	(void)state;
	violations[0] = '\0';
	for (int i = 0; i < 600; i++)
		deep = json_pack("[o]", deep);
	answer =
	    result_check(&expansion, json_pack("{s:o}", "Odd", deep), &report);
	assert_string_equal(violations, "nested more than 126 deep\n");
	json_decref(answer);
}

/* Every other one: moving what follows for each would take a minute. */
static void many_rows_are_refused_in_good_time(void **state)
{
	static const char *const types[] = {"text", "no-such-type"};
	const struct result_report report = {note, NULL, true};
	const size_t count = 200000;
	json_t *rows = json_array(), *answer;
	clock_t began;

	(void)state;
	for (size_t i = 0; i < count; i++)
		json_array_append_new(rows, json_pack("{s:s, s:I}", "types",
						      types[i % 2], "values",
						      (json_int_t)i));
	began = clock();
	answer = result_check(&simple, rows, &report);
	assert_true(clock() - began < 5 * CLOCKS_PER_SEC);
	rows = json_object_get(answer, "results");
	assert_int_equal(json_array_size(rows), count / 2);
	for (size_t i = 0; i < count / 2; i++)
		assert_int_equal(json_integer_value(json_object_get(
				     json_array_get(rows, i), "values")),
				 i * 2);
	json_decref(answer);
}

static void exports_are_objects(void **state)
{
	(void)state;
	check(&export, "{\"data\":\"\"}", "{\"data\":\"\"}", "");
	check(&export, "[]", "nothing", "the answer is no object\n");
}

static void other_json_is_refused(void **state)
{
	(void)state;
	check(&expansion, "\"text\"", "nothing",
	      "the results are neither rows nor a dictionary of attributes and "
	      "objects\n");
	check(&expansion, "[1]", "nothing", "a row is no object\n");
	check(&expansion, "[]", "{\"results\":[]}", "");
	check(&simple, "{}", "{\"results\":{}}",
	      "the results are a dictionary, but the descriptor does not say "
	      "MISP_STANDARD\n");
	check(&expansion, "{\"Attribute\":7}", "{\"results\":{}}",
	      "Attribute is no list\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rows_that_are_good_pass),
	    cmocka_unit_test(rows_lose_what_misp_does_not_know),
	    cmocka_unit_test(attributes_without_a_type_are_left_out),
	    cmocka_unit_test(bad_uuids_are_made_anew),
	    cmocka_unit_test(objects_keep_the_relations_of_their_template),
	    cmocka_unit_test(lists_and_uuids_are_what_they_should_be),
	    cmocka_unit_test(unknown_names_are_kept_out_of_the_log),
	    cmocka_unit_test(names_become_utf8),
	    cmocka_unit_test(text_becomes_utf8),
	    cmocka_unit_test(text_has_no_nul),
	    cmocka_unit_test(deep_results_are_cut),
	    cmocka_unit_test(many_rows_are_refused_in_good_time),
	    cmocka_unit_test(exports_are_objects),
	    cmocka_unit_test(other_json_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
