/*
 * command_query.c: modules and query: what the endpoints answer, without a
 * web server; see command.h.
 */
#include "command.h"

#include "cage.h"
#include "describe.h"
#include "guard.h"
#include "memory.h"
#include "misp-text.h"
#include "run.h"
#include "server.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <unistr.h>

static int load(struct server *server, const struct command_options *options)
{
	int result = server_load(server, options->files);

	for (size_t i = 0; i < server->config.error_count; i++)
		fprintf(stderr, "%s\n", server->config.errors[i]);
	return result;
}

/* Writes a line to standard output; 0, or -1 after a message. */
static int print(const char *text)
{
	if (puts(text) >= 0 && fflush(stdout) == 0)
		return 0;
	perror("the answer cannot be written");
	return -1;
}

static int print_table(const struct registry *registry)
{
	if (describe_table(registry, stdout) == 0 && fflush(stdout) == 0)
		return 0;
	perror("the table cannot be written");
	return -1;
}

int command_modules(const struct command_options *options)
{
	struct server server;
	int status = EXIT_FAILURE;

	if (load(&server, options) == 0 &&
	    (options->table ? print_table(&server.registry)
			    : print(server.modules.text)) == 0)
		status = EXIT_SUCCESS;
	server_free(&server);
	return status;
}

/* ---- A query's body, from the words of a command line ---- */

/* Splits NAME=VALUE; the name's end, or NULL after a message. */
static const char *pair_split(const char *pair, const char *what)
{
	const char *equals = pair ? strchr(pair, '=') : NULL;

	if (!equals || equals == pair) {
		fprintf(stderr, "%s, not %s\n", what, pair ? pair : "nothing");
		return NULL;
	}
	return equals;
}

static int add_value(json_t *request, const char *pair)
{
	const char *equals;

	if (!strncmp(pair, "--", 2)) {
		fprintf(stderr,
			"%s is no option of a query (--config comes before the "
			"name of the module)\n",
			pair);
		return -1;
	}
	equals = pair_split(pair, "a value is TYPE=VALUE");
	if (!equals)
		return -1;
	return json_object_setn_new(request, pair, (size_t)(equals - pair),
				    json_string(equals + 1));
}

static int add_attribute(json_t *request, const char *pair)
{
	const char *equals = pair_split(pair, "--attribute takes TYPE=VALUE");

	if (!equals)
		return -1;
	return json_object_set_new(
	    request, "attribute",
	    json_pack("{s:s%, s:s, s:s}", "type", pair, equals - pair, "value",
		      equals + 1, "uuid",
		      "00000000-0000-4000-8000-000000000000"));
}

static int add_setting(json_t *request, const char *pair)
{
	const char *equals = pair_split(pair, "--set takes NAME=VALUE");
	json_t *config = json_object_get(request, "config");

	if (!equals)
		return -1;
	if (!config) {
		config = json_object();
		if (json_object_set_new(request, "config", config) != 0)
			return -1;
	}
	return json_object_setn_new(config, pair, (size_t)(equals - pair),
				    json_string(equals + 1));
}

/* The whole of a file, to be freed; NULL with errno. */
static unsigned char *file_read(const char *path, size_t *size)
{
	FILE *in = fopen(path, "rb");
	char *bytes = NULL;
	char chunk[8192];
	size_t got;
	FILE *out;

	if (!in)
		return NULL;
	out = misp_text_file(NULL, &bytes, size);
	if (!out)
		goto close_in;
	while ((got = fread(chunk, 1, sizeof(chunk), in)) > 0)
		fwrite(chunk, 1, got, out);
	if (fclose(out) != 0 || ferror(in)) {
		free(bytes);
		bytes = NULL;
	}
close_in:
	fclose(in);
	return (unsigned char *)bytes;
}

/* As an import's file, and as an attribute that has one. */
static int add_file(json_t *request, const char *path)
{
	size_t size = 0;
	unsigned char *bytes = path ? file_read(path, &size) : NULL;
	const char *name = path ? strrchr(path, '/') : NULL;
	char *text = NULL;
	int result = -1;

	if (!bytes) {
		fprintf(stderr, "--file takes the path of a file: %s\n",
			path ? path : "nothing given");
		return -1;
	}
	if (size < SIZE_MAX / 2 && size <= INT32_MAX)
		text = malloc(4 * ((size + 2) / 3) + 1);
	if (text) {
		EVP_EncodeBlock((unsigned char *)text, bytes, (int)size);
		result =
		    json_object_set_new(request, "data", json_string(text));
		name = name ? name + 1 : path;
		json_object_set_new(request, "filename", json_string(name));
		if (!json_object_get(request, "attachment"))
			json_object_set_new(request, "attachment",
					    json_string(name));
	}
	free(text);
	free(bytes);
	return result;
}

static json_t *request_build(char **words)
{
	static const struct {
		const char *option;
		int (*add)(json_t *request, const char *argument);
	} options[] = {{"--attribute", add_attribute},
		       {"--file", add_file},
		       {"--set", add_setting}};
	json_t *request = json_pack("{s:s}", "module", words[0]);

	for (words++; request && *words; words++) {
		int (*add)(json_t *, const char *) = add_value;

		if (u8_check((const uint8_t *)*words, strlen(*words))) {
			fputs("an argument is not valid UTF-8, which is what "
			      "MISP sends: convert it first\n",
			      stderr);
			json_decref(request);
			return NULL;
		}
		for (size_t i = 0; i < sizeof(options) / sizeof(options[0]);
		     i++) {
			if (!strcmp(*words, options[i].option)) {
				add = options[i].add;
				words++;
				break;
			}
		}
		if (add(request, *words) != 0) {
			json_decref(request);
			return NULL;
		}
	}
	return request;
}

/* ---- Running it ---- */

static void free_text(void *text)
{
	free(text);
}

static int query_run(struct server *server, json_t *request)
{
	const struct run_origin origin = {
	    .request = {.fd = STDOUT_FILENO, .id = "command-line"},
	    .user = "",
	    .address = ""};
	struct run_answer answer = {0};
	struct slot *slot;
	char *body = json_dumps(request, JSON_COMPACT);

	server->board = board_create(1, &server->registry, &server->board_fd);
	if (!body || !server->board)
		return EXIT_FAILURE;
	slot = board_slot(server->board, 0);
	if (memory_limit(server->config.max_memory) != 0 ||
	    guard_start(GUARD_PLAIN, server->board, slot) != 0) {
		perror("the query cannot be run (max_memory may be too much, "
		       "or the system out of threads)");
		return EXIT_FAILURE;
	}
	run_query(server, slot, &origin, body, strlen(body), free_text, body,
		  &answer);
	guard_idle();
	cage_reap();
	if (!answer.text || print(answer.text) != 0)
		answer.status = RUN_FAILED;
	free(answer.text);
	return answer.status == RUN_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

int command_query(const struct command_options *options)
{
	struct server server;
	json_t *request;
	int status = EXIT_FAILURE;

	if (!options->rest[0]) {
		fputs("query takes the name of a module\n", stderr);
		return EXIT_FAILURE;
	}
	request = request_build(options->rest);
	if (!request)
		return EXIT_FAILURE;
	if (load(&server, options) == 0)
		status = query_run(&server, request);
	json_decref(request);
	server_free(&server);
	return status;
}
