/*
 * module_fuzz.c: a caged module, linked in, gets any bytes as its file. It must
 * neither crash nor leak, and its answer must keep to MISP's contract. The
 * bytes also choose which of its options are ticked.
 *
 * The Makefile makes one target of it for each module that says .caged.
 */
#include "query.h"
#include "result.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of the module. */
extern const struct misp_module misp_module;

/* Longer than any run is to take: the fuzzer has a limit of its own. */
#define DEADLINE 10000

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void on_violation(void *context, const char *words)
{
	(void)context;
	/* It passes on what it was given. */
	if (strcmp(misp_module.name, "mispjson") == 0)
		return;
	fprintf(stderr, "violation: %s\n", words);
	abort();
}

/* Some of the options, and of the settings, are on. */
static json_t *config_of(const uint8_t *bytes, size_t size)
{
	const struct misp_option *option = misp_module.options;
	const struct misp_setting *setting = misp_module.settings;
	json_t *config = json_object();
	unsigned bits = (unsigned)size;

	for (size_t i = 0; i < size && i < 64; i++)
		bits = bits * 31 + bytes[i];
	/* A text that is never right would be all that is tried. */
	for (; option && option->name; option++, bits >>= 1)
		json_object_set_new(config, option->name,
				    json_string(option->type == MISP_STRING ? ""
						: bits & 1 ? "1"
							   : "0"));
	for (; setting && setting->name; setting++, bits >>= 1)
		json_object_set_new(config, setting->name,
				    json_string(bits & 1 ? "true" : "false"));
	return config;
}

/* An event with the bytes as a rule, as a name and as what it is about. */
static json_t *event_of(const uint8_t *bytes, size_t size)
{
	json_t *text = misp_string((const char *)bytes, size);
	json_t *events = json_pack(
	    "[{s:{s:s, s:O}, s:[{s:s, s:b, s:O}, {s:s, s:b, s:O}, "
	    "{s:s, s:b, s:O}]}]",
	    "Event", "id", "3", "info", text, "Attribute", "type", "yara",
	    "to_ids", 1, "value", text, "type", "filename|md5", "to_ids", 1,
	    "value", text, "type", "yara", "to_ids", 0, "value", text);

	json_decref(text);
	return events;
}

static json_t *request_of(const uint8_t *bytes, size_t size)
{
	char *data = malloc(4 * (size / 3 + 1) + 1);
	json_t *request;

	if (!data)
		abort();
	EVP_EncodeBlock((unsigned char *)data, bytes, (int)size);
	request =
	    json_pack("{s:s, s:s, s:s, s:s, s:o}", "module", misp_module.name,
		      "data", data, "filename", "file.bin", "attachment",
		      "file.bin", "config", config_of(bytes, size));
	/* Of the types it takes the first may be one that is parsed. */
	if (misp_module.input && strcmp(misp_module.input[0], "attachment"))
		json_object_set_new(request, misp_module.input[0],
				    misp_string((const char *)bytes, size));
	if (misp_module.types & MISP_EXPORT)
		json_object_set_new(request, "data", event_of(bytes, size));
	free(data);
	return request;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const struct result_report report = {on_violation, NULL, true};
	json_t *request = request_of(bytes, size);
	struct misp_query query = {.module = &misp_module,
				   .request = request,
				   .deadline = misp_now() + DEADLINE};
	json_t *returned = misp_module.query(&query);
	char *text = NULL;

	if (!returned && !query.failure[0]) {
		fputs("neither an answer nor a reason\n", stderr);
		abort();
	}
	if (returned)
		returned = result_check(&misp_module, returned, &report);
	if (returned)
		text = json_dumps(returned, JSON_COMPACT);
	free(text);
	json_decref(returned);
	misp_query_end(&query);
	json_decref(request);
	return 0;
}
