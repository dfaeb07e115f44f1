/*
 * settings.c: turns MISP's own settings into a configuration file.
 */
#include "config_parts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define PREFIX "Plugin."

/* What MISP's interface puts in place of a secret. */
#define HIDDEN "*****"

/* What becomes of a setting. */
enum destination {
	DESTINATION_SET,
	DESTINATION_UNKNOWN,
	DESTINATION_MISP_ONLY,
	DESTINATION_COUNT,
};

/* The part of a name behind "Plugin."; NULL when it belongs to none of our
 * families: the secrets of others have no place in our file. */
static const char *plugin_name(const char *name)
{
	size_t prefix = strlen(PREFIX);

	if (!name || strncmp(name, PREFIX, prefix) != 0)
		return NULL;
	name += prefix;
	for (size_t i = 0; i < FAMILY_COUNT; i++) {
		size_t length = strlen(families[i].setting);

		if (strncmp(name, families[i].setting, length) == 0 &&
		    name[length] == '_')
			return name;
	}
	return NULL;
}

static enum destination destination_of(const struct reader *reader,
				       const char *name)
{
	const struct option *option = option_find(reader, SECTION_PLUGIN, name);

	if (!option)
		return DESTINATION_UNKNOWN;
	return option->is_misp_only ? DESTINATION_MISP_ONLY : DESTINATION_SET;
}

/* A string that libconfuse reads as these bytes again, on one line. */
static void write_string(FILE *out, const char *text)
{
	static const char escapes[] = "\"\\$\n\r\t";
	static const char letters[] = "\"\\$nrt";

	putc('"', out);
	for (; *text; text++) {
		const char *escape = strchr(escapes, *text);

		if (escape)
			fprintf(out, "\\%c", letters[escape - escapes]);
		else if ((unsigned char)*text < ' ')
			fprintf(out, "\\x%02x", (unsigned char)*text);
		else
			putc(*text, out);
	}
	putc('"', out);
}

static void write_name(FILE *out, const char *name)
{
	const char *at = name;

	while (isalnum((unsigned char)*at) || *at == '_' || *at == '-' ||
	       *at == '.')
		at++;
	if (*at)
		write_string(out, name);
	else
		fputs(name, out);
}

/* The value as text in buffer, or where it is; NULL when it is not set. */
static const char *value_text(const json_t *value, char *buffer, size_t size)
{
	const char *text = NULL;

	if (json_is_boolean(value))
		return json_is_true(value) ? "true" : "false";
	if (json_is_integer(value)) {
		snprintf(buffer, size, "%" JSON_INTEGER_FORMAT,
			 json_integer_value(value));
		return buffer;
	}
	text = json_string_value(value);
	return text && *text ? text : NULL;
}

static void write_setting(FILE *out, const char *name, const char *value,
			  enum destination destination)
{
	if (strcmp(value, HIDDEN) == 0) {
		fputs("\t# MISP hides the value of ", out);
		write_name(out, name);
		putc('\n', out);
		return;
	}
	fputs(destination == DESTINATION_SET ? "\t" : "\t# ", out);
	write_name(out, name);
	fputs(" = ", out);
	write_string(out, value);
	putc('\n', out);
}

/* Writes the settings with one destination, below their heading. */
static void write_group(FILE *out, const struct reader *reader,
			const json_t *settings, enum destination wanted)
{
	static const char *const headings[DESTINATION_COUNT] = {
	    [DESTINATION_UNKNOWN] =
		"\n\t# No module here has these settings:\n",
	    [DESTINATION_MISP_ONLY] = "\n\t# Only MISP uses these:\n",
	};
	const char *heading = headings[wanted];
	char buffer[32];
	size_t i;
	json_t *entry;

	json_array_foreach (settings, i, entry) {
		const json_t *setting = json_object_get(entry, "setting");
		const char *name = plugin_name(json_string_value(setting));
		const char *value = value_text(json_object_get(entry, "value"),
					       buffer, sizeof(buffer));

		if (!name || !value || destination_of(reader, name) != wanted)
			continue;
		if (heading)
			fputs(heading, out);
		heading = NULL;
		write_setting(out, name, value, wanted);
	}
}

/* The list of settings in either form of MISP's JSON; NULL: no such JSON. */
static const json_t *settings_list(const json_t *misp_settings)
{
	const json_t *list = misp_settings;

	if (json_is_object(misp_settings))
		list = json_object_get(misp_settings, "finalSettings");
	if (!json_is_array(list) ||
	    !json_object_get(json_array_get(list, 0), "setting"))
		return NULL;
	return list;
}

int settings_convert(json_t *misp_settings, const struct registry *registry,
		     FILE *out, char *error, size_t size)
{
	struct config config = {0};
	/* Only the names are asked for: nothing is set through this. */
	struct reader reader = {.config = &config,
				.registry = (struct registry *)registry};
	const json_t *list = settings_list(misp_settings);

	if (!list) {
		snprintf(error, size,
			 "this is not MISP's list of settings: neither an "
			 "array of objects with a \"setting\" nor an object "
			 "with such \"finalSettings\"");
		return -1;
	}
	if (options_build(&reader) < 0) {
		options_free(&reader);
		snprintf(error, size, "out of memory");
		return -1;
	}
	fputs("# Made from the settings of a MISP instance. It may hold "
	      "secrets:\n# nobody but the server should be able to read it."
	      "\nPlugin {\n",
	      out);
	for (int i = 0; i < DESTINATION_COUNT; i++)
		write_group(out, &reader, list, (enum destination)i);
	fputs("}\n", out);
	options_free(&reader);
	if (fflush(out) == 0 && !ferror(out))
		return 0;
	snprintf(error, size, "the file cannot be written");
	return -1;
}
