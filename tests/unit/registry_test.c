/* registry_test.c: fcgi/registry.c and fcgi/descriptor_check.c. Plugins are
 * compiled here, each in a directory that a test lays out. */
#include "registry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* ---- The descriptor ---- */

static json_t *answer(struct misp_query *query)
{
	(void)query;
	return NULL;
}

static bool prepare(struct misp_query *query)
{
	return query != NULL;
}

/* A descriptor in which a case then breaks one thing. */
static const struct misp_module good = {
    .abi = MISP_MODULE_ABI,
    .size = sizeof(struct misp_module),
    .name = "good",
    .types = MISP_EXPANSION | MISP_HOVER,
    .query = answer,
    .input = MISP_LIST("domain"),
};

struct verdict {
	struct misp_module module;
	const char *reason; /* NULL: nothing is wrong */
};

static void assert_verdicts(const struct verdict *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char reason[256] = "";
		const char *found = descriptor_check(&cases[i].module, "good",
						     reason, sizeof(reason));

		assert_string_equal(found ? found : "nothing",
				    cases[i].reason ? cases[i].reason
						    : "nothing");
	}
}

#define ASSERT_VERDICTS(cases) \
	assert_verdicts(cases, sizeof(cases) / sizeof(*(cases)))

/* A descriptor of these types; what it takes; and a good one with more. */
#define TYPED(flags, ...)                                                   \
	{                                                                   \
		.abi = MISP_MODULE_ABI, .size = sizeof(struct misp_module), \
		.name = "good", .types = (flags), __VA_ARGS__               \
	}
#define TAKES .query = answer, .input = MISP_LIST("domain")
#define GOOD(...) TYPED(MISP_EXPANSION, TAKES, __VA_ARGS__)
#define OTHER(flags, ...) TYPED(flags, .query = answer, __VA_ARGS__)

static const struct verdict built_wrong[] = {
    {GOOD(.title = "Fine"), NULL},
    {{.abi = MISP_MODULE_ABI + 1},
     "built for ABI 4, this server has 3: rebuild it"},
    {{.abi = 0}, "built for ABI 0, this server has 3: rebuild it"},
};

static const struct verdict named_wrong[] = {
    {GOOD(.version = NULL), NULL},
    {{.abi = MISP_MODULE_ABI, .size = sizeof(struct misp_module)},
     "its name must be 1 to 64 letters, digits, _ or -"},
};

static const struct verdict caged_wrong[] = {
    {GOOD(.caged = true), NULL},
    {GOOD(.caged = true, .reads = MISP_LIST("/usr/share/x")), NULL},
    {GOOD(.caged = true, .prepare = prepare, .any_host = true), NULL},
    {GOOD(.reads = MISP_LIST("/usr/share/x")),
     "it has reads or prepare, and is not caged"},
    {GOOD(.prepare = prepare), "it has reads or prepare, and is not caged"},
    {GOOD(.caged = true, .any_host = true),
     "it is caged, so it reaches no host; only its prepare could"},
    {GOOD(.caged = true, .hosts = MISP_LIST("example.org")),
     "it is caged, so it reaches no host; only its prepare could"},
    {GOOD(.caged = true, .reads = MISP_LIST("share/x")),
     "an entry of its reads is no absolute path"},
};

static void test_cage(void **state)
{
	(void)state;
	ASSERT_VERDICTS(caged_wrong);
}

static void test_abi_and_size(void **state)
{
	struct misp_module module = good;
	char reason[256];
	char expected[256];

	(void)state;
	ASSERT_VERDICTS(built_wrong);
	module.size -= 8;
	snprintf(expected, sizeof(expected),
		 "its descriptor has %zu bytes, this server's has %zu: rebuild "
		 "it",
		 sizeof(module) - 8, sizeof(module));
	assert_string_equal(
	    descriptor_check(&module, "good", reason, sizeof(reason)),
	    expected);
}

