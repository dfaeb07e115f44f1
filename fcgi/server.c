/*
 * server.c: what a process serves; see server.h.
 */
#include "server.h"

#include "describe.h"
#include "log.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *const *server_files(const char *const *files)
{
	static const char *const by_default[] = {CONFIG_DEFAULT_PATH, NULL};
	static const char *const none[] = {NULL};

	if (files && files[0])
		return files;
	return access(CONFIG_DEFAULT_PATH, F_OK) == 0 ? by_default : none;
}

static void document_tag(struct document *document)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned size = 0;
	char hex[33];

	if (!EVP_Digest(document->text, document->size, digest, &size,
			EVP_sha256(), NULL) ||
	    size < 16)
		return;
	for (size_t i = 0; i < 16; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	snprintf(document->etag, sizeof(document->etag), "\"%s\"", hex);
}

/* Steals json. */
static int document_render(struct document *document, json_t *json)
{
	document->text = json ? json_dumps(json, JSON_COMPACT) : NULL;
	json_decref(json);
	if (!document->text)
		return -1;
	document->size = strlen(document->text);
	document_tag(document);
	return 0;
}

int server_load(struct server *server, const char *const *files)
{
	*server = (struct server){.board_fd = -1};
	files = server_files(files);
	if (config_init(&server->config) != 0 ||
	    config_read_server(&server->config, files) != 0)
		return -1;
	if (registry_load(&server->registry, server->config.modules) != 0) {
		log_message(LOG_LEVEL_ERROR,
			    "cannot read the module directory %s: %s",
			    server->config.modules, strerror(errno));
		return -1;
	}
	server->lists_time = remote_lists_time(&server->config);
	if (remote_lists_load(&server->config, &server->registry) != 0)
		return -1;
	if (config_read(&server->config, files, &server->registry) != 0)
		return -1;
	if (document_render(&server->modules,
			    describe_modules(&server->registry)) != 0 ||
	    document_render(&server->openapi,
			    describe_openapi(&server->registry)) != 0)
		return -1;
	return 0;
}

bool remote_is_served(const struct server *server, int index)
{
	if (index == REMOTE_PYTHON)
		return server->python_socket[0] != '\0';
	return remote_is_there(&server->config.remotes[index]);
}

void server_free(struct server *server)
{
	board_release(server->board, server->board_fd);
	free(server->modules.text);
	free(server->openapi.text);
	config_free(&server->config);
	registry_free(&server->registry);
}
