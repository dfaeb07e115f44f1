/* config_test.c: fcgi/config*.c. Each test works in a directory of its own. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config_fixture.h"

#include <errno.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

/* Reads a.conf with this text. */
static int read_text(struct fixture *fixture, const char *text)
{
	static const char *const files[] = {"a.conf", NULL};

	write_file("a.conf", text, 0640);
	return config_read(&fixture->config, files, &fixture->registry);
}

/* The lines of a list, as one text; to be freed. */
static char *joined(char *const *list, size_t count)
{
	size_t size = 1;
	char *text = NULL;

	for (size_t i = 0; i < count; i++)
		size += strlen(list[i]) + 1;
	text = calloc(1, size);
	assert_non_null(text);
	for (size_t i = 0; i < count; i++) {
		strncat(text, list[i], size - strlen(text) - 1);
		strncat(text, "\n", size - strlen(text) - 1);
	}
	return text;
}

static void assert_lines(char *const *list, size_t count, const char *expected)
{
	char *text = joined(list, count);

	assert_string_equal(text, expected);
	free(text);
}

static void assert_errors(const struct fixture *fixture, const char *expected)
{
	assert_lines(fixture->config.errors, fixture->config.error_count,
		     expected);
}

static void assert_notes(const struct fixture *fixture, const char *expected)
{
	assert_lines(fixture->config.notes, fixture->config.note_count,
		     expected);
}

static struct module *module(struct fixture *fixture, const char *name)
{
	return registry_find(&fixture->registry, name);
}

static const struct misp_service lookup_service = {
    .name = "Lookup", .url = "https://lookup.example/api"};

static const struct misp_module lookup = {
    .name = "lookup",
    .types = MISP_EXPANSION,
    .input = MISP_LIST("domain"),
    .services = MISP_SERVICES(&lookup_service),
};

static const struct misp_module fetch = {
    .name = "fetch",
    .types = MISP_EXPANSION,
    .input = MISP_LIST("url"),
    .any_host = true,
};

/* Two of its settings have the names of ours. */
static const struct misp_module own = {
    .name = "own",
    .types = MISP_EXPANSION,
    .input = MISP_LIST("domain"),
    .settings = MISP_SETTINGS({"timeout", NULL, NULL}, {"proxy", NULL, NULL}),
    .services = MISP_SERVICES(&lookup_service),
};

/* Reads a.conf with this text in Plugin, for those three modules too. */
static int read_lookup(struct fixture *fixture, const char *text)
{
	char plugin[256];

	if (!module(fixture, "own")) {
		registry_free(&fixture->registry);
		fake_add(&fixture->registry, FAMILY_ENRICHMENT, &fetch);
		fake_add(&fixture->registry, FAMILY_ENRICHMENT, &lookup);
		fake_add(&fixture->registry, FAMILY_ENRICHMENT, &own);
	}
	snprintf(plugin, sizeof(plugin), "Plugin {\n%s\n}", text);
	return read_text(fixture, plugin);
}

static const char *nameserver(struct fixture *fixture)
{
	return module(fixture, "dns")->settings[0].value;
}

static const char *apikey(struct fixture *fixture)
{
	return module(fixture, "dns")->settings[1].value;
}

/* ---- What is set ---- */

static void test_defaults(void **state)
{
	struct fixture *fixture = *state;
	const struct config *config = &fixture->config;

	assert_int_equal(read_text(fixture, ""), 0);
	assert_int_equal(config->workers, 32);
	assert_int_equal(config->timeout, 60);
	assert_int_equal(config->max_request, 268435456);
	assert_int_equal(config->max_memory, 2147483648);
	assert_string_equal(config->modules, MODULEDIR);
	assert_null(config->socket);
	assert_int_equal(config->log, LOG_TO_STDERR);
	assert_false(config->log_values);
	assert_true(module(fixture, "dns")->enabled);
	assert_int_equal(module(fixture, "dns")->timeout, 0);
	assert_null(apikey(fixture));
	assert_int_equal(config->hover_timeout, 0);
	for (size_t i = 0; i < FAMILY_COUNT; i++) {
		assert_true(config->families[i].enabled);
		assert_int_equal(config->families[i].timeout, 0);
	}
}

static void test_server_settings(void **state)
{
	struct fixture *fixture = *state;
	const struct config *config = &fixture->config;

	assert_int_equal(read_text(fixture,
				   "server { workers = 4 timeout = 5\n"
				   "max_request = 5000000000 max_memory = 0\n"
				   "modules = /m socket = \"/s s\"\n"
				   "log = syslog log_values = YES }"),
			 0);
	assert_int_equal(config->workers, 4);
	assert_int_equal(config->timeout, 5);
	assert_int_equal(config->max_request, 5000000000);
	assert_int_equal(config->max_memory, 0);
	assert_string_equal(config->modules, "/m");
	assert_string_equal(config->socket, "/s s");
	assert_int_equal(config->log, LOG_TO_SYSLOG);
	assert_true(config->log_values);
}

