/* describe_test.c: fcgi/describe*.c, fcgi/build.c, and what of openapi.c is
 * not tested with a validator. */
#include "describe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "build.h"
#include "fake_registry.h"

#include <stdio.h>

/* Fails unless the module of this name is described exactly so. */
static void assert_described(const char *name, const char *expected)
{
	struct registry registry = {0};
	json_t *wanted = json_loads(expected, 0, NULL);
	json_t *list = NULL;
	size_t i;
	json_t *entry = NULL;

	fake_registry(&registry);
	assert_non_null(wanted);
	list = describe_modules(&registry);
	assert_int_equal(json_array_size(list), 4);
	json_array_foreach (list, i, entry) {
		const char *found =
		    json_string_value(json_object_get(entry, "name"));

		if (strcmp(found, name) == 0)
			break;
	}
	if (!json_equal(entry, wanted))
		json_dumpf(entry, stderr, JSON_INDENT(1));
	assert_true(json_equal(entry, wanted));
	json_decref(list);
	json_decref(wanted);
	registry_free(&registry);
}

static void test_expansion(void **state)
{
	(void)state;
	assert_described(
	    "dns", "{\"name\": \"dns\", \"type\": \"expansion\","
		   " \"mispattributes\": {\"input\": [\"domain\"],"
		   "  \"output\": [\"ip-src\", \"ip-dst\"]},"
		   " \"meta\": {\"name\": \"DNS\", \"version\": \"1\","
		   "  \"author\": \"Us\", \"description\": \"Resolves\","
		   "  \"module-type\": [\"expansion\", \"hover\"],"
		   "  \"config\": [\"nameserver\", \"apikey\"], \"logo\": \"\","
		   "  \"requirements\": [\"a resolver\"], \"features\": \"\","
		   "  \"references\": [], \"input\": \"\", \"output\": \"\"}}");
}

static void test_import(void **state)
{
	(void)state;
	assert_described(
	    "table",
	    "{\"name\": \"table\", \"type\": \"import_mod\","
	    " \"mispattributes\": {\"inputSource\": [\"file\", \"paste\"],"
	    "  \"userConfig\": {"
	    "   \"column\": {\"type\": \"Integer\", \"message\": \"Which\","
	    "    \"errorMessage\": \"A number\", \"regex\": \"/^[0-9]$/\"},"
	    "   \"header\": {\"type\": \"Boolean\", \"message\": \"Has one\","
	    "    \"checked\": true},"
	    "   \"mark\": {\"type\": \"String\", \"message\": \"\","
	    "    \"validation\": \"0\"},"
	    "   \"sort\": {\"type\": \"Select\", \"message\": \"\","
	    "    \"options\": {\"0\": \"up\", \"1\": \"1\"}}}},"
	    " \"meta\": {\"name\": \"table\", \"version\": \"\","
	    "  \"author\": \"\", \"description\": \"\","
	    "  \"module-type\": [\"import\"], \"config\": [], \"logo\": \"\","
	    "  \"requirements\": [], \"features\": \"\", \"references\": [],"
	    "  \"input\": \"\", \"output\": \"\"}}");
}

static void test_export(void **state)
{
	(void)state;
	assert_described(
	    "out",
	    "{\"name\": \"out\", \"type\": \"export_mod\","
	    " \"mispattributes\": {\"outputFileExtension\": \"txt\","
	    "  \"responseType\": \"text/plain\"},"
	    " \"meta\": {\"name\": \"out\", \"version\": \"\","
	    "  \"author\": \"\", \"description\": \"\","
	    "  \"module-type\": [\"export\"], \"config\": [], \"logo\": \"\","
	    "  \"requirements\": [], \"features\": \"\", \"references\": [],"
	    "  \"input\": \"\", \"output\": \"\","
	    "  \"require_standard_format\": true}}");
}

#define ACTION_CONFIG                                                  \
	"{\"params\": {\"channel\": {\"type\": \"string\","            \
	"   \"description\": \"Where to\", \"value\": \"general\","    \
	"   \"jinja_supported\": true},"                               \
	"  \"path\": {\"type\": \"hash_path\", \"description\": \"\"," \
	"   \"value\": \"\"}},"                                        \
	" \"blocking\": true, \"support_filters\": false,"             \
	" \"expect_misp_core_format\": false}"

