/* remote_test.c: fcgi/config_remote.c, remote_list.c, remote_module.c. Each
 * test works in a directory of its own. */
#include "config.h"
#include "describe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config_fixture.h"

/* Reads sections, with the cache in the test's own directory. */
static int read_text(struct fixture *fixture, const char *text)
{
	static const char *const files[] = {"a.conf", "b.conf", NULL};

	write_file("a.conf", "server { cache = \".\" }", 0640);
	write_file("b.conf", text, 0640);
	return config_read(&fixture->config, files, &fixture->registry);
}

static void assert_error(struct fixture *fixture, const char *text,
			 const char *expected)
{
	assert_int_equal(read_text(fixture, text), -1);
	assert_int_equal(fixture->config.error_count, 1);
	assert_string_equal(fixture->config.errors[0], expected);
}

static const struct remote *remote(const struct fixture *fixture, int number)
{
	return &fixture->config.remotes[REMOTE_PYTHON + number];
}

/* ---- The sections ---- */

static void test_sections(void **state)
{
	struct fixture *fixture = *state;
	const struct remote *dmz;

	assert_int_equal(
	    read_text(fixture,
		      "server { workers = 7 }\n"
		      "remote one { url = \"http://127.0.0.1:1\" }\n"
		      "remote dmz { url = { \"https://a.example\",\n"
		      "  \"https://b.example/mm\" }  modules = { a, \"b*\" }\n"
		      "  prefer = remote  timeout = 30  max_workers = 3\n"
		      "  user = u  password = \"p w\"  proxy = none }\n"
		      "python { interpreter = /x/python workers = 2\n"
		      "  path = { \"misp_modules\", \"/y\" } timeout = 9 }"),
	    0);
	assert_string_equal(remote(fixture, 1)->name, "one");
	assert_int_equal(remote(fixture, 1)->max_workers, 4);
	dmz = remote(fixture, 2);
	assert_string_equal(dmz->name, "dmz");
	assert_int_equal(dmz->urls.count, 2);
	assert_string_equal(dmz->urls.items[1], "https://b.example/mm");
	assert_int_equal(dmz->modules.count, 2);
	assert_string_equal(dmz->modules.items[0], "a");
	assert_true(dmz->prefer);
	assert_int_equal(dmz->timeout, 30);
	assert_int_equal(dmz->max_workers, 3);
	assert_string_equal(dmz->password, "p w");
	assert_string_equal(dmz->net.proxy, "none");
	assert_null(remote(fixture, 3)->name);
	assert_string_equal(fixture->config.python.interpreter, "/x/python");
	assert_int_equal(fixture->config.python.workers, 2);
	assert_int_equal(fixture->config.python.path.count, 2);
	assert_int_equal(remote(fixture, 0)->timeout, 9);
}

static void test_a_section_in_two_files(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(read_text(fixture, "remote a { url = \"http://h\" }\n"
					    "remote a { timeout = 5 }"),
			 0);
	assert_int_equal(remote(fixture, 1)->urls.count, 1);
	assert_int_equal(remote(fixture, 1)->timeout, 5);
	assert_null(remote(fixture, 2)->name);
}

static void test_wrong_sections(void **state)
{
	struct fixture *fixture = *state;

	assert_error(fixture, "remote a { }", "the remote a has no url");
	assert_error(fixture, "\nremote a { url = \"ftp://x\" }",
		     "b.conf:2: url must be a URL that begins with http:// or "
		     "https://");
	assert_error(fixture, "remote a { url = \"http://x\" prefer = no }",
		     "b.conf:1: prefer must be local or remote");
	assert_error(fixture, "remote a { url = \"http://x\"\ntimeot = 1 }",
		     "b.conf:2: unknown setting timeot, did you mean "
		     "timeout?");
	assert_error(fixture, "remote \"a/b\" { url = \"http://x\" }",
		     "b.conf:1: the name of a remote consists of letters, "
		     "digits, _ and -, 63 at most");
	assert_error(fixture, "remote a { url = \"http://x\" password = p }",
		     "the remote a has a password and no user");
	assert_error(fixture, "python { workers = 0 }",
		     "b.conf:1: workers must be a whole number from 1 to 256");
	assert_error(fixture, "server { log = a, b }",
		     "b.conf:1: put the value in quotes");
}