static void test_plugin_settings(void **state)
{
	struct fixture *fixture = *state;
	const struct config *config = &fixture->config;

	assert_int_equal(read_text(fixture,
				   "Plugin {\n"
				   "Enrichment_dns_enabled = true\n"
				   "Enrichment_dns_timeout = 7\n"
				   "Enrichment_dns_nameserver = '9.9.9.9'\n"
				   "Enrichment_dns_apikey = \"a b\"\n"
				   "Enrichment_dns_apikey_lock = true\n"
				   "Enrichment_timeout = \"10\"\n"
				   "Enrichment_hover_timeout = 3\n"
				   "Import_timeout = 11\n"
				   "Export_timeout = 12\n"
				   "Action_timeout = 13\n"
				   "}"),
			 0);
	assert_int_equal(module(fixture, "dns")->timeout, 7);
	assert_string_equal(nameserver(fixture), "9.9.9.9");
	assert_string_equal(apikey(fixture), "a b");
	assert_true(module(fixture, "dns")->settings[1].locked);
	assert_false(module(fixture, "dns")->settings[0].locked);
	assert_int_equal(config->families[FAMILY_ENRICHMENT].timeout, 10);
	assert_int_equal(config->families[FAMILY_IMPORT].timeout, 11);
	assert_int_equal(config->families[FAMILY_EXPORT].timeout, 12);
	assert_int_equal(config->families[FAMILY_ACTION].timeout, 13);
	assert_int_equal(config->hover_timeout, 3);
	assert_notes(fixture, "");
}

static void test_booleans(void **state)
{
	static const struct {
		const char *word;
		bool truth;
	} words[] = {{"true", true}, {"false", false}, {"yes", true},
		     {"no", false},  {"on", true},     {"off", false},
		     {"1", true},    {"0", false},     {"True", true},
		     {"OFF", false}, {"\"\"", true}};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		char text[64];

		snprintf(text, sizeof(text),
			 "Plugin { Enrichment_dns_enabled = %s }",
			 words[i].word);
		assert_int_equal(read_text(fixture, text), 0);
		assert_int_equal(module(fixture, "dns")->enabled,
				 words[i].truth);
	}
}

static void test_switched_off(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(read_text(fixture,
				   "Plugin { Enrichment_services_enable = 0\n"
				   "Enrichment_dns_enabled = true\n"
				   "Export_out_enabled = false }"),
			 0);
	assert_false(module(fixture, "dns")->enabled);
	assert_false(module(fixture, "out")->enabled);
	assert_true(module(fixture, "table")->enabled);
	/* A second reading starts from the beginning. */
	assert_int_equal(read_text(fixture, ""), 0);
	assert_true(module(fixture, "dns")->enabled);
}

static void test_empty_is_not_set(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(read_text(fixture,
				   "server { workers = 4 workers = \"\"\n"
				   "modules = \"\" socket = x socket = \"\" }\n"
				   "Plugin { Enrichment_dns_apikey = x\n"
				   "Enrichment_dns_apikey = \"\"\n"
				   "Enrichment_dns_timeout = 7\n"
				   "Enrichment_dns_timeout = '' }"),
			 0);
	assert_int_equal(fixture->config.workers, 32);
	assert_string_equal(fixture->config.modules, MODULEDIR);
	assert_null(fixture->config.socket);
	assert_null(apikey(fixture));
	assert_int_equal(module(fixture, "dns")->timeout, 0);
}

static void test_environment(void **state)
{
	struct fixture *fixture = *state;

	setenv("CONFIG_TEST_KEY", "from \"outside\"", 1);
	unsetenv("CONFIG_TEST_NONE");
	assert_int_equal(
	    read_text(fixture,
		      "Plugin {\n"
		      "Enrichment_dns_apikey = \"<${CONFIG_TEST_KEY}>\"\n"
		      "Enrichment_dns_nameserver = ${CONFIG_TEST_NONE:-x}\n"
		      "}\n"),
	    0);
	assert_string_equal(apikey(fixture), "<from \"outside\">");
	assert_string_equal(nameserver(fixture), "x");
	assert_notes(fixture, "");
	assert_int_equal(
	    read_text(fixture,
		      "# ${CONFIG_TEST_NONE}\n"
		      "Plugin {\n"
		      "Enrichment_dns_nameserver = '${CONFIG_TEST_NONE}'\n"
		      "Enrichment_dns_apikey = \"${CONFIG_TEST_NONE}\"\n"
		      "}\n"),
	    0);
	assert_null(apikey(fixture));
	assert_string_equal(nameserver(fixture), "${CONFIG_TEST_NONE}");
	assert_notes(fixture, "a.conf:4: the environment variable "
			      "CONFIG_TEST_NONE is not set\n");
}

/* Modules whose settings have one name together. */
static const struct misp_module dns_apikey = {
    .name = "dns_apikey",
    .types = MISP_EXPANSION,
    .input = MISP_LIST("domain"),
    .settings = MISP_SETTINGS({"x", NULL, NULL}),
};

static const struct misp_module dns_only = {
    .name = "dns",
    .types = MISP_EXPANSION,
    .input = MISP_LIST("domain"),
    .settings = MISP_SETTINGS({"apikey_x", NULL, NULL}),
};

static void test_two_modules_share_a_name(void **state)
{
	static const char *const files[] = {"a.conf", NULL};
	struct fixture *fixture = *state;
	struct registry registry = {0};

	fake_add(&registry, FAMILY_ENRICHMENT, &dns_only);
	fake_add(&registry, FAMILY_ENRICHMENT, &dns_apikey);
	write_file("a.conf", "Plugin { Enrichment_dns_apikey_x = v }", 0640);
	assert_int_equal(config_read(&fixture->config, files, &registry), 0);
	assert_string_equal(registry.modules[0].settings[0].value, "v");
	assert_string_equal(registry.modules[1].settings[0].value, "v");
	registry_free(&registry);
}

/* ---- Talking to the world ---- */

static void assert_default_net(const struct misp_net *net)
{
	assert_null(net->proxy);
	assert_null(net->no_proxy);
	assert_null(net->ca_file);
	assert_string_equal(net->user_agent, "misp-modules/" VERSION);
	assert_int_equal(net->connect_timeout, 5);
	assert_int_equal(net->max_response, 67108864);
	assert_null(net->connect_to);
	assert_false(net->allow_private);
	assert_null(net->nameserver);
}