static void test_action(void **state)
{
	(void)state;
	assert_described(
	    "act",
	    "{\"name\": \"act\", \"type\": \"action_mod\","
	    " \"mispattributes\": {\"config\": " ACTION_CONFIG "},"
	    " \"meta\": {\"name\": \"act\", \"version\": \"\","
	    "  \"author\": \"\", \"description\": \"\","
	    "  \"module-type\": [\"action\"], \"config\": " ACTION_CONFIG ","
	    "  \"logo\": \"\", \"requirements\": [], \"features\": \"\","
	    "  \"references\": [], \"input\": \"\", \"output\": \"\"}}");
}

static void test_standard_format_is_said(void **state)
{
	static const struct {
		enum family family;
		unsigned type;
	} families_of[] = {{FAMILY_ENRICHMENT, MISP_EXPANSION},
			   {FAMILY_IMPORT, MISP_IMPORT},
			   {FAMILY_EXPORT, MISP_EXPORT}};

	(void)state;
	for (size_t i = 0; i < sizeof(families_of) / sizeof(*families_of);
	     i++) {
		const struct misp_module standard = {
		    .name = "std",
		    .types = families_of[i].type,
		    .format = MISP_STANDARD,
		    .input = MISP_LIST("url"),
		    .file_extension = "txt",
		    .response_type = "text/plain"};
		struct registry registry = {0};
		json_t *list = NULL;
		const char *format = NULL;

		fake_add(&registry, families_of[i].family, &standard);
		list = describe_modules(&registry);
		assert_int_equal(json_unpack(list, "[{s:{s:s}}]",
					     "mispattributes", "format",
					     &format),
				 0);
		assert_string_equal(format, "misp_standard");
		json_decref(list);
		registry_free(&registry);
	}
}

static void test_modules_that_are_off_are_not_there(void **state)
{
	struct registry registry = {0};
	json_t *list = NULL;
	json_t *document = NULL;
	json_t *schemas = NULL;

	(void)state;
	fake_registry(&registry);
	registry_find(&registry, "dns")->enabled = false;
	list = describe_modules(&registry);
	assert_int_equal(json_array_size(list), 3);
	document = describe_openapi(&registry);
	assert_int_equal(json_unpack(document, "{s:{s:o}}", "components",
				     "schemas", &schemas),
			 0);
	assert_null(json_object_get(schemas, "query.dns"));
	assert_non_null(json_object_get(schemas, "query.out"));
	json_decref(document);
	json_decref(list);
	registry_free(&registry);
}

/* ---- The table ---- */

#define HEAD                                                          \
	"| name | type | what it does | input | output | settings | " \
	"hosts |\n| --- | --- | --- | --- | --- | --- | --- |\n"