static void test_name(void **state)
{
	static const struct {
		const char *name;
		const char *reason;
	} names[] = {
	    {"", "its name must be 1 to 64 letters, digits, _ or -"},
	    {"a b", "its name must be 1 to 64 letters, digits, _ or -"},
	    {"../x", "its name must be 1 to 64 letters, digits, _ or -"},
	    {"gl\xc3\xa4", "its name must be 1 to 64 letters, digits, _ or -"},
	    {"a234567890123456789012345678901234567890123456789012345678901234"
	     "5",
	     "its name must be 1 to 64 letters, digits, _ or -"},
	    {"hover", "the name hover is taken by MISP's own settings"},
	    {"other", "its descriptor says other, the name of its file good"},
	};
	char reason[256];

	(void)state;
	ASSERT_VERDICTS(named_wrong);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct misp_module module = good;

		module.name = names[i].name;
		assert_string_equal(
		    descriptor_check(&module, "good", reason, sizeof(reason)),
		    names[i].reason);
	}
}

static const struct verdict kinds[] = {
    {TYPED(0, TAKES), "it says no type (MISP_EXPANSION, …)"},
    {TYPED(64, TAKES), "its types are unknown here"},
    {TYPED(MISP_HOVER | MISP_IMPORT, TAKES),
     "its types belong to more than one family"},
    {TYPED(MISP_HOVER, TAKES), NULL},
    {GOOD(.format = 7), "its format is unknown here"},
    {TYPED(MISP_EXPANSION, .input = MISP_LIST("a")),
     "it has no query function"},
    {TYPED(MISP_HOVER, .query = answer),
     "it takes no attribute type: its input is empty"},
    {OTHER(MISP_EXPANSION, .input = (const char *const[]){NULL}),
     "it takes no attribute type: its input is empty"},
    {OTHER(MISP_IMPORT, .title = NULL), NULL},
    {OTHER(MISP_ACTION, .title = NULL), NULL},
    {OTHER(MISP_EXPORT, .response_type = "a/b"),
     "an export needs a file_extension"},
    {OTHER(MISP_EXPORT, .file_extension = "b", .response_type = ""),
     "an export needs a response_type"},
    {OTHER(MISP_EXPORT, .file_extension = "b", .response_type = "a/b"), NULL},
};

static const struct verdict texts[] = {
    {GOOD(.title = "\xff"), "its title is no UTF-8"},
    {GOOD(.description = "a\xc3"), "its description is no UTF-8"},
    {GOOD(.output_text = "\x80"), "its output_text is no UTF-8"},
    {GOOD(.description = "\xc3\xa9"), NULL},
    {OTHER(MISP_EXPANSION, .input = MISP_LIST("a", "\xff")),
     "an entry of its input is empty or no UTF-8"},
    {GOOD(.output = MISP_LIST("")),
     "an entry of its output is empty or no UTF-8"},
    {GOOD(.references = MISP_LIST("\xff")),
     "an entry of its references is empty or no UTF-8"},
};

static const struct verdict settings[] = {
    {GOOD(.settings = MISP_SETTINGS({"a b", "c", "d"})), NULL},
    {GOOD(.settings = MISP_SETTINGS({"enabled", NULL, NULL})),
     "the server has a setting enabled of its own"},
    {GOOD(.settings =
	      MISP_SETTINGS({"timeout", NULL, NULL}, {"proxy", NULL, NULL},
			    {"endpoint", NULL, NULL})),
     NULL},
    {GOOD(.settings = MISP_SETTINGS({"restrict", NULL, NULL})),
     "the server has a setting restrict of its own"},
    {GOOD(.settings = MISP_SETTINGS({"lock", NULL, NULL})),
     "the server has a setting lock of its own"},
    {GOOD(.settings = MISP_SETTINGS({"key_lock", NULL, NULL})),
     "the server has a setting key_lock of its own"},
    {GOOD(.settings = MISP_SETTINGS({"a", NULL, NULL}, {"a", NULL, NULL})),
     "it has two settings a"},
    {GOOD(.settings = MISP_SETTINGS({"", NULL, NULL})),
     "the name of its setting 1 cannot be written in a configuration file"},
    {GOOD(.settings = MISP_SETTINGS({"a", NULL, NULL}, {"b|c", NULL, NULL})),
     "the name of its setting 2 cannot be written in a configuration file"},
    {GOOD(.settings = MISP_SETTINGS({"a", "\xff", NULL})),
     "the text of its setting a is no UTF-8"},
    {GOOD(.settings = MISP_SETTINGS({"a", NULL, "\xff"})),
     "the text of its setting a is no UTF-8"},
};