static void test_secret_of_a_remote(void **state)
{
	static const char *const files[] = {"b.conf", NULL};
	struct fixture *fixture = *state;

	write_file("b.conf",
		   "remote a { url = \"http://x\" user = u password = p }",
		   0640);
	chmod("b.conf", 0644);
	assert_int_equal(
	    config_read(&fixture->config, files, &fixture->registry), -1);
	assert_string_equal(fixture->config.errors[0],
			    "b.conf: holds a secret (password) and everybody "
			    "can read it: chmod o-r b.conf");
}

static void test_too_many(void **state)
{
	struct fixture *fixture = *state;
	char text[1024] = "";

	for (int i = 0; i < REMOTES; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 "remote r%d { url = \"http://x\" }\n", i);
	assert_int_equal(read_text(fixture, text), -1);
	assert_string_equal(fixture->config.errors[0],
			    "b.conf:15: there are more than 14 remotes");
}

/* ---- Their lists ---- */

#define ENTRY(name, more)                                                   \
	"{\"name\":\"" name "\",\"type\":\"expansion\",\"mispattributes\":" \
	"{\"input\":[\"domain\"],\"output\":[\"text\"]},\"meta\":{"         \
	"\"module-type\":[\"expansion\"]" more "}}"

/* Loads a list as if the first remote had told it. */
static void tell(struct fixture *fixture, const char *section, const char *list)
{
	char text[256];

	snprintf(text, sizeof(text), "remote a { url = \"http://x\" %s }",
		 section);
	mkdir("lists", 0700);
	write_file("lists/remote-a.json", list, 0640);
	assert_int_equal(read_text(fixture, text), 0);
	assert_int_equal(
	    remote_lists_load(&fixture->config, &fixture->registry), 0);
}

static void test_modules_are_merged(void **state)
{
	struct fixture *fixture = *state;
	struct module *far;

	tell(fixture, "",
	     "{\"modules\":[" ENTRY(
		 "far", ",\"config\":[\"key\",\"a b\"]") "," ENTRY("dns",
								   "") "]}");
	far = registry_find(&fixture->registry, "far");
	assert_non_null(far);
	assert_int_equal(far->remote, REMOTE_PYTHON + 1);
	assert_int_equal(far->family, FAMILY_ENRICHMENT);
	assert_string_equal(far->descriptor->input[0], "domain");
	/* A name that no file could say is no setting. */
	assert_int_equal(module_setting_count(far->descriptor), 1);
	assert_int_equal(registry_find(&fixture->registry, "dns")->remote,
			 REMOTE_NONE);
	assert_int_equal(fixture->registry.told[REMOTE_PYTHON + 1].modules, 2);
	assert_int_equal(fixture->registry.told[REMOTE_PYTHON + 1].hidden, 1);
	assert_int_equal(read_text(fixture, "remote a { url = \"http://x\" }\n"
					    "Plugin { Enrichment_far_key = k\n"
					    "Enrichment_far_key_lock = true }"),
			 0);
	assert_string_equal(far->settings[0].value, "k");
	assert_true(far->settings[0].locked);
}

static void test_named_modules_are_preferred(void **state)
{
	struct fixture *fixture = *state;

	tell(fixture, "modules = { dns, \"*\" } prefer = remote",
	     "{\"modules\":[" ENTRY("dns", "") "]}");
	assert_int_equal(registry_find(&fixture->registry, "dns")->remote,
			 REMOTE_PYTHON + 1);
}

static void test_patterns_choose(void **state)
{
	struct fixture *fixture = *state;

	tell(fixture, "modules = { \"f?r\" }",
	     "{\"modules\":[" ENTRY("far", "") "," ENTRY("near", "") "]}");
	assert_non_null(registry_find(&fixture->registry, "far"));
	assert_null(registry_find(&fixture->registry, "near"));
}

