/*
 * yara_module.c: walks through what YARA's modules have found. libyara has
 * functions for this but does not export them; the structures are public.
 *
 * pkg-config: yara (libyara-dev)
 */
#include "yara_module.h"

#include <string.h>
#include <yara/exec.h>
#include <yara/object.h>

/* Seconds: a scan without strings to look for takes milliseconds. */
#define SCAN_TIMEOUT 10

static int yara_hear(YR_SCAN_CONTEXT *scan, int message, void *data,
		     void *context)
{
	const struct yara_reader *reader = context;
	(void)scan;
	if (message == CALLBACK_MSG_MODULE_IMPORTED) {
		YR_OBJECT *module = data;
		if (strcmp(module->identifier, reader->module) == 0)
			reader->read(reader->context, module);
	}
	if (message == CALLBACK_MSG_CONSOLE_LOG && reader->hear)
		reader->hear(reader->context, data);
	return CALLBACK_CONTINUE;
}

static YR_RULES *yara_compile(const char *rule)
{
	YR_COMPILER *compiler = NULL;
	YR_RULES *rules = NULL;
	if (yr_compiler_create(&compiler) != ERROR_SUCCESS)
		return NULL;
	if (yr_compiler_add_string(compiler, rule, NULL) == 0)
		yr_compiler_get_rules(compiler, &rules);
	yr_compiler_destroy(compiler);
	return rules;
}

bool yara_module_read(const char *rule, const unsigned char *bytes, size_t size,
		      const struct yara_reader *reader)
{
	if (yr_initialize() != ERROR_SUCCESS)
		return false;
	YR_RULES *rules = yara_compile(rule);
	/* A crash is for our own handler, not for libyara's. */
	bool done = rules && yr_rules_scan_mem(rules, bytes, size,
					       SCAN_FLAGS_NO_TRYCATCH,
					       yara_hear, (void *)reader,
					       SCAN_TIMEOUT) == ERROR_SUCCESS;
	if (rules)
		yr_rules_destroy(rules);
	yr_finalize();
	return done;
}

YR_OBJECT *yara_member(YR_OBJECT *object, const char *name)
{
	if (!object || object->type != OBJECT_TYPE_STRUCTURE)
		return NULL;
	YR_STRUCTURE_MEMBER *member = object_as_structure(object)->members;
	for (; member; member = member->next)
		if (strcmp(member->object->identifier, name) == 0)
			return member->object;
	return NULL;
}

static const YR_ARRAY_ITEMS *yara_items(YR_OBJECT *array)
{
	return array && array->type == OBJECT_TYPE_ARRAY
		   ? object_as_array(array)->items
		   : NULL;
}

int yara_count(YR_OBJECT *array)
{
	const YR_ARRAY_ITEMS *items = yara_items(array);
	return items ? items->length : 0;
}

YR_OBJECT *yara_entry(YR_OBJECT *array, int index)
{
	const YR_ARRAY_ITEMS *items = yara_items(array);
	return items && index >= 0 && index < items->length
		   ? items->objects[index]
		   : NULL;
}

bool yara_number(YR_OBJECT *object, const char *name, uint64_t *number)
{
	const YR_OBJECT *member = yara_member(object, name);
	if (!member || member->type != OBJECT_TYPE_INTEGER ||
	    IS_UNDEFINED(member->value.i))
		return false;
	*number = (uint64_t)member->value.i;
	return true;
}

const char *yara_text(YR_OBJECT *object, const char *name)
{
	const YR_OBJECT *member = yara_member(object, name);
	return member && member->type == OBJECT_TYPE_STRING && member->value.ss
		   ? member->value.ss->c_string
		   : NULL;
}
