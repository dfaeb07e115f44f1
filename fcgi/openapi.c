/*
 * openapi.c: the OpenAPI document. web/openapi.json holds what is always the
 * same; here the modules' schemas are made from their descriptors.
 */
#include "describe.h"

#include "build.h"
#include "config.h"
#include "openapi_example.h"

#define SCHEMAS "#/components/schemas/"

/* The name of a module's schema; a dot is in no other. */
#define SCHEMA_PREFIX "query."

/* web/openapi.json, as the linker has put it into the program. */
extern const char _binary_openapi_json_start[];
extern const char _binary_openapi_json_end[];

static json_t *reference(const char *prefix, const char *name)
{
	return json_pack("{s:s++}", "$ref", SCHEMAS, prefix, name);
}

static json_t *of_type(const char *type, const char *description)
{
	return json_pack("{s:s, s:s*}", "type", type, "description",
			 description);
}

static json_t *base64(const char *description)
{
	return build_with(of_type("string", description), "contentEncoding",
			  json_string("base64"));
}

/* An object, which PHP writes as an array when it is empty. */
static json_t *object_of_php(json_t *properties)
{
	return json_pack("{s:[s, s, s], s:o}", "type", "object", "array",
			 "null", "properties", properties);
}

/* ---- Settings and options, which share "config" ---- */

static json_t *setting_schema(const struct misp_setting *setting)
{
	return json_pack("{s:s, s:s*, s:s*, s:o*}", "$ref", SCHEMAS "Value",
			 "description", setting->description, "default",
			 setting->value, "writeOnly",
			 setting_is_secret(setting->name) ? json_true() : NULL);
}

static json_t *choice_values(const struct misp_option *option)
{
	const struct misp_choice *choice = option->choices;
	json_t *values = json_pack("[n, s]", "");

	for (; choice->value; choice++)
		if (*choice->value)
			values =
			    build_append(values, json_string(choice->value));
	return values;
}

static json_t *option_schema(const struct misp_option *option)
{
	json_t *schema = json_pack("{s:s, s:s*}", "$ref", SCHEMAS "Value",
				   "description", option->message);

	if (option->type == MISP_SELECT)
		schema = build_with(schema, "enum", choice_values(option));
	return schema;
}

static json_t *config_schema(const struct misp_module *module)
{
	const struct misp_option *option = module->options;
	size_t count = module_setting_count(module);
	json_t *properties = json_object();

	for (size_t i = 0; i < count; i++)
		properties = build_with(properties, module->settings[i].name,
					setting_schema(&module->settings[i]));
	for (; option && option->name; option++)
		properties =
		    build_with(properties, option->name, option_schema(option));
	return object_of_php(properties);
}

/* ---- What each family takes: adds to properties, and says which of them
 * must be there ---- */

/* The schema that asks for one member. */
static json_t *requires(const char *name)
{
	return json_pack("{s:[s]}", "required", name);
}

static json_t *attribute_schema(const struct misp_module *module)
{
	return json_pack("{s:s, s:{s:{s:o}}}", "$ref", SCHEMAS "Attribute",
			 "properties", "type", "enum",
			 build_strings(module->input));
}

static json_t *enrichment(json_t *schema, json_t *properties,
			  const struct misp_module *module)
{
	const char *const *type = module->input;
	json_t *any = json_array();

	if (module->format == MISP_STANDARD) {
		properties =
		    build_with(properties, "object", reference("", "Object"));
		any = build_append(any, requires("object"));
	}
	for (; module->format == MISP_SIMPLE && *type; type++) {
		properties =
		    build_with(properties, *type, of_type("string", NULL));
		any = build_append(any, requires(*type));
	}
	if (module->format == MISP_SIMPLE)
		properties = build_with(
		    properties, "data",
		    base64("The file of an attachment or malware-sample"));
	properties =
	    build_with(properties, "attribute", attribute_schema(module));
	any = build_append(any, requires("attribute"));
	schema = build_with(schema, "anyOf", any);
	return build_with(schema, "properties", properties);
}

static json_t *import(json_t *schema, json_t *properties,
		      const struct misp_module *module)
{
	bool takes_data = !module->input_source || module->input_source[0];

	if (takes_data) {
		properties =
		    build_with(properties, "data", base64("The file or paste"));
		properties =
		    build_with(properties, "filename",
			       of_type("string", "The name of the file"));
		schema =
		    build_with(schema, "required", json_pack("[s]", "data"));
	}
	return build_with(schema, "properties", properties);
}

