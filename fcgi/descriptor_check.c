/*
 * descriptor_check.c: what is wrong with a module's descriptor, in words that
 * help the one who installs it. Nothing in it is believed before.
 */
#include "registry.h"

#include "url.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

#define NAME_LENGTH 64

#define ALL_TYPES \
	(MISP_EXPANSION | MISP_HOVER | MISP_IMPORT | MISP_EXPORT | MISP_ACTION)

/* What was found wrong goes here; each check below returns true when the
 * descriptor passed it. */
struct verdict {
	const struct misp_module *module;
	const char *filename;
	char *reason;
	size_t size;
};

static bool refuse(struct verdict *verdict, const char *format, ...)
    MISP_PRINTF(2, 3);

static bool refuse(struct verdict *verdict, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(verdict->reason, verdict->size, format, arguments);
	va_end(arguments);
	return false;
}

/* Must be the first: nothing else is where we look for it otherwise. */
static bool check_abi(struct verdict *verdict)
{
	const struct misp_module *module = verdict->module;

	if (module->abi != MISP_MODULE_ABI)
		return refuse(verdict,
			      "built for ABI %u, this server has %u: "
			      "rebuild it",
			      (unsigned)module->abi, (unsigned)MISP_MODULE_ABI);
	if (module->size != sizeof(*module))
		return refuse(verdict,
			      "its descriptor has %u bytes, this server's has "
			      "%zu: rebuild it",
			      (unsigned)module->size, sizeof(*module));
	return true;
}

static bool name_is_plain(const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)name[i]) && name[i] != '_' &&
		    name[i] != '-')
			return false;
	return length > 0 && length <= NAME_LENGTH;
}

static bool is_one_of(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(*words, word) == 0)
			return true;
	return false;
}

static bool check_name(struct verdict *verdict)
{
	/* Enrichment_hover_timeout and its like are MISP's own settings. */
	static const char *const taken[] = {"services", "hover", "ssl", NULL};
	const char *name = verdict->module->name;

	if (!name || !name_is_plain(name))
		return refuse(verdict,
			      "its name must be 1 to %d letters, digits, _ "
			      "or -",
			      NAME_LENGTH);
	if (is_one_of(name, taken))
		return refuse(verdict,
			      "the name %s is taken by MISP's own "
			      "settings",
			      name);
	if (strcmp(name, verdict->filename) != 0)
		return refuse(verdict,
			      "its descriptor says %s, the name of its file %s",
			      name, verdict->filename);
	return true;
}

static bool check_types(struct verdict *verdict)
{
	unsigned types = verdict->module->types;
	unsigned found = 0;

	if (types & ~(unsigned)ALL_TYPES)
		return refuse(verdict, "its types are unknown here");
	for (size_t i = 0; i < FAMILY_COUNT; i++)
		found += (types & families[i].types) != 0;
	if (found == 0)
		return refuse(verdict, "it says no type (MISP_EXPANSION, …)");
	if (found > 1)
		return refuse(verdict, "its types belong to more than one "
				       "family");
	if (verdict->module->format != MISP_SIMPLE &&
	    verdict->module->format != MISP_STANDARD)
		return refuse(verdict, "its format is unknown here");
	return true;
}

static bool is_text(const char *text)
{
	return !u8_check((const uint8_t *)text, strlen(text));
}

