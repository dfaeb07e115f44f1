/*
 * yara_check.c: see yara_check.h.
 *
 * pkg-config: yara (libyara-dev)
 */
#include "yara_check.h"

#include <stdio.h>
#include <yara.h>

static void yara_on_message(int level, const char *file, int line,
			    const YR_RULE *rule, const char *message,
			    void *context)
{
	struct yara_verdict *verdict = context;
	(void)file;
	(void)rule;
	if (level == YARA_ERROR_LEVEL_ERROR && !verdict->text[0])
		snprintf(verdict->text, sizeof(verdict->text), "line %d: %s",
			 line, message);
}

static const char *yara_no_include(const char *name, const char *file,
				   const char *space, void *context)
{
	(void)name;
	(void)file;
	(void)space;
	(void)context;
	return NULL;
}

bool yara_check(const char *rules, const char *const *names, size_t count,
		struct yara_verdict *verdict)
{
	YR_COMPILER *compiler = NULL;
	verdict->text[0] = '\0';
	if (yr_compiler_create(&compiler) != ERROR_SUCCESS) {
		snprintf(verdict->text, sizeof(verdict->text),
			 "not enough memory");
		return false;
	}
	yr_compiler_set_callback(compiler, yara_on_message, verdict);
	yr_compiler_set_include_callback(compiler, yara_no_include, NULL, NULL);
	for (size_t i = 0; i < count; i++)
		yr_compiler_define_string_variable(compiler, names[i],
						   "example.txt");
	if (yr_compiler_add_string(compiler, rules, NULL) > 0 &&
	    !verdict->text[0])
		snprintf(verdict->text, sizeof(verdict->text),
			 "the rule does not compile");
	yr_compiler_destroy(compiler);
	return !verdict->text[0];
}