static void test_net_defaults(void **state)
{
	struct fixture *fixture = *state;

	assert_default_net(&fixture->config.net);
	assert_int_equal(read_text(fixture, ""), 0);
	assert_default_net(&fixture->config.net);
	assert_int_equal(
	    read_text(
		fixture,
		"http { proxy = \"http://p\" proxy = \"\"\n"
		"user_agent = a user_agent = \"\" connect_timeout = 9\n"
		"connect_timeout = \"\" allow_private = true\n"
		"allow_private = \"\" connect_to = \"\" ca_file = \"\" }\n"
		"dns { nameserver = '::1' nameserver = \"\" }"),
	    0);
	assert_default_net(&fixture->config.net);
	assert_notes(fixture, "");
}

/* Of nobody, and expired. */
static const char certificate[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBMjCB5aADAgECAhQKCznl5bs78fdvzYLS4Q+C+WGuxjAFBgMrZXAwDzENMAsG\n"
    "A1UEAwwEdGVzdDAeFw0yNjExMjQxMTEzMTdaFw0yNjExMjUxMTEzMTdaMA8xDTAL\n"
    "BgNVBAMMBHRlc3QwKjAFBgMrZXADIQBPrThgiAkMsYWlHpyjP7i1Asg20o0FAsuJ\n"
    "l5w0UNW/c6NTMFEwHQYDVR0OBBYEFK/+5y68da6zpHyLL7dlIKr14i1GMB8GA1Ud\n"
    "IwQYMBaAFK/+5y68da6zpHyLL7dlIKr14i1GMA8GA1UdEwEB/wQFMAMBAf8wBQYD\n"
    "K2VwA0EArRDEWERRvRKMo5XYABEBZzQfhHXBkgOXzf+3tPIMoPpHfGhvYxRyQWSf\n"
    "R2IV8rQSa9jAgRqgXyfN5KECQAVIAQ==\n"
    "-----END CERTIFICATE-----\n";

static void test_net_settings(void **state)
{
	struct fixture *fixture = *state;
	const struct misp_net *net = &fixture->config.net;

	assert_int_equal(
	    read_text(
		fixture,
		"http { proxy = \"socks5h://u:p@proxy.example:1080\"\n"
		"no_proxy = \"a.example, .b.example\" user_agent = \"a b\"\n"
		"connect_timeout = 60 max_response = 1073741824\n"
		"connect_to = \"a:443:127.0.0.1:8443  ::[::1]:80\"\n"
		"allow_private = true }\n"
		"dns { nameserver = \"[2001:db8::53]:5353\" }"),
	    0);
	assert_string_equal(net->proxy, "socks5h://u:p@proxy.example:1080");
	assert_string_equal(net->no_proxy, "a.example, .b.example");
	assert_string_equal(net->user_agent, "a b");
	assert_int_equal(net->connect_timeout, 60);
	assert_int_equal(net->max_response, 1073741824);
	assert_string_equal(net->connect_to,
			    "a:443:127.0.0.1:8443  ::[::1]:80");
	assert_true(net->allow_private);
	assert_string_equal(net->nameserver, "[2001:db8::53]:5353");
	assert_notes(fixture,
		     "allow_private is true: modules that fetch any URL reach "
		     "this machine and its network\n");
	assert_int_equal(read_text(fixture, ""), 0);
	assert_default_net(net);
}

/* They are known before there are modules. */
static void test_net_without_modules(void **state)
{
	static const char *const files[] = {"a.conf", NULL};
	struct fixture *fixture = *state;

	write_file("a.conf", "http { connect_timeout = 7 }", 0640);
	assert_int_equal(config_read_server(&fixture->config, files), 0);
	assert_int_equal(fixture->config.net.connect_timeout, 7);
}

static void test_ca_file(void **state)
{
	struct fixture *fixture = *state;

	write_file("ca.pem", certificate, 0644);
	write_file("empty.pem", "no certificate", 0644);
	assert_int_equal(mkfifo("pipe", 0644), 0);
	assert_int_equal(read_text(fixture, "http { ca_file = ca.pem }"), 0);
	assert_string_equal(fixture->config.net.ca_file, "ca.pem");
	assert_int_equal(read_text(fixture, "http {\nca_file = none.pem\n"
					    "ca_file = empty.pem\n"
					    "ca_file = pipe }"),
			 -1);
	assert_errors(fixture,
		      "a.conf:2: ca_file none.pem cannot be used: No such file "
		      "or directory\n"
		      "a.conf:3: ca_file empty.pem cannot be used: there is no "
		      "certificate (PEM) in it\n"
		      "a.conf:4: ca_file pipe cannot be used: it is no regular "
		      "file\n");
}

static void test_net_of_a_module(void **state)
{
	struct fixture *fixture = *state;
	struct module *module_read = NULL;

	assert_int_equal(
	    read_lookup(fixture,
			"Enrichment_lookup_proxy = \"http://p:3128\"\n"
			"Enrichment_lookup_endpoint = \"https://l:8/api/\"\n"
			"Enrichment_fetch_proxy = none\n"),
	    0);
	module_read = module(fixture, "lookup");
	assert_string_equal(module_read->proxy, "http://p:3128");
	assert_string_equal(module_read->endpoint, "https://l:8/api/");
	assert_string_equal(module(fixture, "fetch")->proxy, "none");
	assert_int_equal(
	    read_lookup(fixture, "Enrichment_lookup_proxy = none\n"
				 "Enrichment_lookup_proxy = \"\"\n"
				 "Enrichment_lookup_endpoint = \"http://l\"\n"
				 "Enrichment_lookup_endpoint = \"\"\n"),
	    0);
	assert_null(module_read->proxy);
	assert_null(module_read->endpoint);
	assert_int_equal(read_lookup(fixture, "Enrichment_lookup_proxy = none"),
			 0);
	assert_int_equal(read_lookup(fixture, ""), 0);
	assert_null(module_read->proxy);
}

static void test_own_setting_goes_first(void **state)
{
	struct fixture *fixture = *state;
	struct module *module_read = NULL;

	assert_int_equal(
	    read_lookup(fixture, "Enrichment_own_timeout = soon\n"
				 "Enrichment_own_timeout_lock = true\n"
				 "Enrichment_own_proxy = somewhere\n"
				 "Enrichment_own_endpoint = \"http://o\"\n"),
	    0);
	module_read = module(fixture, "own");
	assert_string_equal(module_read->settings[0].value, "soon");
	assert_true(module_read->settings[0].locked);
	assert_string_equal(module_read->settings[1].value, "somewhere");
	assert_int_equal(module_read->timeout, 0);
	assert_null(module_read->proxy);
	assert_string_equal(module_read->endpoint, "http://o");
}

/* Only modules that talk to somebody have these settings. */
static void test_net_of_another_module(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(
	    read_text(fixture, "Plugin {\nEnrichment_dns_proxy = none\n}"), -1);
	assert_errors(fixture,
		      "a.conf:2: unknown setting Enrichment_dns_proxy, did you "
		      "mean Enrichment_dns_apikey?\n");
	assert_int_equal(
	    read_lookup(fixture, "Enrichment_fetch_endpoint = \"http://x\""),
	    -1);
	assert_int_equal(
	    read_lookup(fixture, "Enrichment_lookup_proxy = nobody\n"
				 "Enrichment_lookup_endpoint = \"ftp://x\""),
	    -1);
	assert_errors(
	    fixture,
	    "a.conf:2: Enrichment_lookup_proxy must be none, or "
	    "http://HOST:PORT, or the same with https, socks5 or socks5h\n"
	    "a.conf:3: Enrichment_lookup_endpoint must be a URL that begins "
	    "with http:// or https://\n");
}

/* ---- Files ---- */

static void test_files_are_merged_in_order(void **state)
{
	static const char *const files[] = {"a.conf", "b.conf", NULL};
	struct fixture *fixture = *state;

	write_file("a.conf",
		   "server { workers = 1 timeout = 1 }\n"
		   "Plugin { Enrichment_dns_nameserver = a\n"
		   "Enrichment_dns_apikey = a }",
		   0640);
	write_file("b.conf",
		   "server { workers = 2 }\n"
		   "Plugin { Enrichment_dns_apikey = b }",
		   0640);
	assert_int_equal(
	    config_read(&fixture->config, files, &fixture->registry), 0);
	assert_int_equal(fixture->config.workers, 2);
	assert_int_equal(fixture->config.timeout, 1);
	assert_string_equal(nameserver(fixture), "a");
	assert_string_equal(apikey(fixture), "b");
}

static void test_folder_is_read_after_the_file(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(mkdir("conf.d", 0755), 0);
	write_file("conf.d/20.conf", "server { workers = 20 timeout = 20 }",
		   0640);
	write_file("conf.d/10.conf",
		   "server { workers = 10 timeout = 10 }\n"
		   "Plugin { Enrichment_timeout = 10 }",
		   0640);
	write_file("conf.d/README", "no configuration", 0640);
	write_file("conf.d/.hidden.conf", "neither", 0640);
	assert_int_equal(read_text(fixture, "server { timeout = 5 }"), 0);
	assert_int_equal(fixture->config.workers, 20);
	assert_int_equal(fixture->config.timeout, 20);
	assert_int_equal(fixture->config.families[FAMILY_ENRICHMENT].timeout,
			 10);
}

static void test_every_file_is_judged(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(mkdir("conf.d", 0755), 0);
	write_file("conf.d/1.conf", "server { worker = 1 }", 0640);
	write_file("conf.d/2.conf", "server { worker = 1 }\n\"", 0640);
	write_file("conf.d/3.conf", "server { workers = 0 }", 0640);
	assert_int_equal(read_text(fixture, "server { worker = 1"), -1);
	assert_errors(
	    fixture,
	    "a.conf:1: this section has no closing }\n"
	    "a.conf:1: unknown setting worker, did you mean workers?\n"
	    "conf.d/1.conf:1: unknown setting worker, did you mean workers?\n"
	    "conf.d/2.conf:2: a string has no closing quote\n"
	    "conf.d/3.conf:1: workers must be a whole number from 1 to 1024\n");
}

static void test_file_that_cannot_be_read(void **state)
{
	static const char *const files[] = {"none.conf", ".", "a.conf", NULL};
	struct fixture *fixture = *state;

	write_file("a.conf", "server { workers = 3 }", 0640);
	assert_int_equal(
	    config_read(&fixture->config, files, &fixture->registry), -1);
	assert_errors(fixture,
		      "none.conf: cannot be read: No such file or directory\n"
		      ".: is no regular file\n");
	assert_int_equal(fixture->config.workers, 3);
}

static void test_folder_that_cannot_be_read(void **state)
{
	struct fixture *fixture = *state;

	write_file("conf.d", "a file", 0640);
	assert_int_equal(read_text(fixture, ""), -1);
	assert_errors(fixture, "conf.d: cannot be read: Not a directory\n");
}

static void test_huge_file_is_refused(void **state)
{
	static const char *const files[] = {"a.conf", NULL};
	struct fixture *fixture = *state;

	write_file("a.conf", "", 0640);
	assert_int_equal(truncate("a.conf", (4 << 20) + 1), 0);
	assert_int_equal(
	    config_read(&fixture->config, files, &fixture->registry), -1);
	assert_errors(fixture, "a.conf: cannot be read: File too large\n");
}

static void test_no_file_is_the_default(void **state)
{
	static const char *const files[] = {NULL};
	struct fixture *fixture = *state;

	assert_int_equal(
	    config_read(&fixture->config, files, &fixture->registry), 0);
	assert_int_equal(fixture->config.workers, 32);
}

/* ---- Secrets ---- */

static void test_secret_must_not_be_readable(void **state)
{
	static const char *const files[] = {"a.conf", NULL};
	struct fixture *fixture = *state;

	write_file("a.conf",
		   "Plugin { Enrichment_dns_apikey = abc\n"
		   "Enrichment_dns_nameserver = abc }",
		   0644);
	assert_int_equal(
	    config_read(&fixture->config, files, &fixture->registry), -1);
	assert_errors(fixture,
		      "a.conf: holds a secret (Enrichment_dns_apikey) and "
		      "everybody can read it: chmod o-r a.conf\n");
	assert_int_equal(chmod("a.conf", 0640), 0);
	assert_int_equal(
	    config_read(&fixture->config, files, &fixture->registry), 0);
}

static void test_a_variable_beside_a_secret(void **state)
{
	static const char *const files[] = {"a.conf", NULL};
	static const struct {
		const char *text;
		bool holds;
	} cases[] = {
	    {"Enrichment_dns_apikey = \"${HOME}\"", true},
	    {"Enrichment_dns_apikey = \"${HOME:-abc}\"", false},
	    {"Enrichment_dns_apikey = \"abc${HOME}\"", false},
	    {"Enrichment_dns_apikey = '${HOME}'", false},
	    {"Enrichment_dns_nameserver = \"${HOME}\" "
	     "Enrichment_dns_apikey = \"abc\"",
	     false},
	    {"Enrichment_dns_apikey = \"abc\n${HOME}\"", false},
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char text[128];

		snprintf(text, sizeof(text), "Plugin { %s }", cases[i].text);
		write_file("a.conf", text, 0644);
		assert_int_equal(
		    config_read(&fixture->config, files, &fixture->registry),
		    cases[i].holds ? 0 : -1);
	}
}

static void test_password_in_a_url(void **state)
{
	static const char *const files[] = {"a.conf", NULL};
	static const struct {
		const char *text;
		const char *errors;
	} cases[] = {
	    {"http { proxy = \"http://p:1\" }", ""},
	    {"http { proxy = \"${CONFIG_TEST_PROXY}\" }", ""},
	    {"http { proxy = \"http://u:p@h:1\" }",
	     "a.conf: holds a secret (proxy) and everybody can read it: "
	     "chmod o-r a.conf\n"},
	    {"http { no_proxy = \"${HOME}\" proxy = \"http://u:p@h:1\" }",
	     "a.conf: holds a secret (proxy) and everybody can read it: "
	     "chmod o-r a.conf\n"},
	    {"Plugin { Import_services_url = \"https://u:p@h\" }",
	     "a.conf: holds a secret (Import_services_url) and everybody can "
	     "read it: chmod o-r a.conf\n"},
	    {"Plugin { Enrichment_broken_proxy = \"https://u:p@h\" }",
	     "a.conf: holds a secret (Enrichment_broken_proxy) and everybody "
	     "can read it: chmod o-r a.conf\n"},
	};
	struct fixture *fixture = *state;

	setenv("CONFIG_TEST_PROXY", "http://u:p@h:1", 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		write_file("a.conf", cases[i].text, 0644);
		config_read(&fixture->config, files, &fixture->registry);
		assert_errors(fixture, cases[i].errors);
	}
}

static void test_secret_of_another_family(void **state)
{
	static const char *const files[] = {"a.conf", NULL};
	struct fixture *fixture = *state;

	write_file("a.conf", "Plugin { ZeroMQ_password = abc }", 0604);
	assert_int_equal(
	    config_read(&fixture->config, files, &fixture->registry), -1);
	assert_errors(fixture, "a.conf: holds a secret (ZeroMQ_password) and "
			       "everybody can read it: chmod o-r a.conf\n");
}

static void test_no_secret_in_the_file(void **state)
{
	static const char *const files[] = {"a.conf", NULL};
	struct fixture *fixture = *state;

	setenv("CONFIG_TEST_KEY", "abc", 1);
	write_file("a.conf",
		   "Plugin {\nEnrichment_dns_apikey = \"\"\n"
		   "Enrichment_dns_nameserver = abc\n"
		   "Enrichment_dns_apikey = \"${CONFIG_TEST_KEY}\"\n"
		   "Enrichment_dns_apikey_lock = true\n}",
		   0644);
	assert_int_equal(
	    config_read(&fixture->config, files, &fixture->registry), 0);
	write_file("a.conf",
		   "Plugin {\nEnrichment_dns_apikey = "
		   "\"${CONFIG_TEST_NONE:-abc}\"\n}",
		   0644);
	assert_int_equal(
	    config_read(&fixture->config, files, &fixture->registry), -1);
}

static void test_which_names_are_secret(void **state)
{
	(void)state;
	assert_true(setting_is_secret("apikey"));
	assert_true(setting_is_secret("API_KEY"));
	assert_true(setting_is_secret("clientSecret"));
	assert_true(setting_is_secret("password"));
	assert_true(setting_is_secret("proxy_pass"));
	assert_true(setting_is_secret("slack_bot_token"));
	assert_false(setting_is_secret("nameserver"));
	assert_false(setting_is_secret("username"));
}

/* ---- Errors and notes ---- */

static const struct {
	const char *text;
	const char *errors;
} wrong[] = {
    /* Values. */
    {"server { workers = 0 }",
     "a.conf:1: workers must be a whole number from 1 to 1024\n"},
    {"server { workers = 1025 }",
     "a.conf:1: workers must be a whole number from 1 to 1024\n"},
    {"server { workers = 4x }",
     "a.conf:1: workers must be a whole number from 1 to 1024\n"},
    {"server { timeout = 3601 }",
     "a.conf:1: timeout must be a whole number from 1 to 3600\n"},
    {"server { timeout = 99999999999999999999 }",
     "a.conf:1: timeout must be a whole number from 1 to 3600\n"},
    {"server { max_request = -1 }",
     "a.conf:1: max_request must be a whole number from 1024 to "
     "1099511627776\n"},
    {"server { log_values = maybe }",
     "a.conf:1: log_values must be true or false\n"},
    {"server { log = file }", "a.conf:1: log must be stderr or syslog\n"},
    {"server { socket = \"/0123456789/0123456789/0123456789/0123456789"
     "/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789\" }",
     "a.conf:1: socket has more than 107 bytes\n"},
    {"Plugin { Enrichment_dns_enabled = 2 }",
     "a.conf:1: Enrichment_dns_enabled must be true or false\n"},
    {"Plugin { Enrichment_dns_timeout = \"1 \" }",
     "a.conf:1: Enrichment_dns_timeout must be a whole number from 0 to "
     "3600\n"},
    {"Plugin { Enrichment_dns_nameserver = \"\\377\" }",
     "a.conf:1: the value of Enrichment_dns_nameserver is no UTF-8\n"},
    {"http { proxy = \"proxy.example:3128\" }",
     "a.conf:1: proxy must be http://HOST:PORT, or the same with https, socks5 "
     "or socks5h\n"},
    {"http { proxy = none }",
     "a.conf:1: proxy must be http://HOST:PORT, or the same with https, socks5 "
     "or socks5h\n"},
    {"http { proxy = \"http:///x\" }",
     "a.conf:1: proxy must be http://HOST:PORT, or the same with https, socks5 "
     "or socks5h\n"},
    {"http { proxy = \"ftp://proxy.example\" }",
     "a.conf:1: proxy must be http://HOST:PORT, or the same with https, socks5 "
     "or socks5h\n"},
    {"http { user_agent = \"a\\r\\nX: y\" }",
     "a.conf:1: user_agent must be one line of text\n"},
    {"http { connect_timeout = 0 }",
     "a.conf:1: connect_timeout must be a whole number from 1 to 60\n"},
    {"http { connect_timeout = 61 }",
     "a.conf:1: connect_timeout must be a whole number from 1 to 60\n"},
    {"http { max_response = 1023 }",
     "a.conf:1: max_response must be a whole number from 1024 to "
     "1073741824\n"},
    {"http { allow_private = some }",
     "a.conf:1: allow_private must be true or false\n"},
    {"http {\nconnect_to = \"a:1:b:2 a:443:b\" }",
     "a.conf:2: connect_to: a:443:b is not HOST:PORT:HOST:PORT (IPv6 in "
     "brackets; a space between two of them)\n"},
    {"http { connect_to = \"a:1:b:65536\" }",
     "a.conf:1: connect_to: a:1:b:65536 is not HOST:PORT:HOST:PORT (IPv6 in "
     "brackets; a space between two of them)\n"},
    {"http { connect_to = \"a:1:::1:80\" }",
     "a.conf:1: connect_to: a:1:::1:80 is not HOST:PORT:HOST:PORT (IPv6 in "
     "brackets; a space between two of them)\n"},
    {"http { connect_to = \"a:1:b:2:c\" }",
     "a.conf:1: connect_to: a:1:b:2:c is not HOST:PORT:HOST:PORT (IPv6 in "
     "brackets; a space between two of them)\n"},
    {"http { connect_to = \"a:1:[::1:2\" }",
     "a.conf:1: connect_to: a:1:[::1:2 is not HOST:PORT:HOST:PORT (IPv6 in "
     "brackets; a space between two of them)\n"},
    {"dns { nameserver = dns.example }",
     "a.conf:1: nameserver must be an IP address, or one with a port: "
     "192.0.2.53:53, [2001:db8::53]:53\n"},
    {"dns { nameserver = \"192.0.2.1:0\" }",
     "a.conf:1: nameserver must be an IP address, or one with a port: "
     "192.0.2.53:53, [2001:db8::53]:53\n"},
    /* Names. */
    {"http { proxi = x }",
     "a.conf:1: unknown setting proxi, did you mean proxy?\n"},
    {"dns { proxy = x }", "a.conf:1: unknown setting proxy\n"},
    {"server { worker = 1 }",
     "a.conf:1: unknown setting worker, did you mean workers?\n"},
    {"server { colour = 1 }", "a.conf:1: unknown setting colour\n"},
    {"Plugin { Enrichment_dns_namserver = x }",
     "a.conf:1: unknown setting Enrichment_dns_namserver, did you mean "
     "Enrichment_dns_nameserver?\n"},
    {"Plugin { Enrichment_virustotal_rate = x }",
     "a.conf:1: unknown setting Enrichment_virustotal_rate\n"},
    {"Plugin { enrichment_dns_enabled = true }",
     "a.conf:1: unknown setting enrichment_dns_enabled, did you mean "
     "Enrichment_dns_enabled?\n"},
    {"Plugin { Enrichmnet_dns_enabled = true }",
     "a.conf:1: unknown setting Enrichmnet_dns_enabled, did you mean "
     "Enrichment_dns_enabled?\n"},
    {"Plugin { Plugin.Import_table_enabled = true }",
     "a.conf:1: unknown setting Plugin.Import_table_enabled, did you mean "
     "Import_table_enabled?\n"},
    {"Plugin { workers = 1 }", "a.conf:1: unknown setting workers\n"},
    {"workers = 1", "a.conf:1: workers stands outside of a section (server, "
		    "http, dns, python, remote, Plugin)\n"},
    {"plugin { a = 1 b = '}' }\nserver { worker = 1 }",
     "a.conf:1: unknown section plugin, did you mean Plugin?\n"
     "a.conf:2: unknown setting worker, did you mean workers?\n"},
    {"smtp {\nproxy = x\n}\nsmtp { }\ntls { }",
     "a.conf:1: unknown section smtp\na.conf:4: unknown section smtp\n"
     "a.conf:5: unknown section tls\n"},
    {"include(\"x\")", "a.conf:1: put the value in quotes\n"},
    {"server { worker = 1 }\nsmtp { }",
     "a.conf:1: unknown setting worker, did you mean workers?\n"
     "a.conf:2: unknown section smtp\n"},
    /* Syntax. */
    {"\nserver {\n\n", "a.conf:2: this section has no closing }\n"},
    {"server { workers =", "a.conf:1: this section has no closing }\na.conf:1: "
			   "the file ends too early\n"},
    {"server { }\n}", "a.conf:2: there is a } too many\n"},
    {"server = 3", "a.conf:1: a section has no {\n"},
    {"server { workers }", "a.conf:1: a setting has no = and value\n"},
    {"server { modules = a b }",
     "a.conf:1: a word stands where a setting should: put a value of several "
     "words in quotes\n"},
    {"server { workers = = }",
     "a.conf:1: =, { or } stands in the wrong place\n"},
    {"server { workers = {1, 2} }",
     "a.conf:1: =, { or } stands in the wrong place\n"},
    {"server { socket = \"a\n\n", "a.conf:1: a string has no closing quote\n"},
    {"/* a\n", "a.conf:1: a comment has no end\n"},
    {"server { socket = \"\\999\" }",
     "a.conf:1: a string has a wrong number behind a \\\n"},
    {"server { socket = \"${\" }",
     "a.conf:1: ${ must be followed by the name of a variable and }; a value "
     "that is meant to hold ${ goes in single quotes\n"},
    {"\n\nserver { socket = \xff }",
     "a.conf:3: holds a byte that is no text (UTF-8)\n"},
    {"server { socket = \x01 }",
     "a.conf:1: holds a byte that is no text (UTF-8)\n"},
};

static void test_wrong_files(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		if (read_text(fixture, wrong[i].text) != -1)
			fail_msg("accepted: %s", wrong[i].text);
		assert_errors(fixture, wrong[i].errors);
	}
}

