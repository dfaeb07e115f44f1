/*
 * config_unknown.c: judges a name in the configuration that is no setting of
 * ours: a slip of the pen, a setting that only MISP uses, or one of a module
 * that could not be loaded.
 */
#include "config_parts.h"

#include "nearest.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* "unknown WHAT NAME", and the nearest of the names that exist. */
static void say_unknown(struct reader *reader, int line, const char *what,
			const char *name, const char *nearest)
{
	if (nearest)
		reader_error(reader, line, "unknown %s %s, did you mean %s?",
			     what, name, nearest);
	else
		reader_error(reader, line, "unknown %s %s", what, name);
}

static void unknown_setting(struct reader *reader, enum section section,
			    const char *name, int line)
{
	size_t count = 0;
	const struct option *options = options_of(reader, section, &count);
	const char **names = calloc(count + 1, sizeof(*names));

	if (!names) {
		reader->no_memory = true;
		return;
	}
	for (size_t i = 0; i < count; i++)
		names[i] = options[i].name;
	say_unknown(reader, line, "setting", name,
		    nearest_name(name, names, count));
	free(names);
}

static enum section section_of_name(const char *name)
{
	enum section section = SECTION_SERVER;

	while (section < SECTION_PLUGIN &&
	       strcmp(section_names[section], name) != 0)
		section++;
	return section;
}

/* The family that name begins with; FAMILY_COUNT when it is none of ours. */
static enum family family_of_name(const char *name)
{
	enum family family = FAMILY_ENRICHMENT;

	for (; family < FAMILY_COUNT; family++) {
		size_t length = strlen(families[family].setting);

		if (strncmp(name, families[family].setting, length) == 0 &&
		    name[length] == '_')
			break;
	}
	return family;
}

/* Whether name is a setting of another family of MISP's (Cortex_…), and not
 * one of our families misspelt. */
static bool is_other_family(const char *name)
{
	const char *known[FAMILY_COUNT];
	char *family = NULL;
	bool other = false;
	size_t length = 0;

	while (isalnum((unsigned char)name[length]))
		length++;
	if (name[length] != '_' || !isupper((unsigned char)name[0]))
		return false;
	for (size_t i = 0; i < FAMILY_COUNT; i++)
		known[i] = families[i].setting;
	family = strndup(name, length);
	if (family)
		other = !nearest_name(family, known, FAMILY_COUNT);
	free(family);
	return other;
}

/* Whether rest, which is behind the family, begins with the module that the
 * plugin at path would have been. */
static bool names_plugin(const char *path, enum family family, const char *rest)
{
	const char *file = strrchr(path, '/');
	const char *folder = families[family].folder;
	size_t length = strlen(folder);
	size_t stem;

	if (!file || (size_t)(file - path) < length ||
	    strncmp(file - length, folder, length) != 0)
		return false;
	file++;
	stem = strcspn(file, ".");
	return strncmp(rest, file, stem) == 0 && rest[stem] == '_';
}

static bool is_not_loaded(const struct registry *registry, const char *name,
			  enum family family)
{
	const char *rest = name + strlen(families[family].setting) + 1;

	for (size_t i = 0; i < registry->failure_count; i++)
		if (names_plugin(registry->failures[i].path, family, rest))
			return true;
	return false;
}

/* Whether rest, which is behind the family, begins with a module that is
 * there. */
static bool names_module(const struct registry *registry, const char *rest)
{
	for (size_t i = 0; i < registry->count; i++) {
		const char *name = registry->modules[i].descriptor->name;
		size_t length = strlen(name);

		if (strncmp(rest, name, length) == 0 && rest[length] == '_')
			return true;
	}
	return false;
}

/* Whether it may be a setting of a module that a remote has not told of yet, or
 * not any more: what others do must not keep this server from starting. */
static bool may_be_remote(const struct registry *registry, const char *name,
			  enum family family)
{
	const char *rest = name + strlen(families[family].setting) + 1;
	bool there = false;

	for (size_t i = 0; i < REMOTES; i++)
		there = there || registry->told[i].there;
	return there && !names_module(registry, rest);
}

static void unknown_in_plugin(struct reader *reader, const char *name, int line)
{
	enum family family = family_of_name(name);

	if (!reader->registry)
		return;
	if (family == FAMILY_COUNT && is_other_family(name))
		tally_add(&reader->tallies.other_families, name);
	else if (family != FAMILY_COUNT &&
		 is_not_loaded(reader->registry, name, family))
		tally_add(&reader->tallies.not_loaded, name);
	else if (family != FAMILY_COUNT &&
		 may_be_remote(reader->registry, name, family))
		tally_add(&reader->tallies.not_told, name);
	else
		unknown_setting(reader, SECTION_PLUGIN, name, line);
}

/*
 * Outside of the sections. An unknown section is blanked out, so that what
 * comes behind it can be read.
 */
static void unknown_section(struct reader *reader, const char *name, int line)
{
	say_unknown(reader, line, "section", name,
		    nearest_name(name, section_names, SECTION_COUNT));
	if (text_blank_section(&reader->text, line, name))
		reader->blanked = true;
}

void unknown_name(struct reader *reader, const char *section, const char *name,
		  int line)
{
	char next = text_after(&reader->text, line, name);

	reader->found_unknown = true;
	/* A word without "=" behind it, or with a secret before it, may be the
	 * second half of a value, which is nobody's business. */
	if ((next != '=' && next != '{') ||
	    text_follows_secret(&reader->text, line, name)) {
		reader->misplaced = true;
		reader_error(reader, line,
			     "a word stands where a setting should: put a "
			     "value of several words in quotes");
	} else if (!section && next == '{')
		unknown_section(reader, name, line);
	else if (!section)
		reader_error(reader, line,
			     "%s stands outside of a section "
			     "(server, http, dns, python, remote, Plugin)",
			     name);
	else if (strcmp(section, section_names[SECTION_PLUGIN]) == 0)
		unknown_in_plugin(reader, name, line);
	else
		unknown_setting(reader, section_of_name(section), name, line);
}