static bool check_texts(struct verdict *verdict)
{
	const struct misp_module *module = verdict->module;
	const struct {
		const char *name;
		const char *text;
	} texts[] = {
	    {"title", module->title},
	    {"version", module->version},
	    {"author", module->author},
	    {"description", module->description},
	    {"logo", module->logo},
	    {"features", module->features},
	    {"input_text", module->input_text},
	    {"output_text", module->output_text},
	    {"response_type", module->response_type},
	    {"file_extension", module->file_extension},
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (texts[i].text && !is_text(texts[i].text))
			return refuse(verdict, "its %s is no UTF-8",
				      texts[i].name);
	return true;
}

static bool check_lists(struct verdict *verdict)
{
	const struct misp_module *module = verdict->module;
	const struct {
		const char *name;
		const char *const *list;
	} lists[] = {
	    {"input", module->input},
	    {"output", module->output},
	    {"requirements", module->requirements},
	    {"references", module->references},
	    {"input_source", module->input_source},
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		for (size_t j = 0; lists[i].list && lists[i].list[j]; j++)
			if (!*lists[i].list[j] || !is_text(lists[i].list[j]))
				return refuse(verdict,
					      "an entry of its %s is empty or "
					      "no UTF-8",
					      lists[i].name);
	return true;
}

static bool check_needs(struct verdict *verdict)
{
	const struct misp_module *module = verdict->module;

	if (!module->query)
		return refuse(verdict, "it has no query function");
	if (module->types & (MISP_EXPANSION | MISP_HOVER) &&
	    (!module->input || !module->input[0]))
		return refuse(verdict, "it takes no attribute type: "
				       "its input is empty");
	if (module->types & MISP_EXPORT &&
	    (!module->response_type || !*module->response_type))
		return refuse(verdict, "an export needs a response_type");
	if (module->types & MISP_EXPORT &&
	    (!module->file_extension || !*module->file_extension))
		return refuse(verdict, "an export needs a file_extension");
	return true;
}

static bool ends_with(const char *text, const char *ending)
{
	size_t length = strlen(text);
	size_t tail = strlen(ending);

	return length >= tail && strcmp(text + length - tail, ending) == 0;
}

/* Whether the configuration file can name it. */
static bool is_setting_name(const char *name)
{
	for (const char *at = name; *at; at++)
		if ((unsigned char)*at < ' ' || strchr("\"'\\|={}$", *at))
			return false;
	return *name && strlen(name) <= NAME_LENGTH && is_text(name);
}

static bool check_setting(struct verdict *verdict, size_t index)
{
	static const char *const taken[] = {"enabled", "lock", "restrict",
					    NULL};
	const struct misp_setting *settings = verdict->module->settings;
	const char *name = settings[index].name;

	if (!is_setting_name(name))
		return refuse(verdict,
			      "the name of its setting %zu cannot be written "
			      "in a configuration file",
			      index + 1);
	if (is_one_of(name, taken) || ends_with(name, "_lock"))
		return refuse(verdict, "the server has a setting %s of its own",
			      name);
	for (size_t i = 0; i < index; i++)
		if (strcmp(settings[i].name, name) == 0)
			return refuse(verdict, "it has two settings %s", name);
	if ((settings[index].description &&
	     !is_text(settings[index].description)) ||
	    (settings[index].value && !is_text(settings[index].value)))
		return refuse(verdict, "the text of its setting %s is no UTF-8",
			      name);
	return true;
}

static bool check_settings(struct verdict *verdict)
{
	size_t count = module_setting_count(verdict->module);

	for (size_t i = 0; i < count; i++)
		if (!check_setting(verdict, i))
			return false;
	return true;
}

/* A host that is written otherwise (an address in brackets, a user before it)
 * would not be found again when the module asks for it. */
static bool url_is_plain(const char *url)
{
	char *host = url_user(url, NULL) ? NULL : url_host(url, url_http);
	bool plain = host && url_is_host_name(host);

	free(host);
	return plain;
}

static bool check_failures(struct verdict *verdict,
			   const struct misp_service *service)
{
	const struct misp_failure *failure = service->failures;

	for (; failure && (failure->status || failure->message); failure++) {
		if (failure->status != MISP_OTHERWISE &&
		    (failure->status < 100 || failure->status > 599))
			return refuse(verdict,
				      "a failure of its service %s has the "
				      "status %d, which HTTP does not know",
				      service->name, failure->status);
		if (!failure->message || !*failure->message ||
		    !is_text(failure->message))
			return refuse(verdict,
				      "the message of a failure of its service "
				      "%s is empty or no UTF-8",
				      service->name);
	}
	return true;
}

static bool check_service(struct verdict *verdict,
			  const struct misp_service *service)
{
	if (!service->name || !*service->name || !is_text(service->name))
		return refuse(verdict,
			      "the name of a service is empty or no UTF-8");
	if (!service->url || !url_is_plain(service->url))
		return refuse(verdict,
			      "the url of its service %s must be http:// or "
			      "https:// with the name of a host",
			      service->name);
	if (service->url_setting &&
	    !module_has_setting(verdict->module, service->url_setting))
		return refuse(verdict,
			      "the url_setting %s of its service %s is none of "
			      "its settings",
			      service->url_setting, service->name);
	return check_failures(verdict, service);
}

static bool check_network(struct verdict *verdict)
{
	const struct misp_service *const *service = verdict->module->services;
	const char *const *host = verdict->module->hosts;

	for (; service && *service; service++)
		if (!check_service(verdict, *service))
			return false;
	for (; host && *host; host++)
		if (!url_is_host_name(*host + (**host == '.')))
			return refuse(verdict,
				      "an entry of its hosts is no plain host "
				      "name (rdap.example, or .example for all "
				      "below it)");
	return true;
}

/* Whoever has no network in there must not count on it. */
static bool check_cage(struct verdict *verdict)
{
	const struct misp_module *module = verdict->module;
	const char *const *path = module->reads;

	if (!module->caged && (path || module->prepare))
		return refuse(verdict,
			      "it has reads or prepare, and is not caged");
	if (module->caged && !module->prepare && module_has_host(module))
		return refuse(verdict, "it is caged, so it reaches no host; "
				       "only its prepare could");
	for (; path && *path; path++)
		if (**path != '/')
			return refuse(verdict, "an entry of its reads is no "
					       "absolute path");
	return true;
}

static bool option_is_text(const struct misp_option *option)
{
	const struct misp_choice *choice = option->choices;

	for (; choice && choice->value; choice++)
		if (!is_text(choice->value) ||
		    (choice->label && !is_text(choice->label)))
			return false;
	return is_text(option->name) &&
	       (!option->message || is_text(option->message)) &&
	       (!option->error_message || is_text(option->error_message)) &&
	       (!option->regex || is_text(option->regex));
}

/* Settings and options come in one "config", so their names must differ. */
static bool option_name_is_free(const struct misp_module *module, size_t index)
{
	const char *name = module->options[index].name;

	for (size_t i = 0; i < index; i++)
		if (strcmp(module->options[i].name, name) == 0)
			return false;
	for (size_t i = 0; i < module_setting_count(module); i++)
		if (strcmp(module->settings[i].name, name) == 0)
			return false;
	return true;
}

static bool check_option(struct verdict *verdict, size_t index)
{
	const struct misp_option *option = &verdict->module->options[index];

	if (!*option->name || !option_is_text(option))
		return refuse(verdict,
			      "the text of its option %zu is empty or no UTF-8",
			      index + 1);
	if (!option_name_is_free(verdict->module, index))
		return refuse(verdict,
			      "the name of its option %s is taken by another "
			      "option or setting",
			      option->name);
	if ((unsigned)option->type > MISP_SELECT)
		return refuse(verdict,
			      "the type of its option %s is unknown here",
			      option->name);
	if (option->type == MISP_SELECT &&
	    (!option->choices || !option->choices[0].value))
		return refuse(verdict, "its option %s has no choices",
			      option->name);
	return true;
}

static bool check_import(struct verdict *verdict)
{
	static const char *const sources[] = {"file", "paste", NULL};
	const struct misp_module *module = verdict->module;
	const char *const *source = module->input_source;

	for (; source && *source; source++)
		if (!is_one_of(*source, sources))
			return refuse(verdict,
				      "its input_source %s is neither file "
				      "nor paste",
				      *source);
	for (size_t i = 0; module->options && module->options[i].name; i++)
		if (!check_option(verdict, i))
			return false;
	return true;
}

static bool check_parameters(struct verdict *verdict)
{
	static const char *const types[] = {"string", "large_string",
					    "hash_path", NULL};
	const struct misp_parameter *entry = verdict->module->parameters;

	for (; entry && entry->name; entry++) {
		if (!*entry->name || !is_text(entry->name) ||
		    (entry->description && !is_text(entry->description)) ||
		    (entry->value && !is_text(entry->value)))
			return refuse(verdict, "the text of a parameter is "
					       "empty or no UTF-8");
		if (!entry->type || !is_one_of(entry->type, types))
			return refuse(verdict,
				      "its parameter %s is neither string, "
				      "large_string nor hash_path",
				      entry->name);
	}
	return true;
}

const char *descriptor_check(const struct misp_module *descriptor,
			     const char *filename, char *reason, size_t size)
{
	static bool (*const checks[])(struct verdict *) = {
	    check_abi,   check_name,   check_types,      check_texts,
	    check_lists, check_needs,  check_settings,   check_network,
	    check_cage,  check_import, check_parameters,
	};
	struct verdict verdict = {descriptor, filename, reason, size};

	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++)
		if (!checks[i](&verdict))
			return reason;
	return NULL;
}