/* What libconfuse would take half of, or for a comment. */
static void test_values_that_need_quotes(void **state)
{
	static const char *const values[] = {
	    "https://example.org/",
	    "a+b=",
	    "a#b",
	    "a*b",
	    "a(b",
	    "a,b",
	    "a\"b\"",
	    "a'b'",
	    "\"a\"'b'",
	    "a${HOME}",
	    "${HOME}${HOME}",
	    "a/*b*/",
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		char text[128];

		snprintf(text, sizeof(text),
			 "Plugin {\nEnrichment_dns_nameserver = %s\n}",
			 values[i]);
		assert_int_equal(read_text(fixture, text), -1);
		assert_errors(fixture, "a.conf:2: put the value in quotes\n");
	}
}

/* Half a secret that stands where a name should is not repeated. */
static void test_values_do_not_leak(void **state)
{
	static const char *const values[] = {
	    "abc S3CRET",  "abc S3CRET def", "abc \"S3CRET\"", "abc = S3CRET",
	    "abc+S3CRET=", "S3CRET=",        "{S3CRET}",       "\"abc\" S3CRET",
	    "abc S3CRET=", "abc S3CRET = 1",
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		char text[128];
		char *errors = NULL;

		snprintf(text, sizeof(text),
			 "Plugin {\nEnrichment_dns_apikey = %s\n}", values[i]);
		assert_int_equal(read_text(fixture, text), -1);
		errors =
		    joined(fixture->config.errors, fixture->config.error_count);
		assert_null(strstr(errors, "S3CRET"));
		free(errors);
	}
}