#define SERVICE(name, url, setting, failures) \
	.services = MISP_SERVICES(            \
	    &(const struct misp_service){name, url, setting, failures})
#define ASKS(name, url) SERVICE(name, url, NULL, NULL)
#define FAILING(...) \
	SERVICE("S", "https://s.example", NULL, MISP_FAILURES(__VA_ARGS__))

static const struct verdict network[] = {
    {GOOD(ASKS("S", "https://s.example/api/v3"),
	  .hosts = MISP_LIST("a.example", ".b.example", "192.0.2.1")),
     NULL},
    {GOOD(.any_host = true), NULL},
    {GOOD(ASKS("", "https://s.example")),
     "the name of a service is empty or no UTF-8"},
    {GOOD(ASKS(NULL, "https://s.example")),
     "the name of a service is empty or no UTF-8"},
    {GOOD(ASKS("S", NULL)),
     "the url of its service S must be http:// or https:// with the name of a "
     "host"},
    {GOOD(ASKS("S", "ftp://s.example")),
     "the url of its service S must be http:// or https:// with the name of a "
     "host"},
    {GOOD(ASKS("S", "s.example/api")),
     "the url of its service S must be http:// or https:// with the name of a "
     "host"},
    {GOOD(ASKS("S", "https:///api")),
     "the url of its service S must be http:// or https:// with the name of a "
     "host"},
    {GOOD(ASKS("S", "https://user@s.example/")),
     "the url of its service S must be http:// or https:// with the name of a "
     "host"},
    {GOOD(ASKS("S", "https://[::1]/")),
     "the url of its service S must be http:// or https:// with the name of a "
     "host"},
    {GOOD(SERVICE("S", "https://s.example", "url", NULL)),
     "the url_setting url of its service S is none of its settings"},
    {GOOD(SERVICE("S", "https://s.example", "url", NULL),
	  .settings = MISP_SETTINGS({"url", NULL, NULL})),
     NULL},
    {GOOD(FAILING({404, "not here"}, {MISP_OTHERWISE, "no"})), NULL},
    {GOOD(FAILING({404, NULL})),
     "the message of a failure of its service S is empty or no UTF-8"},
    {GOOD(FAILING({404, "a"}, {MISP_OTHERWISE, ""})),
     "the message of a failure of its service S is empty or no UTF-8"},
    {GOOD(FAILING({404, "\xff"})),
     "the message of a failure of its service S is empty or no UTF-8"},
    {GOOD(FAILING({0, "a"})), "a failure of its service S has the status 0, "
			      "which HTTP does not know"},
    {GOOD(FAILING({4040, "a"})), "a failure of its service S has the status "
				 "4040, which HTTP does not know"},
    {GOOD(.hosts = MISP_LIST("a.example", "https://b.example")),
     "an entry of its hosts is no plain host name (rdap.example, or .example "
     "for all below it)"},
    {GOOD(.hosts = MISP_LIST("..example")),
     "an entry of its hosts is no plain host name (rdap.example, or .example "
     "for all below it)"},
    {GOOD(.hosts = MISP_LIST(".")),
     "an entry of its hosts is no plain host name (rdap.example, or .example "
     "for all below it)"},
    {GOOD(.hosts = MISP_LIST("a.example:80")),
     "an entry of its hosts is no plain host name (rdap.example, or .example "
     "for all below it)"},
    {GOOD(.hosts = MISP_LIST("")),
     "an entry of its hosts is no plain host name (rdap.example, or .example "
     "for all below it)"},
    {GOOD(.hosts = MISP_LIST("*")),
     "an entry of its hosts is no plain host name (rdap.example, or .example "
     "for all below it)"},
};

#define OPTION(name, type)                                       \
	{                                                        \
		name, type, NULL, NULL, NULL, false, false, NULL \
	}

