/*
 * openapi_example.c: the body of a query that fits a module, for people who
 * want to try it. Names and addresses are those reserved for documentation.
 */
#include "openapi_example.h"

#include "build.h"

#include <string.h>

#define UUID "5f2b7c1e-9a44-4c0e-8f6d-3b1d0a6c7e21"

/* A value that looks like one of its type. */
static const char *value_of(const char *type)
{
	static const struct {
		const char *type;
		const char *value;
	} values[] = {
	    {"AS", "64496"},
	    {"domain", "example.org"},
	    {"domain|ip", "example.org|192.0.2.1"},
	    {"email", "someone@example.org"},
	    {"email-dst", "someone@example.org"},
	    {"email-src", "someone@example.org"},
	    {"hostname", "www.example.org"},
	    {"ip-dst", "192.0.2.1"},
	    {"ip-src", "192.0.2.1"},
	    {"link", "https://www.example.org/"},
	    {"md5", "d41d8cd98f00b204e9800998ecf8427e"},
	    {"sha1", "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
	    {"sha256", "e3b0c44298fc1c149afbf4c8996fb924"
		       "27ae41e4649b934ca495991b7852b855"},
	    {"uri", "https://www.example.org/"},
	    {"url", "https://www.example.org/"},
	    {"vulnerability", "CVE-2021-44228"},
	};

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++)
		if (strcmp(values[i].type, type) == 0)
			return values[i].value;
	return "example";
}

static json_t *enrichment(const struct misp_module *module)
{
	const char *type = module->input[0];

	if (module->format == MISP_SIMPLE)
		return json_pack("{s:s, s:s}", "module", module->name, type,
				 value_of(type));
	return json_pack("{s:s, s:{s:s, s:s, s:s}}", "module", module->name,
			 "attribute", "type", type, "value", value_of(type),
			 "uuid", UUID);
}

static const char *option_value(const struct misp_option *option)
{
	static const char *const values[] = {
	    [MISP_STRING] = "example",
	    [MISP_INTEGER] = "1",
	    [MISP_BOOLEAN] = "1",
	    [MISP_IP] = "192.0.2.1",
	};

	return option->type == MISP_SELECT ? option->choices[0].value
					   : values[option->type];
}

static json_t *config(const struct misp_option *option)
{
	json_t *object = json_object();

	for (; option && option->name; option++)
		object = build_with(object, option->name,
				    json_string(option_value(option)));
	return object;
}

static json_t *import(const struct misp_module *module)
{
	return json_pack("{s:s, s:i, s:o, s:s}", "module", module->name,
			 "event_id", 1, "config", config(module->options),
			 "data", "ZXhhbXBsZQ==");
}

static json_t *attribute(void)
{
	return json_pack("{s:s, s:s, s:s, s:s}", "type", "domain", "category",
			 "Network activity", "value", value_of("domain"),
			 "uuid", UUID);
}

static json_t *export(const struct misp_module *module)
{
	const char *info = "An example";

	if (module->require_standard_format)
		return json_pack("{s:s, s:[{s:{s:s, s:s, s:[o]}}]}", "module",
				 module->name, "data", "Event", "id", "1",
				 "info", info, "Attribute", attribute());
	return json_pack("{s:s, s:[{s:{s:s, s:s}, s:[o], s:[]}]}", "module",
			 module->name, "data", "Event", "id", "1", "info", info,
			 "Attribute", attribute(), "Object");
}

static json_t *action(const struct misp_module *module)
{
	const struct misp_parameter *entry = module->parameters;
	json_t *parameters = json_object();

	for (; entry && entry->name; entry++)
		parameters =
		    build_with(parameters, entry->name,
			       json_string(entry->value ? entry->value : ""));
	return json_pack("{s:s, s:{s:{s:s, s:s}}, s:o}", "module", module->name,
			 "data", "Event", "id", "1", "info", "An example",
			 "params", parameters);
}

json_t *openapi_example(const struct module *module)
{
	static json_t *(*const makers[FAMILY_COUNT])(
	    const struct misp_module *) = {
	    [FAMILY_ENRICHMENT] = enrichment,
	    [FAMILY_IMPORT] = import,
	    [FAMILY_EXPORT] = export,
	    [FAMILY_ACTION] = action,
	};

	return makers[module->family](module->descriptor);
}