/* Neither is the password in a URL that is wrong or cut in two. */
static void test_urls_do_not_leak(void **state)
{
	static const char *const values[] = {
	    "\"ftp://u:S3CRET@h\"",      "\"http://u:S3CRET@h:99999\"",
	    "\"http://u:ab\"S3CRET@h",   "\"http://u:ab\"S3CRET=\"@h\"",
	    "\"http://u:a\" S3CRET = 1", "\"u:S3CRET@h:1\"",
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		char text[128];
		char *errors = NULL;

		snprintf(text, sizeof(text), "http {\nproxy = %s\n}",
			 values[i]);
		assert_int_equal(read_text(fixture, text), -1);
		errors =
		    joined(fixture->config.errors, fixture->config.error_count);
		assert_null(strstr(errors, "S3CRET"));
		free(errors);
	}
}

static void test_lines_are_counted_right(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(read_text(fixture, "# one\n"
					    "// two\n"
					    "/* three\n"
					    "   four */ server { # five\n"
					    "  worker = \"a\n"
					    "b\" log = 3 /* x */ time = 1\n"
					    "}\r\n"
					    "Plugin {\n"
					    "# nine\n"
					    "  Enrichment_dns_enable = 1 }\n"),
			 -1);
	assert_errors(
	    fixture,
	    "a.conf:5: unknown setting worker, did you mean workers?\n"
	    "a.conf:6: log must be stderr or syslog\n"
	    "a.conf:6: unknown setting time\n"
	    "a.conf:10: unknown setting Enrichment_dns_enable, did you mean "
	    "Enrichment_dns_enabled?\n");
}

