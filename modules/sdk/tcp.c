/*
 * tcp.c: what is no HTTP: a question to a TCP service, and the certificate
 * that a host shows. libcurl connects, so that hosts, addresses, proxies and
 * time are judged as for HTTP.
 */
#include "http.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

static void easy_release(void *easy)
{
	curl_easy_cleanup(easy);
}

/* A request that only connects: scheme http, or https with TLS. */
static struct misp_http *connection_make(struct misp_query *query,
					 const char *name, const char *scheme,
					 const char *host, const char *port)
{
	struct misp_service *service = misp_alloc(query, sizeof(*service));
	if (!service)
		return NULL;
	service->name = name;
	struct misp_http *http = misp_http(query, service);
	bool is_v6 = misp_ip_version(host) == 6;
	const char *url =
	    misp_text(query, "%s://%s%s%s:%s", scheme, is_v6 ? "[" : "", host,
		      is_v6 ? "]" : "", port);
	if (!url || host[strcspn(host, "/?#@\\ ")])
		return misp_fail(query, "%s: this is no name of a host", name);
	if (!*port || port[strspn(port, "0123456789")])
		return misp_fail(query, "%s: the port must be a number", name);
	misp_http_url(http, url);
	/* A module that asks any host is told it by an indicator; another has
	 * it from its settings. */
	if (http && !query->module->any_host)
		http->own_host = http_url_part(http, CURLUPART_HOST);
	return http;
}

/* Connects; NULL after a failure. The handle lives as long as the query. */
static CURL *connection_open(struct misp_http *http, int64_t end)
{
	if (http && http->problem)
		return http_fail(http, "%s", http->problem);
	if (!http || !http_may_ask(http))
		return NULL;
	/* Its own handle: such a connection is of no use to others. */
	CURL *curl = http_session() ? misp_defer(http->query, curl_easy_init(),
						 easy_release)
				    : NULL;
	if (!curl || !http_setup(http, curl, http_time_left(http, end)))
		return http_failure(http, curl, CURLE_OUT_OF_MEMORY);
	curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(curl, CURLOPT_CERTINFO, 1L);
	curl_easy_setopt(curl, CURLOPT_HTTPPROXYTUNNEL, 1L);
	CURLcode code = curl_easy_perform(curl);
	return code == CURLE_OK ? curl : http_failure(http, curl, code);
}

/* Waits until the socket is ready; false when the time is up. */
static bool wait_ready(struct misp_http *http, CURL *curl, short events,
		       int64_t end)
{
	curl_socket_t socket = CURL_SOCKET_BAD;
	curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &socket);
	struct pollfd polled = {.fd = socket, .events = events};
	long left = http_time_left(http, end);
	int ready;
	do
		ready = poll(&polled, 1, (int)left);
	while (ready < 0 && errno == EINTR);
	return ready == 1;
}

static CURLcode send_all(struct misp_http *http, CURL *curl, const char *text,
			 int64_t end)
{
	size_t left = strlen(text);
	while (left > 0) {
		size_t sent = 0;
		CURLcode code = curl_easy_send(curl, text, left, &sent);
		if (code == CURLE_AGAIN &&
		    !wait_ready(http, curl, POLLOUT, end))
			return CURLE_OPERATION_TIMEDOUT;
		if (code != CURLE_OK && code != CURLE_AGAIN)
			return code;
		text += sent;
		left -= sent;
	}
	return CURLE_OK;
}

/* Until the other side closes. */
static CURLcode receive_all(struct misp_http *http, CURL *curl, int64_t end)
{
	char bytes[4096];
	for (;;) {
		size_t count = 0;
		CURLcode code =
		    curl_easy_recv(curl, bytes, sizeof(bytes), &count);
		if (code == CURLE_AGAIN) {
			if (!wait_ready(http, curl, POLLIN, end))
				return CURLE_OPERATION_TIMEDOUT;
			continue;
		}
		if (code != CURLE_OK || count == 0)
			return code;
		if (http_reply_write(bytes, 1, count, http) != count)
			return CURLE_WRITE_ERROR;
		/* Whoever always has one more byte never has us wait. */
		if (http_time_left(http, end) <= 1)
			return CURLE_OPERATION_TIMEDOUT;
	}
}

const struct misp_reply *misp_exchange(struct misp_query *query,
				       const char *name, const char *host,
				       const char *port, const char *text,
				       long milliseconds)
{
	int64_t end = misp_now() + milliseconds;
	struct misp_http *http =
	    connection_make(query, name, "http", host, port);
	misp_http_limit(http, milliseconds);
	CURL *curl = connection_open(http, end);
	if (!curl)
		return NULL;
	http->incoming = http_reply_new(query);
	CURLcode code = CURLE_OUT_OF_MEMORY;
	if (http->incoming)
		code = send_all(http, curl, text, end);
	if (code == CURLE_OK)
		code = receive_all(http, curl, end);
	if (code == CURLE_OK && !http_reply_finish(http, curl))
		code = CURLE_OUT_OF_MEMORY;
	if (code != CURLE_OK)
		return http_failure(http, curl, code);
	return &http->incoming->reply;
}

const char *misp_certificate(struct misp_query *query, const char *host,
			     long port, long milliseconds)
{
	static const char label[] = "Cert:";
	struct curl_certinfo *chain = NULL;
	struct misp_http *http = connection_make(query, host, "https", host,
						 misp_text(query, "%ld", port));
	misp_http_limit(http, milliseconds);
	CURL *curl = connection_open(http, misp_now() + milliseconds);
	if (!curl)
		return NULL;
	curl_easy_getinfo(curl, CURLINFO_CERTINFO, &chain);
	const struct curl_slist *entry =
	    chain && chain->num_of_certs > 0 ? chain->certinfo[0] : NULL;
	for (; entry; entry = entry->next)
		if (strncmp(entry->data, label, strlen(label)) == 0)
			return misp_text(query, "%s",
					 entry->data + strlen(label));
	return http_fail(http, "%s showed no certificate", http->host);
}