static const struct verdict options[] = {
    {OTHER(MISP_IMPORT, .input_source = MISP_LIST("file", "paste"),
	   .options = MISP_OPTIONS(OPTION("a", MISP_IP))),
     NULL},
    {OTHER(MISP_IMPORT, .input_source = MISP_LIST("url")),
     "its input_source url is neither file nor paste"},
    {OTHER(MISP_IMPORT, .options = MISP_OPTIONS(OPTION("", MISP_IP))),
     "the text of its option 1 is empty or no UTF-8"},
    {OTHER(MISP_IMPORT, .options = MISP_OPTIONS({"a", MISP_IP, "\xff", NULL,
						 NULL, false, false, NULL})),
     "the text of its option 1 is empty or no UTF-8"},
    {OTHER(MISP_IMPORT,
	   .options = MISP_OPTIONS(OPTION("a", MISP_IP), OPTION("a", MISP_IP))),
     "the name of its option a is taken by another option or setting"},
    {OTHER(MISP_IMPORT, .settings = MISP_SETTINGS({"a", NULL, NULL}),
	   .options = MISP_OPTIONS(OPTION("a", MISP_IP))),
     "the name of its option a is taken by another option or setting"},
    {OTHER(MISP_IMPORT, .options = MISP_OPTIONS(OPTION("a", 9))),
     "the type of its option a is unknown here"},
    {OTHER(MISP_IMPORT, .options = MISP_OPTIONS(OPTION("a", MISP_SELECT))),
     "its option a has no choices"},
    {OTHER(MISP_ACTION,
	   .parameters = MISP_PARAMETERS({"a", "text", NULL, NULL, false})),
     "its parameter a is neither string, large_string nor hash_path"},
    {OTHER(MISP_ACTION,
	   .parameters = MISP_PARAMETERS({"a", NULL, NULL, NULL, false})),
     "its parameter a is neither string, large_string nor hash_path"},
    {OTHER(MISP_ACTION,
	   .parameters = MISP_PARAMETERS({"a", "string", NULL, "\xff", false})),
     "the text of a parameter is empty or no UTF-8"},
    {OTHER(MISP_ACTION, .parameters = MISP_PARAMETERS(
			    {"a", "large_string", "b", "c", true})),
     NULL},
};

static void test_kinds(void **state)
{
	(void)state;
	ASSERT_VERDICTS(kinds);
}

static void test_texts(void **state)
{
	(void)state;
	ASSERT_VERDICTS(texts);
}

static void test_settings(void **state)
{
	(void)state;
	ASSERT_VERDICTS(settings);
}

static void test_network(void **state)
{
	(void)state;
	ASSERT_VERDICTS(network);
}

static void test_options_and_parameters(void **state)
{
	(void)state;
	ASSERT_VERDICTS(options);
}

/* ---- Loading ---- */

#define SOURCE(text) "#include \"misp-module.h\"\n" text
#define EXPANSION(name)                                            \
	SOURCE("static json_t *answer(struct misp_query *query)\n" \
	       "{ (void)query; return NULL; }\n"                   \
	       "MISP_MODULE(" name ", .types = MISP_EXPANSION,\n"  \
	       "  .input = MISP_LIST(\"domain\"), .query = answer);\n")
#define IMPORT(name)                                               \
	SOURCE("static json_t *answer(struct misp_query *query)\n" \
	       "{ (void)query; return NULL; }\n"                   \
	       "MISP_MODULE(" name                                 \
	       ", .types = MISP_IMPORT, .query = answer);")

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

/* Compiles text into directory/path (folder/name.so), with one more argument
 * for the compiler. */
