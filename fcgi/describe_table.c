/*
 * describe_table.c: the modules as a table in Markdown; see describe.h.
 */
#include "describe.h"

#include "build.h"
#include "url.h"

#include <stdlib.h>
#include <string.h>

/* A list that is longer is shown by its first entries. */
#define MOST_SHOWN 10
#define FIRST_SHOWN 3

/* ---- Cells ---- */

static void write_text(FILE *out, const char *text)
{
	static const struct {
		char byte;
		const char *instead;
	} escapes[] = {
	    {'|', "\\|"}, {'\\', "\\\\"}, {'<', "&lt;"}, {'*', "\\*"},
	    {'`', "\\`"}, {'[', "\\["},   {'\n', " "},   {'\r', " "},
	};

	for (; *text; text++) {
		const char *instead = NULL;

		for (size_t i = 0; i < sizeof(escapes) / sizeof(*escapes); i++)
			if (*text == escapes[i].byte)
				instead = escapes[i].instead;
		if (instead)
			fputs(instead, out);
		else
			putc(*text, out);
	}
}

static void write_comma(FILE *out, size_t index)
{
	if (index > 0)
		fputs(", ", out);
}

/* A list of attribute types, or else the text about them. */
static void write_types(FILE *out, const char *const *list, const char *text)
{
	size_t count = 0;
	size_t shown;

	while (list && list[count])
		count++;
	shown = count > MOST_SHOWN ? FIRST_SHOWN : count;
	for (size_t i = 0; i < shown; i++) {
		write_comma(out, i);
		write_text(out, list[i]);
	}
	if (shown < count)
		fprintf(out, ", … (%zu types)", count);
	else if (!count)
		write_text(out, text && *text ? text : "-");
}

static void write_module_types(FILE *out, unsigned types)
{
	size_t index = 0;

	for (unsigned flag = 1; flag <= MISP_ACTION; flag <<= 1) {
		if (!(types & flag))
			continue;
		write_comma(out, index++);
		fputs(module_type_name((enum misp_module_type)flag), out);
	}
}

static void write_settings(FILE *out, const struct misp_module *module)
{
	size_t count = module_setting_count(module);

	for (size_t i = 0; i < count; i++) {
		write_comma(out, i);
		write_text(out, module->settings[i].name);
	}
	if (!count)
		putc('-', out);
}

/* ---- Hosts ---- */

static bool has_text(const json_t *list, const char *text)
{
	size_t i;
	json_t *entry;

	json_array_foreach (list, i, entry)
		if (strcmp(json_string_value(entry), text) == 0)
			return true;
	return false;
}

/* Each host once; a new reference, NULL without memory. */
static json_t *host_list(const struct misp_module *module)
{
	const struct misp_service *const *service = module->services;
	const char *const *name = module->hosts;
	json_t *list = json_array();

	for (; service && *service; service++) {
		char *host = url_host((*service)->url, url_http);

		if (!host || !has_text(list, host))
			list =
			    build_append(list, host ? json_string(host) : NULL);
		free(host);
	}
	for (; name && *name; name++)
		if (!has_text(list, *name))
			list = build_append(list, json_string(*name));
	return list;
}

int describe_hosts(const struct misp_module *module, FILE *out)
{
	json_t *list = NULL;
	size_t i;
	json_t *host;

	if (module->any_host)
		return fputs("any", out) < 0 ? -1 : 0;
	list = host_list(module);
	if (!list)
		return -1;
	json_array_foreach (list, i, host) {
		write_comma(out, i);
		fputs(json_string_value(host), out);
	}
	json_decref(list);
	return 0;
}

/* ---- The table ---- */

static int write_row(FILE *out, const struct misp_module *module)
{
	const char *description = module->description;

	fprintf(out, "| `%s` | ", module->name);
	write_module_types(out, module->types);
	fputs(" | ", out);
	write_text(out, description && *description ? description : "-");
	fputs(" | ", out);
	write_types(out, module->input, module->input_text);
	fputs(" | ", out);
	write_types(out, module->output, module->output_text);
	fputs(" | ", out);
	write_settings(out, module);
	fputs(" | ", out);
	if (!module_has_host(module))
		putc('-', out);
	else if (describe_hosts(module, out) < 0)
		return -1;
	fputs(" |\n", out);
	return ferror(out) ? -1 : 0;
}

int describe_table(const struct registry *registry, FILE *out)
{
	fputs("| name | type | what it does | input | output | settings | "
	      "hosts |\n| --- | --- | --- | --- | --- | --- | --- |\n",
	      out);
	for (size_t i = 0; i < registry->count; i++)
		if (registry->modules[i].enabled &&
		    write_row(out, registry->modules[i].descriptor) < 0)
			return -1;
	return ferror(out) ? -1 : 0;
}