static void test_entries_that_are_no_modules(void **state)
{
	struct fixture *fixture = *state;
	size_t before = fixture->registry.count;
	size_t failures = fixture->registry.failure_count;

	tell(fixture, "",
	     "{\"modules\":[1,{},{\"name\":\"x\"},"
	     "{\"name\":\"y\",\"mispattributes\":{},\"meta\":"
	     "{\"module-type\":[\"hover\"]}}," ENTRY("a\\\"b", "") "]}");
	assert_int_equal(fixture->registry.count, before);
	assert_int_equal(fixture->registry.failure_count, failures + 5);
	assert_string_equal(
	    fixture->registry.failures[failures + 3].reason,
	    "its mispattributes have no list \"input\", without which MISP "
	    "fails");
}

static void test_a_list_that_is_none(void **state)
{
	static const char *const lists[] = {"", "[]", "{", "{\"modules\":3}"};
	struct fixture *fixture = *state;
	size_t before = fixture->registry.count;

	for (size_t i = 0; i < 4; i++) {
		tell(fixture, "", lists[i]);
		assert_int_equal(fixture->registry.count, before);
	}
}

static void test_settings_that_are_not_known_yet(void **state)
{
	struct fixture *fixture = *state;
	static const char text[] = "remote a { url = \"http://x\" }\n"
				   "Plugin { Enrichment_far_key = k }";

	assert_int_equal(read_text(fixture, text), -1);
	assert_int_equal(
	    remote_lists_load(&fixture->config, &fixture->registry), 0);
	assert_int_equal(read_text(fixture, text), 0);
	assert_string_equal(fixture->config.notes[0],
			    "1 setting of modules that no module server has "
			    "told of: Enrichment_far_key");
}

static void test_a_list_is_kept_when_it_differs(void **state)
{
	struct fixture *fixture = *state;
	json_t *list = json_pack("[{s:s}]", "name", "far");
	json_t *other = json_pack("[{s:s}]", "name", "near");
	const struct remote *a;

	assert_int_equal(read_text(fixture, "remote a { url = \"http://x\" }"),
			 0);
	a = remote(fixture, 1);
	assert_int_equal(remote_list_keep(&fixture->config, a, list), -1);
	remote_lists_open(&fixture->config);
	assert_int_equal(remote_list_keep(&fixture->config, a, list), 1);
	assert_int_equal(remote_list_keep(&fixture->config, a, list), 0);
	assert_int_equal(remote_list_keep(&fixture->config, a, other), 1);
	json_decref(list);
	json_decref(other);
}

static void test_an_entry_is_shown_as_it_was_told(void **state)
{
	struct fixture *fixture = *state;
	json_t *told = json_loads(ENTRY("far", ",\"x\":{\"y\":[1]}"), 0, NULL);
	json_t *shown = NULL, *entry;
	size_t index;
	bool found = false;

	tell(fixture, "",
	     "{\"modules\":[" ENTRY("far", ",\"x\":{\"y\":[1]}") "]}");
	shown = describe_modules(&fixture->registry);
	json_array_foreach (shown, index, entry)
		found = found || json_equal(entry, told);
	assert_true(found);
	json_decref(shown);
	shown = describe_openapi(&fixture->registry);
	assert_non_null(shown);
	json_decref(shown);
	json_decref(told);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_sections),
	    TEST(test_a_section_in_two_files),
	    TEST(test_wrong_sections),
	    TEST(test_secret_of_a_remote),
	    TEST(test_too_many),
	    TEST(test_modules_are_merged),
	    TEST(test_named_modules_are_preferred),
	    TEST(test_patterns_choose),
	    TEST(test_entries_that_are_no_modules),
	    TEST(test_a_list_that_is_none),
	    TEST(test_settings_that_are_not_known_yet),
	    TEST(test_a_list_is_kept_when_it_differs),
	    TEST(test_an_entry_is_shown_as_it_was_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