/* The table of these modules; to be freed. */
static char *table_of(const struct registry *registry)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(describe_table(registry, out), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void test_table(void **state)
{
	struct registry registry = {0};
	char *text = NULL;

	(void)state;
	fake_registry(&registry);
	registry_find(&registry, "out")->enabled = false;
	text = table_of(&registry);
	assert_string_equal(text, HEAD
			    "| `act` | action | - | - | - | - | - |\n"
			    "| `dns` | expansion, hover | Resolves | domain | "
			    "ip-src, ip-dst | nameserver, apikey | - |\n"
			    "| `table` | import | - | - | - | - | - |\n");
	free(text);
	registry_free(&registry);
}

static const struct misp_service first = {
    .name = "First", .url = "https://first.example:8443/api"};
static const struct misp_service second = {.name = "Second",
					   .url = "http://second.example"};
static const struct misp_service again = {.name = "Again",
					  .url = "https://first.example/v2"};

static const struct misp_module asks = {
    .name = "asks",
    .types = MISP_EXPANSION,
    .description = "a|b\n*c* `d` \\ <e> [f](g)",
    .input = MISP_LIST("1", "2", "3", "4", "5", "6", "7", "8", "9", "10",
		       "domain|ip"),
    .output =
	MISP_LIST("1", "2", "3", "4", "5", "6", "7", "8", "9", "domain|ip"),
    .services = MISP_SERVICES(&first, &second, &again),
    .hosts = MISP_LIST("second.example", ".third.example"),
};

static const struct misp_module fetches = {
    .name = "fetches",
    .types = MISP_EXPORT,
    .input_text = "Events",
    .output_text = "A file",
    .services = MISP_SERVICES(&first),
    .any_host = true,
};

static void test_table_of_what_is_special(void **state)
{
	struct registry registry = {0};
	char *text = NULL;

	(void)state;
	fake_add(&registry, FAMILY_ENRICHMENT, &asks);
	fake_add(&registry, FAMILY_EXPORT, &fetches);
	text = table_of(&registry);
	assert_string_equal(
	    text, HEAD
	    "| `asks` | expansion | a\\|b \\*c\\* \\`d\\` \\\\ &lt;e> "
	    "\\[f](g) | 1, 2, 3, … (11 types) | 1, 2, 3, 4, 5, 6, 7, 8, 9, "
	    "domain\\|ip | - | first.example, second.example, .third.example "
	    "|\n"
	    "| `fetches` | export | - | Events | A file | - | any |\n");
	free(text);
	registry_free(&registry);
}

/* What the file alone may say is not shown to MISP. */
static void test_proxy_and_endpoint_are_not_shown(void **state)
{
	struct registry registry = {0};
	json_t *list = NULL;
	char *text = NULL;

	(void)state;
	fake_add(&registry, FAMILY_ENRICHMENT, &asks);
	list = describe_modules(&registry);
	text = json_dumps(list, 0);
	assert_non_null(text);
	assert_null(strstr(text, "proxy"));
	assert_null(strstr(text, "endpoint"));
	free(text);
	json_decref(list);
	registry_free(&registry);
}

/* The schema of /query's body without a single module is still a schema. */
static void test_openapi_without_modules(void **state)
{
	struct registry registry = {0};
	json_t *document = describe_openapi(&registry);
	const char *reference = NULL;

	(void)state;
	assert_int_equal(
	    json_unpack(document, "{s:{s:{s:{s:{s:{s:{s:{s:s}}}}}}}}", "paths",
			"/query", "post", "requestBody", "content",
			"application/json", "schema", "$ref", &reference),
	    0);
	assert_string_equal(reference, "#/components/schemas/Query");
	json_decref(document);
}

static void test_secret_settings_are_write_only(void **state)
{
	struct registry registry = {0};
	json_t *document = NULL;
	json_t *config = NULL;

	(void)state;
	fake_registry(&registry);
	document = describe_openapi(&registry);
	assert_int_equal(json_unpack(document, "{s:{s:{s:{s:{s:{s:o}}}}}}",
				     "components", "schemas", "query.dns",
				     "properties", "config", "properties",
				     &config),
			 0);
	assert_true(json_is_true(
	    json_object_get(json_object_get(config, "apikey"), "writeOnly")));
	assert_null(json_object_get(json_object_get(config, "nameserver"),
				    "writeOnly"));
	json_decref(document);
	registry_free(&registry);
}

static void test_builders_pass_failure_on(void **state)
{
	(void)state;
	assert_null(build_with(NULL, "a", json_true()));
	assert_null(build_with(json_object(), "a", NULL));
	assert_null(build_append(NULL, json_string("a")));
	assert_null(build_append(json_array(), NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_expansion),
	    cmocka_unit_test(test_import),
	    cmocka_unit_test(test_export),
	    cmocka_unit_test(test_action),
	    cmocka_unit_test(test_standard_format_is_said),
	    cmocka_unit_test(test_modules_that_are_off_are_not_there),
	    cmocka_unit_test(test_table),
	    cmocka_unit_test(test_table_of_what_is_special),
	    cmocka_unit_test(test_proxy_and_endpoint_are_not_shown),
	    cmocka_unit_test(test_openapi_without_modules),
	    cmocka_unit_test(test_secret_settings_are_write_only),
	    cmocka_unit_test(test_builders_pass_failure_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
