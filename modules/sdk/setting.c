/*
 * setting.c: what the administrator has set, and what the user has chosen.
 * MISP sends both under "config".
 */
#include "query.h"

#include "text.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const true_words[] = {"1", "true", "yes", "on", "y", "t"};

static bool is_true(const char *text)
{
	for (size_t i = 0; i < sizeof(true_words) / sizeof(*true_words); i++)
		if (strcasecmp(text, true_words[i]) == 0)
			return true;
	return false;
}

/* What the request says; NULL when it is empty. */
static const char *requested(struct misp_query *query, const char *name)
{
	const json_t *config = json_object_get(query->request, "config");
	return text_of(query, json_object_get(config, name));
}

static bool is_empty(const char *text)
{
	return !text || !*text;
}

static const struct misp_setting *setting_find(const struct misp_query *query,
					       const char *name)
{
	const struct misp_setting *setting = query->module->settings;
	for (; setting && setting->name; setting++)
		if (strcmp(setting->name, name) == 0)
			return setting;
	return NULL;
}

const char *misp_setting(struct misp_query *query, const char *name)
{
	static const struct misp_setting_value unset = {0};
	const struct misp_setting *setting = setting_find(query, name);
	/* A name that the descriptor does not have is set nowhere. */
	if (!setting)
		return NULL;
	const struct misp_setting_value *file =
	    query->file_settings
		? &query->file_settings[setting - query->module->settings]
		: &unset;
	const char *value = file->locked ? NULL : requested(query, name);
	if (!value)
		value = file->value;
	if (is_empty(value))
		value = setting->value;
	return is_empty(value) ? NULL : value;
}

bool setting_is_default(struct misp_query *query, const char *name)
{
	const struct misp_setting *setting = setting_find(query, name);
	return setting && misp_setting(query, name) == setting->value;
}

const char *misp_setting_or(struct misp_query *query, const char *name,
			    const char *message)
{
	const char *value = misp_setting(query, name);
	return value ? value : misp_fail(query, "%s", message);
}

bool misp_setting_true(struct misp_query *query, const char *name,
		       bool fallback)
{
	const char *value = misp_setting(query, name);
	return value ? is_true(value) : fallback;
}

long misp_setting_number(struct misp_query *query, const char *name,
			 long fallback)
{
	const char *value = misp_setting(query, name);
	if (!value)
		return fallback;
	char *end = NULL;
	errno = 0;
	long number = strtol(value, &end, 10);
	return end != value && *end == '\0' && errno == 0 ? number : fallback;
}

long misp_setting_seconds(struct misp_query *query, const char *name,
			  long fallback)
{
	static const double most = 3600;
	const char *value = misp_setting(query, name);
	char *end = NULL;
	double seconds = value ? strtod(value, &end) : 0;
	if (!value || *end || !(seconds > 0 && seconds <= most))
		return fallback;
	return lround(seconds * 1000);
}

bool misp_has_config(struct misp_query *query)
{
	return json_object_size(json_object_get(query->request, "config")) > 0;
}

static const struct misp_option *option_find(const struct misp_query *query,
					     const char *name)
{
	const struct misp_option *option = query->module->options;
	for (; option && option->name; option++)
		if (strcmp(option->name, name) == 0)
			return option;
	return NULL;
}

const char *misp_option(struct misp_query *query, const char *name)
{
	return option_find(query, name) ? requested(query, name) : NULL;
}

bool misp_option_true(struct misp_query *query, const char *name)
{
	const struct misp_option *option = option_find(query, name);
	const char *value = misp_option(query, name);
	return value ? is_true(value) : option && option->checked;
}
