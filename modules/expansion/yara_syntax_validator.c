/*
 * yara_syntax_validator.c: whether a YARA rule compiles.
 *
 * pkg-config: yara (libyara-dev)
 */
#include "misp-module.h"

#include "yara/yara_check.h"

#include <string.h>
#include <yara.h>

#define ATTEMPTS 10
#define UNDEFINED "undefined identifier \""

/* What rules use without importing it, often enough. */
static const char *const importable[] = {"pe",   "math",   "cuckoo", "magic",
					 "hash", "dotnet", "elf",    "macho"};

/* The name that the message says is undefined; NULL if it says another thing.
 */
static const char *undefined_name(struct misp_query *query,
				  const struct yara_verdict *verdict)
{
	const char *name = strstr(verdict->text, UNDEFINED);
	if (!name)
		return NULL;
	name += strlen(UNDEFINED);
	return misp_text(query, "%.*s", (int)strcspn(name, "\""), name);
}

static bool is_importable(const char *name)
{
	for (size_t i = 0; i < sizeof(importable) / sizeof(*importable); i++)
		if (strcmp(importable[i], name) == 0)
			return true;
	return false;
}

/* What is to be said of a rule. A module that it uses is imported and a name
 * that it does not define is made an external variable, as long as that
 * helps. */
static const char *judge(struct misp_query *query, const char *rule)
{
	const char *names[ATTEMPTS];
	size_t count = 0;
	struct yara_verdict verdict;
	for (int i = 0; i < ATTEMPTS; i++) {
		if (yara_check(rule, names, count, &verdict))
			return "Syntax valid";
		const char *name = undefined_name(query, &verdict);
		if (!name)
			return misp_text(query, "Syntax error: %s",
					 verdict.text);
		if (is_importable(name))
			rule =
			    misp_text(query, "import \"%s\"\n%s", name, rule);
		else
			names[count++] = name;
		if (!rule)
			return NULL;
	}
	return "Syntax error: Max validation attempts exceeded";
}

static json_t *yara_syntax_validator_query(struct misp_query *query)
{
	const char *rule = misp_input(query, NULL);
	if (!rule)
		return misp_fail(query, "Yara rule missing");
	if (yr_initialize() != ERROR_SUCCESS)
		return misp_fail(query, "The YARA library cannot start");
	const char *words = judge(query, rule);
	yr_finalize();
	json_t *rows = misp_rows();
	misp_row(rows, MISP_TYPES("text"), words);
	return rows;
}

MISP_MODULE(
    yara_syntax_validator, .types = MISP_HOVER,
    .query = yara_syntax_validator_query, .caged = true,
    .title = "YARA Syntax Validator", .version = "0.2",
    .author = "MISP modules FastCGI server",
    .description = "Tells whether a YARA rule compiles, and if not, why.",
    .features = "Modules that the rule uses without importing them are "
		"imported, and names it does not define are taken for external "
		"variables. Files are not included.",
    .input_text = "A YARA rule.", .output_text = "The verdict, as text.",
    .references = MISP_LIST("https://yara.readthedocs.io/"),
    .requirements = MISP_LIST("libyara"), .input = MISP_LIST("yara"),
    .output = MISP_LIST("text"));
