/*
 * http.c: what a request costs through the SDK, and through libcurl alone with
 * the same options. Both ask URL in turn, ROUNDS times COUNT requests on one
 * connection each; prints the seconds of either, one pair a line.
 *
 *	http URL CA_FILE ROUNDS COUNT
 */
#include "http.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

struct bytes {
	char *bytes;
	size_t size;
};

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static size_t keep(char *bytes, size_t size, size_t count, void *context)
{
	struct bytes *all = context;
	char *larger = realloc(all->bytes, all->size + size * count + 1);
	if (!larger)
		return 0;
	memcpy(larger + all->size, bytes, size * count);
	all->bytes = larger;
	all->size += size * count;
	return size * count;
}

static void bare_once(CURL *curl, const char *url, const char *ca_file)
{
	struct bytes all = {0};
	curl_easy_reset(curl);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file);
	curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, 5000L);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "misp-modules/" VERSION);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 10000L);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &all);
	if (curl_easy_perform(curl) != CURLE_OK || all.size == 0)
		exit(EXIT_FAILURE);
	free(all.bytes);
}

static void sdk_once(const struct misp_module *module, const char *ca_file)
{
	const struct misp_net net = {
	    .ca_file = ca_file, .connect_timeout = 5, .max_response = 1 << 20};
	struct misp_query query = {
	    .module = module, .deadline = misp_now() + 10000, .net = &net};
	const struct misp_reply *reply =
	    misp_http_fetch(misp_http(&query, module->services[0]));
	if (!reply || reply->size == 0) {
		fprintf(stderr, "%s\n", query.failure);
		exit(EXIT_FAILURE);
	}
	misp_query_end(&query);
}

int main(int count, char **arguments)
{
	if (count != 5)
		return EXIT_FAILURE;
	const char *url = arguments[1], *ca_file = arguments[2];
	const struct misp_service service = {.name = "bench", .url = url};
	const struct misp_module module = {.services = MISP_SERVICES(&service)};
	long rounds = strtol(arguments[3], NULL, 10);
	long requests = strtol(arguments[4], NULL, 10);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	CURL *curl = curl_easy_init();
	if (!curl)
		return EXIT_FAILURE;
	bare_once(curl, url, ca_file);
	sdk_once(&module, ca_file);
	for (long round = 0; round < rounds; round++) {
		double began = now();
		for (long i = 0; i < requests; i++)
			bare_once(curl, url, ca_file);
		double between = now();
		for (long i = 0; i < requests; i++)
			sdk_once(&module, ca_file);
		printf("%f %f\n", between - began, now() - between);
	}
	curl_easy_cleanup(curl);
	return EXIT_SUCCESS;
}
