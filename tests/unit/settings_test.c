/* settings_test.c: fcgi/settings.c. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake_registry.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD                                                                  \
	"# Made from the settings of a MISP instance. It may hold secrets:\n" \
	"# nobody but the server should be able to read it.\n"                \
	"Plugin {\n"

/* The configuration made of this JSON; to be freed. NULL with error. */
static char *convert(const char *json, char *error, size_t size)
{
	struct registry registry = {0};
	json_t *settings = json_loads(json, JSON_DECODE_ANY, NULL);
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	int result;

	assert_non_null(settings);
	assert_non_null(out);
	fake_registry(&registry);
	result = settings_convert(settings, &registry, out, error, size);
	fclose(out);
	json_decref(settings);
	registry_free(&registry);
	if (result == 0)
		return text;
	assert_int_equal(result, -1);
	free(text);
	return NULL;
}

static void assert_converted(const char *json, const char *expected)
{
	char error[256] = "";
	char *text = convert(json, error, sizeof(error));

	assert_non_null(text);
	assert_string_equal(text, expected);
	free(text);
}

static void test_known_settings_are_set(void **state)
{
	static const char json[] =
	    "[{\"setting\": \"Plugin.Enrichment_dns_apikey\","
	    "  \"value\": \"abc\"},"
	    " {\"setting\": \"Plugin.Enrichment_dns_enabled\","
	    "  \"value\": true},"
	    " {\"setting\": \"Plugin.Enrichment_timeout\", \"value\": 10},"
	    " {\"setting\": \"MISP.baseurl\", \"value\": \"https://m\"},"
	    " {\"setting\": \"Plugin.ZeroMQ_password\", \"value\": \"x\"}]";

	(void)state;
	assert_converted(json, HEAD "\tEnrichment_dns_apikey = \"abc\"\n"
				    "\tEnrichment_dns_enabled = \"true\"\n"
				    "\tEnrichment_timeout = \"10\"\n"
				    "}\n");
}

static void test_web_interface_form(void **state)
{
	(void)state;
	assert_converted("{\"version\": 1, \"finalSettings\": ["
			 " {\"setting\": \"Plugin.Import_table_enabled\","
			 "  \"value\": false}]}",
			 HEAD "\tImport_table_enabled = \"false\"\n}\n");
}

static void test_others_become_comments(void **state)
{
	(void)state;
	assert_converted("[{\"setting\": \"Plugin.Enrichment_services_url\","
			 "  \"value\": \"http://127.0.0.1\"},"
			 " {\"setting\": \"Plugin.Enrichment_vt_apikey\","
			 "  \"value\": \"k\\n}\\nx\"}]",
			 HEAD
			 "\n\t# No module here has these settings:\n"
			 "\t# Enrichment_vt_apikey = \"k\\n}\\nx\"\n"
			 "\n\t# Only MISP uses these:\n"
			 "\t# Enrichment_services_url = \"http://127.0.0.1\"\n"
			 "}\n");
}

static void test_what_is_not_set_is_left_out(void **state)
{
	(void)state;
	assert_converted("[{\"setting\": \"Plugin.Enrichment_dns_apikey\"},"
			 " {\"setting\": \"Plugin.Enrichment_dns_apikey\","
			 "  \"value\": \"\"},"
			 " {\"setting\": \"Plugin.Enrichment_dns_apikey\","
			 "  \"value\": null},"
			 " {\"setting\": 7, \"value\": \"x\"},"
			 " 7]",
			 HEAD "}\n");
}

static void test_hidden_values_are_named(void **state)
{
	(void)state;
	assert_converted("[{\"setting\": \"Plugin.Enrichment_dns_apikey\","
			 "  \"value\": \"*****\"}]",
			 HEAD "\t# MISP hides the value of "
			      "Enrichment_dns_apikey\n}\n");
}

/* A name cannot end the comment it stands in. */
static void test_names_cannot_break_out(void **state)
{
	(void)state;
	assert_converted(
	    "[{\"setting\": \"Plugin.Enrichment_a\\n}\\nserver {\","
	    "  \"value\": \"1\"}]",
	    HEAD "\n\t# No module here has these settings:\n"
		 "\t# \"Enrichment_a\\n}\\nserver {\" = \"1\"\n}\n");
}

static void test_other_json_is_refused(void **state)
{
	static const char *const texts[] = {
	    "7",
	    "[]",
	    "{}",
	    "[7]",
	    "[{\"name\": \"x\"}]",
	    "{\"finalSettings\": {}}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		char error[256] = "";

		assert_null(convert(texts[i], error, sizeof(error)));
		assert_string_equal(
		    error, "this is not MISP's list of settings: neither an "
			   "array of objects with a \"setting\" nor an object "
			   "with such \"finalSettings\"");
	}
}

/* Whatever a value is made of, the configuration reads the same again. */
static void test_values_survive(void **state)
{
	static const char value[] = "a\"b\\c$d${HOME}#e//f\n\tg\x01\xc3\xa9'{}";
	char path[] = "/tmp/settings_test.XXXXXX";
	const char *const files[] = {path, NULL};
	struct registry registry = {0};
	struct config config;
	json_t *settings =
	    json_pack("[{s:s, s:s}]", "setting", "Plugin.Enrichment_dns_apikey",
		      "value", value);
	int fd = mkstemp(path);
	FILE *out = fdopen(fd, "w");
	char error[256];

	(void)state;
	fake_registry(&registry);
	assert_non_null(out);
	assert_int_equal(
	    settings_convert(settings, &registry, out, error, sizeof(error)),
	    0);
	fclose(out);
	assert_int_equal(config_init(&config), 0);
	assert_int_equal(config_read(&config, files, &registry), 0);
	assert_string_equal(registry_find(&registry, "dns")->settings[1].value,
			    value);
	unlink(path);
	config_free(&config);
	json_decref(settings);
	registry_free(&registry);
}

static void test_full_disk_is_said(void **state)
{
	struct registry registry = {0};
	json_t *settings = json_pack("[{s:s}]", "setting", "x");
	FILE *out = fopen("/dev/full", "w");
	char error[256] = "";

	(void)state;
	assert_non_null(out);
	assert_int_equal(
	    settings_convert(settings, &registry, out, error, sizeof(error)),
	    -1);
	assert_string_equal(error, "the file cannot be written");
	fclose(out);
	json_decref(settings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_known_settings_are_set),
	    cmocka_unit_test(test_web_interface_form),
	    cmocka_unit_test(test_others_become_comments),
	    cmocka_unit_test(test_what_is_not_set_is_left_out),
	    cmocka_unit_test(test_hidden_values_are_named),
	    cmocka_unit_test(test_names_cannot_break_out),
	    cmocka_unit_test(test_other_json_is_refused),
	    cmocka_unit_test(test_values_survive),
	    cmocka_unit_test(test_full_disk_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