static json_t *export(json_t *schema, json_t *properties,
		      const struct misp_module *module)
{
	const char *form = module->require_standard_format
			       ? "Events in MISP's core format"
			       : "Events in MISP's internal form";

	properties = build_with(properties, "data",
				build_with(of_type("array", form), "items",
					   of_type("object", NULL)));
	schema = build_with(schema, "required", json_pack("[s]", "data"));
	return build_with(schema, "properties", properties);
}

static json_t *action(json_t *schema, json_t *properties,
		      const struct misp_module *module)
{
	const struct misp_parameter *entry = module->parameters;
	json_t *params = json_object();

	for (; entry && entry->name; entry++)
		params = build_with(params, entry->name,
				    json_pack("{s:s, s:s*, s:s*}", "$ref",
					      SCHEMAS "Value", "description",
					      entry->description, "default",
					      entry->value));
	/* What data is depends on the workflow. */
	properties = build_with(
	    properties, "data",
	    json_pack("{s:s}", "description", "What the workflow is about"));
	properties = build_with(properties, "params", object_of_php(params));
	properties = build_with(properties, "matchingData",
				object_of_php(json_object()));
	return build_with(schema, "properties", properties);
}

/* ---- The document ---- */

static json_t *module_schema(const struct module *module)
{
	static json_t *(*const makers[FAMILY_COUNT])(
	    json_t *, json_t *, const struct misp_module *) = {
	    [FAMILY_ENRICHMENT] = enrichment,
	    [FAMILY_IMPORT] = import,
	    [FAMILY_EXPORT] = export,
	    [FAMILY_ACTION] = action,
	};
	const struct misp_module *descriptor = module->descriptor;
	json_t *schema = json_pack(
	    "{s:s, s:s, s:s*, s:[o], s:[o]}", "type", "object", "title",
	    descriptor->title ? descriptor->title : descriptor->name,
	    "description", descriptor->description, "allOf",
	    reference("", "Query"), "examples", openapi_example(module));
	json_t *properties =
	    json_pack("{s:{s:s}, s:o}", "module", "const", descriptor->name,
		      "config", config_schema(descriptor));

	return makers[module->family](schema, properties, descriptor);
}

/* The schema of /query's body: that of one of the modules. */
static json_t *query_schema(const struct registry *registry)
{
	json_t *one_of = json_array();
	json_t *mapping = json_object();

	for (size_t i = 0; i < registry->count; i++) {
		const char *name = registry->modules[i].descriptor->name;

		if (!registry->modules[i].enabled)
			continue;
		one_of = build_append(one_of, reference(SCHEMA_PREFIX, name));
		mapping =
		    build_with(mapping, name,
			       json_pack("s++", SCHEMAS, SCHEMA_PREFIX, name));
	}
	/* A choice among none would be no valid schema. */
	if (one_of && json_array_size(one_of) == 0) {
		json_decref(one_of);
		json_decref(mapping);
		return reference("", "Query");
	}
	return json_pack("{s:o, s:{s:s, s:o}}", "oneOf", one_of,
			 "discriminator", "propertyName", "module", "mapping",
			 mapping);
}

/* Adds the modules' schemas. -1 without memory. */
static int add_schemas(json_t *schemas, const struct registry *registry)
{
	for (size_t i = 0; i < registry->count; i++) {
		const struct module *module = &registry->modules[i];
		char key[128];

		if (!module->enabled)
			continue;
		snprintf(key, sizeof(key), SCHEMA_PREFIX "%s",
			 module->descriptor->name);
		if (json_object_set_new(schemas, key, module_schema(module)) <
		    0)
			return -1;
	}
	return 0;
}

json_t *describe_openapi(const struct registry *registry)
{
	/* To C these are two objects, which pointers cannot span. */
	size_t size = (uintptr_t)_binary_openapi_json_end -
		      (uintptr_t)_binary_openapi_json_start;
	json_t *document =
	    json_loadb(_binary_openapi_json_start, size, 0, NULL);
	json_t *info = NULL;
	json_t *media = NULL;
	json_t *schemas = NULL;

	if (json_unpack(document, "{s:o, s:{s:{s:{s:{s:{s:o}}}}}, s:{s:o}}",
			"info", &info, "paths", "/query", "post", "requestBody",
			"content", "application/json", &media, "components",
			"schemas", &schemas) == 0 &&
	    json_object_set_new(info, "version", json_string(VERSION)) == 0 &&
	    json_object_set_new(media, "schema", query_schema(registry)) == 0 &&
	    add_schemas(schemas, registry) == 0)
		return document;
	json_decref(document);
	return NULL;
}
