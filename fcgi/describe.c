/*
 * describe.c: the modules as /modules shows them, in the shape MISP and the
 * other clients of the Python server read.
 */
#include "describe.h"

#include "build.h"

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

static json_t *truth_if(bool truth)
{
	return truth ? json_true() : NULL;
}

/* MISP reads plain names: what else is known of a setting it cannot take. */
static json_t *setting_names(const struct misp_module *module)
{
	size_t count = module_setting_count(module);
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		array =
		    build_append(array, json_string(module->settings[i].name));
	return array;
}

static json_t *choices(const struct misp_choice *choice)
{
	json_t *object = json_object();

	for (; choice && choice->value; choice++)
		object = build_with(
		    object, choice->value,
		    json_string(choice->label ? choice->label : choice->value));
	return object;
}

static json_t *option(const struct misp_option *from)
{
	static const char *const names[] = {
	    [MISP_STRING] = "String",   [MISP_INTEGER] = "Integer",
	    [MISP_BOOLEAN] = "Boolean", [MISP_IP] = "IP",
	    [MISP_SELECT] = "Select",
	};
	bool may_be_empty = from->optional && from->type == MISP_STRING;
	bool is_ticked = from->checked && from->type == MISP_BOOLEAN;
	bool is_select = from->type == MISP_SELECT;

	return json_pack("{s:s, s:s, s:s*, s:s*, s:s*, s:o*, s:o*}", "type",
			 names[from->type], "message", or_empty(from->message),
			 "errorMessage", from->error_message, "regex",
			 from->regex, "validation", may_be_empty ? "0" : NULL,
			 "checked", truth_if(is_ticked), "options",
			 is_select ? choices(from->choices) : NULL);
}

static json_t *options(const struct misp_option *from)
{
	json_t *object = json_object();

	for (; from && from->name; from++)
		object = build_with(object, from->name, option(from));
	return object;
}

static json_t *parameter(const struct misp_parameter *from)
{
	return json_pack("{s:s, s:s, s:s, s:o*}", "type", from->type,
			 "description", or_empty(from->description), "value",
			 or_empty(from->value), "jinja_supported",
			 truth_if(from->jinja_supported));
}

static json_t *parameters(const struct misp_parameter *from)
{
	json_t *object = json_object();

	for (; from && from->name; from++)
		object = build_with(object, from->name, parameter(from));
	return object;
}

static json_t *config(const struct misp_module *module)
{
	if (!(module->types & MISP_ACTION))
		return setting_names(module);
	return json_pack(
	    "{s:o, s:b, s:b, s:b}", "params", parameters(module->parameters),
	    "blocking", (int)module->blocking, "support_filters",
	    (int)module->support_filters, "expect_misp_core_format",
	    (int)module->expect_misp_core_format);
}

const char *module_type_name(enum misp_module_type type)
{
	static const char *const names[] = {
	    [MISP_EXPANSION] = "expansion", [MISP_HOVER] = "hover",
	    [MISP_IMPORT] = "import",       [MISP_EXPORT] = "export",
	    [MISP_ACTION] = "action",
	};

	return names[type];
}

static json_t *module_types(unsigned types)
{
	json_t *list = json_array();

	for (unsigned flag = 1; flag <= MISP_ACTION; flag <<= 1)
		if (types & flag)
			list = build_append(
			    list, json_string(module_type_name(flag)));
	return list;
}

static json_t *meta(const struct misp_module *module)
{
	return json_pack(
	    "{s:s, s:s, s:s, s:s, s:o, s:o, s:s, s:o, s:s, s:o, s:s, s:s,"
	    " s:o*}",
	    "name", module->title ? module->title : module->name, "version",
	    or_empty(module->version), "author", or_empty(module->author),
	    "description", or_empty(module->description), "module-type",
	    module_types(module->types), "config", config(module), "logo",
	    or_empty(module->logo), "requirements",
	    build_strings(module->requirements), "features",
	    or_empty(module->features), "references",
	    build_strings(module->references), "input",
	    or_empty(module->input_text), "output",
	    or_empty(module->output_text), "require_standard_format",
	    truth_if(module->require_standard_format));
}

/* NULL, which json_pack's "o*" leaves out, when there is no list. */
static json_t *strings_if(const char *const *list)
{
	return list ? build_strings(list) : NULL;
}

static json_t *attributes(const struct module *module)
{
	const struct misp_module *descriptor = module->descriptor;
	/* Without it MISP reads the results of an import as rows, too. */
	const char *format =
	    descriptor->format == MISP_STANDARD ? "misp_standard" : NULL;

	switch (module->family) {
	case FAMILY_IMPORT:
		return json_pack("{s:o, s:o*, s:o*, s:s*}", "userConfig",
				 options(descriptor->options), "inputSource",
				 strings_if(descriptor->input_source), "output",
				 strings_if(descriptor->output), "format",
				 format);
	case FAMILY_EXPORT:
		return json_pack("{s:o*, s:s*, s:s, s:s, s:o*}", "input",
				 strings_if(descriptor->input), "format",
				 format, "outputFileExtension",
				 descriptor->file_extension, "responseType",
				 descriptor->response_type, "inputSource",
				 strings_if(descriptor->input_source));
	case FAMILY_ACTION:
		return json_pack("{s:o}", "config", config(descriptor));
	case FAMILY_ENRICHMENT:
	case FAMILY_COUNT:
		break;
	}
	return json_pack("{s:o, s:o, s:s*}", "input",
			 build_strings(descriptor->input), "output",
			 build_strings(descriptor->output), "format", format);
}

static json_t *describe(const struct module *module)
{
	if (module->told)
		return json_incref(remote_module_told(module->told));
	return json_pack("{s:s, s:s, s:o, s:o}", "name",
			 module->descriptor->name, "type",
			 families[module->family].folder, "mispattributes",
			 attributes(module), "meta", meta(module->descriptor));
}

json_t *describe_modules(const struct registry *registry)
{
	json_t *list = json_array();

	for (size_t i = 0; i < registry->count; i++)
		if (registry->modules[i].enabled)
			list =
			    build_append(list, describe(&registry->modules[i]));
	return list;
}
