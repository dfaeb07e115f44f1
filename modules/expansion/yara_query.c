/*
 * yara_query.c: a YARA rule that finds the file of a hash.
 *
 * pkg-config: yara (libyara-dev)
 */
#include "misp-module.h"

#include "yara/yara_check.h"

#include <ctype.h>
#include <string.h>
#include <yara.h>

/* What a rule of each hash compares with; name is also the attribute type,
 * by itself or behind "filename|". */
static const struct yara_hash {
	const char *name;
	size_t digits;
	const char *module;
	const char *arguments;
} yara_hashes[] = {
    {"md5", 32, "hash", "(0, filesize)"},
    {"sha1", 40, "hash", "(0, filesize)"},
    {"sha256", 64, "hash", "(0, filesize)"},
    {"imphash", 32, "pe", "()"},
};

static const struct yara_hash *yara_hash_of(const char *type)
{
	const char *bar = strrchr(type, '|');
	const char *name = bar ? bar + 1 : type;
	for (size_t i = 0; i < sizeof(yara_hashes) / sizeof(*yara_hashes); i++)
		if (strcmp(yara_hashes[i].name, name) == 0)
			return &yara_hashes[i];
	return NULL;
}

/* The digits in lower case. Only digits: what else came would be a part of
 * the rule. NULL after misp_fail. */
static const char *yara_digits(struct misp_query *query, const char *value,
			       const struct yara_hash *hash)
{
	const char *bar = strrchr(value, '|');
	char *digits = misp_text(query, "%s", bar ? bar + 1 : value);
	if (!digits)
		return NULL;
	if (strlen(digits) != hash->digits ||
	    strspn(digits, "0123456789abcdefABCDEF") != hash->digits)
		return misp_fail(query,
				 "The value is not a valid %s: %zu hexadecimal "
				 "digits are expected",
				 hash->name, hash->digits);
	for (char *at = digits; *at; at++)
		*at = (char)tolower((unsigned char)*at);
	return digits;
}

/* TYPE_uuid, where each run of what no name may have becomes one '_'; TYPE
 * alone for a hover, which has no uuid. */
static const char *yara_rule_name(struct misp_query *query,
				  const struct yara_hash *hash)
{
	const char *uuid = json_string_value(
	    json_object_get(misp_request(query), "attribute_uuid"));
	char *name = misp_text(query, "%s%s%s", hash->name,
			       uuid && *uuid ? "_" : "", uuid ? uuid : "");
	if (!name)
		return NULL;
	for (char *at = name; at < name + strlen(hash->name); at++)
		*at = (char)toupper((unsigned char)*at);
	char *out = name + strlen(hash->name);
	bool replaced = false;
	/* The '_' between the two stays even before another. */
	for (const char *in = out; *in; in++) {
		bool word = isalnum((unsigned char)*in) || *in == '_';
		if (word || !replaced)
			*out++ = (char)(word ? *in : '_');
		replaced = !word;
	}
	*out = '\0';
	return name;
}

/* Whether libyara takes the rule; if not, misp_fail has said why. */
static bool yara_compiles(struct misp_query *query, const char *rule)
{
	struct yara_verdict verdict;
	if (yr_initialize() != ERROR_SUCCESS) {
		misp_fail(query, "The YARA library does not start");
		return false;
	}
	bool compiles = yara_check(rule, NULL, 0, &verdict);
	yr_finalize();
	if (!compiles)
		misp_fail(query, "Syntax error: %s", verdict.text);
	return compiles;
}

static json_t *yara_query_query(struct misp_query *query)
{
	const char *type = NULL;
	const char *value = misp_input(query, &type);
	const struct yara_hash *hash = value ? yara_hash_of(type) : NULL;
	if (!hash)
		return misp_fail(
		    query, "Wrong input type, please choose in the following: "
			   "md5, sha1, sha256, filename|md5, filename|sha1, "
			   "filename|sha256, imphash");
	const char *digits = yara_digits(query, value, hash);
	const char *name = yara_rule_name(query, hash);
	if (!digits || !name)
		return NULL;
	const char *rule =
	    misp_text(query,
		      "import \"%s\"\r\nrule %s {\r\n"
		      "\tcondition:\r\n\t\t%s.%s%s == \"%s\"\r\n}",
		      hash->module, name, hash->module, hash->name,
		      hash->arguments, digits);
	if (!rule || !yara_compiles(query, rule))
		return NULL;
	json_t *rows = misp_rows();
	json_t *row = misp_row(rows, MISP_TYPES("yara"), rule);
	/* A string and no list: that is how this module has always answered. */
	misp_set(row, "values", json_string(rule));
	return rows;
}

MISP_MODULE(yara_query, .types = MISP_EXPANSION | MISP_HOVER,
	    .query = yara_query_query, .title = "YARA Rule Generator",
	    .version = "1.0", .author = "MISP modules FastCGI server",
	    .description = "Writes a YARA rule that matches the file with a "
			   "given hash.",
	    .logo = "yara.png",
	    .features = "The rule's name is made from the kind of the hash "
			"and the attribute's uuid. The rule is compiled once "
			"before it is returned, so that it is known to hold.",
	    .input_text = "An md5, sha1, sha256 or imphash, with or without "
			  "a file name before it.",
	    .output_text = "The YARA rule.",
	    .references = MISP_LIST("https://virustotal.github.io/yara/"),
	    .requirements = MISP_LIST("libyara"),
	    .input = MISP_LIST("md5", "sha1", "sha256", "filename|md5",
			       "filename|sha1", "filename|sha256", "imphash"),
	    .output = MISP_LIST("yara"));