static void compile(const char *directory, const char *path, const char *text,
		    const char *argument)
{
	char source[128];
	char plugin[128];
	char *arguments[] = {(char *)"cc",
			     (char *)"-shared",
			     (char *)"-fPIC",
			     (char *)"-o",
			     plugin,
			     (char *)"-Imodules/sdk",
			     source,
			     (char *)argument,
			     NULL};
	pid_t pid;
	int status = -1;

	snprintf(source, sizeof(source), "%s/source.c", directory);
	snprintf(plugin, sizeof(plugin), "%s/%s", directory, path);
	write_file(source, text);
	assert_int_equal(
	    posix_spawnp(&pid, "cc", NULL, NULL, arguments, environ), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static int enter(void **state)
{
	char *directory = strdup("/tmp/registry_test.XXXXXX");

	*state = directory;
	if (!directory || !mkdtemp(directory))
		return -1;
	for (size_t i = 0; i < FAMILY_COUNT; i++) {
		char folder[128];

		snprintf(folder, sizeof(folder), "%s/%s", directory,
			 families[i].folder);
		if (mkdir(folder, 0755) < 0)
			return -1;
	}
	return 0;
}

static int remove_one(const char *path, const struct stat *status, int type,
		      struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static int leave(void **state)
{
	int result = nftw(*state, remove_one, 8, FTW_DEPTH | FTW_PHYS);

	free(*state);
	return result;
}

/* Fails unless loading gives just this one failure, "PATH: REASON" without
 * the directory. */
static void assert_failure(const char *directory, const char *expected)
{
	struct registry registry;
	char found[512];

	assert_int_equal(registry_load(&registry, directory), 0);
	assert_int_equal(registry.count, 0);
	assert_int_equal(registry.failure_count, 1);
	snprintf(found, sizeof(found), "%s: %s",
		 registry.failures[0].path + strlen(directory) + 1,
		 registry.failures[0].reason);
	assert_string_equal(found, expected);
	registry_free(&registry);
}

static void test_modules_are_found_by_name(void **state)
{
	const char *directory = *state;
	struct registry registry;

	compile(directory, "expansion/second.so", EXPANSION("second"), NULL);
	compile(directory, "expansion/first.so", EXPANSION("first"), NULL);
	compile(directory, "import_mod/middle.so", IMPORT("middle"), NULL);
	assert_int_equal(registry_load(&registry, directory), 0);
	assert_int_equal(registry.failure_count, 0);
	assert_int_equal(registry.count, 3);
	assert_string_equal(registry.modules[0].descriptor->name, "first");
	assert_string_equal(registry.modules[1].descriptor->name, "middle");
	assert_string_equal(registry.modules[2].descriptor->name, "second");
	for (size_t i = 0; i < registry.count; i++) {
		struct module *module = &registry.modules[i];

		assert_ptr_equal(
		    registry_find(&registry, module->descriptor->name), module);
		assert_true(module->enabled);
		assert_non_null(module->settings);
	}
	assert_int_equal(registry.modules[1].family, FAMILY_IMPORT);
	assert_int_equal(registry.modules[2].family, FAMILY_ENRICHMENT);
	assert_null(registry_find(&registry, "third"));
	assert_null(registry_find(&registry, ""));
	registry_free(&registry);
}

static void test_one_bad_module_harms_no_other(void **state)
{
	const char *directory = *state;
	struct registry registry;
	char path[128];

	compile(directory, "expansion/good.so", EXPANSION("good"), NULL);
	snprintf(path, sizeof(path), "%s/expansion/bad.so", directory);
	write_file(path, "no plugin");
	assert_int_equal(registry_load(&registry, directory), 0);
	assert_int_equal(registry.failure_count, 1);
	assert_int_equal(registry.count, 1);
	assert_non_null(registry_find(&registry, "good"));
	registry_free(&registry);
}

static void test_no_module(void **state)
{
	compile(*state, "expansion/other.so", "int other;", NULL);
	assert_failure(*state, "expansion/other.so: it is no module: it has no "
			       "symbol misp_module");
}

static void test_no_plugin(void **state)
{
	const char *directory = *state;
	char path[128];
	char expected[512];

	snprintf(path, sizeof(path), "%s/expansion/text.so", directory);
	write_file(path, "This file has the name of a plugin, but is none at "
			 "all: it is longer than the header of one.");
	snprintf(expected, sizeof(expected),
		 "expansion/text.so: it cannot be loaded: %s: invalid ELF "
		 "header",
		 path);
	assert_failure(directory, expected);
}

static void test_another_abi(void **state)
{
	compile(*state, "expansion/old.so",
		SOURCE("#undef MISP_MODULE_ABI\n#define MISP_MODULE_ABI 7\n"
		       "MISP_MODULE(old, .types = MISP_EXPANSION);"),
		NULL);
	assert_failure(*state, "expansion/old.so: built for ABI 7, this server "
			       "has 3: rebuild it");
}

static void test_missing_library(void **state)
{
	const char *directory = *state;
	char library[128];

	snprintf(library, sizeof(library), "%s/libgone.so.1", directory);
	compile(directory, "libgone.so.1", "int gone;",
		"-Wl,-soname,libgone.so.1");
	compile(directory, "expansion/user.so",
		EXPANSION("user") "extern int gone; int *use = &gone;",
		library);
	unlink(library);
	assert_failure(directory, "expansion/user.so: a library it needs is "
				  "missing: libgone.so.1");
}

static void test_missing_function(void **state)
{
	const char *directory = *state;
	struct registry registry;

	compile(directory, "expansion/newer.so",
		SOURCE("json_t *misp_not_yet(struct misp_query *);\n"
		       "MISP_MODULE(newer, .types = MISP_EXPANSION,\n"
		       "  .input = MISP_LIST(\"x\"), .query = misp_not_yet);"),
		NULL);
	assert_int_equal(registry_load(&registry, directory), 0);
	assert_int_equal(registry.failure_count, 1);
	assert_non_null(strstr(registry.failures[0].reason,
			       "undefined symbol: misp_not_yet"));
	registry_free(&registry);
}

static void test_name_differs_from_file(void **state)
{
	compile(*state, "expansion/file.so", EXPANSION("inside"), NULL);
	assert_failure(*state, "expansion/file.so: its descriptor says inside, "
			       "the name of its file file");
}

static void test_wrong_folder(void **state)
{
	compile(*state, "import_mod/lost.so", EXPANSION("lost"), NULL);
	assert_failure(*state, "import_mod/lost.so: it belongs into the folder "
			       "expansion");
}

static void test_name_is_taken(void **state)
{
	const char *directory = *state;
	struct registry registry;
	char expected[256];

	compile(directory, "expansion/twin.so", EXPANSION("twin"), NULL);
	compile(directory, "import_mod/twin.so", IMPORT("twin"), NULL);
	assert_int_equal(registry_load(&registry, directory), 0);
	assert_int_equal(registry.count, 1);
	assert_int_equal(registry.modules[0].family, FAMILY_ENRICHMENT);
	assert_int_equal(registry.failure_count, 1);
	snprintf(expected, sizeof(expected),
		 "the name is taken by %s/expansion/twin.so", directory);
	assert_string_equal(registry.failures[0].reason, expected);
	registry_free(&registry);
}

static void test_other_files_are_no_plugins(void **state)
{
	const char *directory = *state;
	struct registry registry;
	char path[128];

	snprintf(path, sizeof(path), "%s/expansion/README", directory);
	write_file(path, "text");
	snprintf(path, sizeof(path), "%s/expansion/.hidden.so", directory);
	write_file(path, "text");
	snprintf(path, sizeof(path), "%s/expansion/old.so.bak", directory);
	write_file(path, "text");
	snprintf(path, sizeof(path), "%s/export_mod", directory);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(registry_load(&registry, directory), 0);
	assert_int_equal(registry.count, 0);
	assert_int_equal(registry.failure_count, 0);
	registry_free(&registry);
}

static void test_folder_that_cannot_be_read(void **state)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/export_mod", (const char *)*state);
	assert_int_equal(rmdir(path), 0);
	write_file(path, "a file");
	assert_failure(*state, "export_mod: Not a directory");
}

static void test_directory_that_cannot_be_read(void **state)
{
	struct registry registry;

	(void)state;
	errno = 0;
	assert_int_equal(registry_load(&registry, "/no/such/directory"), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(registry.count, 0);
	registry_free(&registry);
}

#define LOADING(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_abi_and_size),
	    cmocka_unit_test(test_cage),
	    cmocka_unit_test(test_name),
	    cmocka_unit_test(test_kinds),
	    cmocka_unit_test(test_texts),
	    cmocka_unit_test(test_settings),
	    cmocka_unit_test(test_network),
	    cmocka_unit_test(test_options_and_parameters),
	    LOADING(test_modules_are_found_by_name),
	    LOADING(test_one_bad_module_harms_no_other),
	    LOADING(test_no_module),
	    LOADING(test_no_plugin),
	    LOADING(test_another_abi),
	    LOADING(test_missing_library),
	    LOADING(test_missing_function),
	    LOADING(test_name_differs_from_file),
	    LOADING(test_wrong_folder),
	    LOADING(test_name_is_taken),
	    LOADING(test_other_files_are_no_plugins),
	    LOADING(test_folder_that_cannot_be_read),
	    LOADING(test_directory_that_cannot_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