static void test_settings_of_misp_are_noted(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(
	    read_text(fixture,
		      "Plugin {\n"
		      "Enrichment_services_url = \"http://127.0.0.1\"\n"
		      "Import_services_port = 6666\n"
		      "Enrichment_hover_enable = true\n"
		      "Enrichment_hover_popover_only = false\n"
		      "Export_ssl_cafile = x\n"
		      "Enrichment_dns_restrict = 1\n"
		      "Cortex_services_enable = true\n"
		      "ZeroMQ_enable = true\n"
		      "Enrichment_broken_apikey = x\n"
		      "}\n"),
	    0);
	assert_notes(
	    fixture,
	    "6 settings only MISP uses: Enrichment_services_url, "
	    "Import_services_port, Enrichment_hover_enable, "
	    "Enrichment_hover_popover_only, Export_ssl_cafile, "
	    "Enrichment_dns_restrict\n"
	    "2 settings of MISP's other families: Cortex_services_enable, "
	    "ZeroMQ_enable\n"
	    "1 setting of modules that could not be loaded: "
	    "Enrichment_broken_apikey\n");
}

/* A file that is read again counts once. */
static void test_notes_count_once(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(read_text(fixture, "Plugin { Cortex_x = 1 }\n"
					    "smtp { }\ntls { }"),
			 -1);
	assert_notes(fixture, "1 setting of MISP's other families: Cortex_x\n");
}

/* The same name in another family is not that of the broken module. */
static void test_broken_module_has_a_family(void **state)
{
	struct fixture *fixture = *state;

	fake_fail(&fixture->registry, "/m/export_mod/sheet.so", "broken");
	assert_int_equal(read_text(fixture, "Plugin { Export_sheet_x = 1 }"),
			 0);
	assert_int_equal(read_text(fixture, "Plugin { Import_sheet_x = 1\n"
					    "Export_sheets_x = 1 }"),
			 -1);
	assert_errors(fixture, "a.conf:1: unknown setting Import_sheet_x\n"
			       "a.conf:2: unknown setting Export_sheets_x\n");
}

static void test_notes_stay_short(void **state)
{
	struct fixture *fixture = *state;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	fputs("Plugin {\n", out);
	for (int i = 0; i < 500; i++)
		fprintf(out, "Cortex_setting_number_%d = x\n", i);
	fputs("}\n", out);
	fclose(out);
	assert_int_equal(read_text(fixture, text), 0);
	assert_int_equal(fixture->config.note_count, 1);
	assert_non_null(strstr(fixture->config.notes[0], "500 settings of"));
	assert_non_null(strstr(fixture->config.notes[0], "number_0, "));
	assert_non_null(strstr(fixture->config.notes[0], ", …"));
	assert_in_range(strlen(fixture->config.notes[0]), 1, 400);
	free(text);
}

static void test_errors_have_an_end(void **state)
{
	struct fixture *fixture = *state;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	for (int i = 0; i < 3000; i++)
		fprintf(out, "server { u%d = x }\n", i);
	fclose(out);
	assert_int_equal(read_text(fixture, text), -1);
	assert_int_equal(fixture->config.error_count, 1000);
	free(text);
}

/* ---- The first reading, before there are modules ---- */

static void test_server_is_read_without_modules(void **state)
{
	static const char *const files[] = {"a.conf", NULL};
	struct fixture *fixture = *state;

	write_file("a.conf",
		   "Plugin { Enrichment_x_apikey = 3 }\n"
		   "server { modules = /m }",
		   0644);
	assert_int_equal(config_read_server(&fixture->config, files), 0);
	assert_string_equal(fixture->config.modules, "/m");
	assert_notes(fixture, "");
	write_file("a.conf", "server { worker = 1 }", 0644);
	assert_int_equal(config_read_server(&fixture->config, files), -1);
	assert_errors(
	    fixture,
	    "a.conf:1: unknown setting worker, did you mean workers?\n");
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_defaults),
	    TEST(test_server_settings),
	    TEST(test_plugin_settings),
	    TEST(test_booleans),
	    TEST(test_switched_off),
	    TEST(test_empty_is_not_set),
	    TEST(test_environment),
	    TEST(test_two_modules_share_a_name),
	    TEST(test_net_defaults),
	    TEST(test_net_settings),
	    TEST(test_net_without_modules),
	    TEST(test_ca_file),
	    TEST(test_net_of_a_module),
	    TEST(test_own_setting_goes_first),
	    TEST(test_net_of_another_module),
	    TEST(test_files_are_merged_in_order),
	    TEST(test_folder_is_read_after_the_file),
	    TEST(test_every_file_is_judged),
	    TEST(test_file_that_cannot_be_read),
	    TEST(test_folder_that_cannot_be_read),
	    TEST(test_huge_file_is_refused),
	    TEST(test_no_file_is_the_default),
	    TEST(test_secret_must_not_be_readable),
	    TEST(test_a_variable_beside_a_secret),
	    TEST(test_password_in_a_url),
	    TEST(test_secret_of_another_family),
	    TEST(test_no_secret_in_the_file),
	    TEST(test_which_names_are_secret),
	    TEST(test_wrong_files),
	    TEST(test_values_that_need_quotes),
	    TEST(test_values_do_not_leak),
	    TEST(test_urls_do_not_leak),
	    TEST(test_lines_are_counted_right),
	    TEST(test_settings_of_misp_are_noted),
	    TEST(test_notes_count_once),
	    TEST(test_broken_module_has_a_family),
	    TEST(test_notes_stay_short),
	    TEST(test_errors_have_an_end),
	    TEST(test_server_is_read_without_modules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
