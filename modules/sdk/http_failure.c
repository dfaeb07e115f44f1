/*
 * http_failure.c: why there is no good reply, in words for an analyst. Never
 * more of a URL than its host: the rest may hold a key.
 */
#include "http.h"

#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <string.h>

/* Of the service's own words. */
#define WORDS_LENGTH 200

static const char *listed(const struct misp_service *service, int status)
{
	const struct misp_failure *failure = service->failures;
	for (; failure && failure->message; failure++)
		if (failure->status == status)
			return failure->message;
	return NULL;
}

void *http_fail(struct misp_http *http, const char *format, ...)
{
	char text[768];
	const char *prefix = listed(http->service, MISP_OTHERWISE);
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	/* A sentence of ours that begins with the service needs none. */
	size_t length = strlen(http->service->name);
	if (!prefix && strncmp(text, http->service->name, length) == 0)
		return misp_fail(http->query, "%s", text);
	return misp_fail(http->query, "%s: %s",
			 prefix ? prefix : http->service->name, text);
}

/* ---- A status ---- */

static const char *meaning(int status)
{
	static const struct {
		int status;
		const char *words;
	} meanings[] = {
	    {400, "it did not understand the request"},
	    {401, "the key or password was not accepted"},
	    {402, "this has to be paid for"},
	    {403, "access was refused"},
	    {404, "not found"},
	    {408, "it waited too long for the request"},
	    {410, "this is gone"},
	    {413, "the request is too large"},
	    {422, "it could not use the request"},
	    {429, "quota exceeded"},
	    {500, "it has failed"},
	    {501, "it cannot do this"},
	    {502, "it has failed (bad gateway)"},
	    {503, "it is not available at the moment"},
	    {504, "it has failed (gateway timeout)"},
	};
	for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++)
		if (meanings[i].status == status)
			return meanings[i].words;
	return "an answer that was not expected";
}

/* What the service itself says, wherever services say it; or NULL. */
static const char *own_words(struct misp_query *query,
			     const struct misp_reply *reply)
{
	static const char *const paths[] = {"error.message",
					    "message",
					    "error.error_message",
					    "error",
					    "detail",
					    "errors.0.detail",
					    "errors.0.message",
					    "error_message",
					    "errors.0",
					    "msg",
					    "reason",
					    "description"};
	const json_t *json = misp_reply_json(query, reply);
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		const char *words = json_string_value(misp_at(json, paths[i]));
		if (words && *words)
			return words;
	}
	return NULL;
}

/* How much of them is shown. They are cut between two words: half a key would
 * not be known for one, and stay in the message. */
static int words_length(const char *words)
{
	size_t length = strnlen(words, WORDS_LENGTH + 1);
	if (length > WORDS_LENGTH)
		while (length > 0 && words[length] != ' ')
			length--;
	return (int)length;
}

void *misp_http_fail(struct misp_http *http, const struct misp_reply *reply)
{
	const struct http_reply *whole = (const void *)reply;
	const char *message = listed(http->service, reply->status);
	if (message)
		return misp_fail(http->query, "%s", message);
	char after[64] = "";
	if (whole->retry_after > 0)
		snprintf(after, sizeof(after), ", retry after %ld s",
			 whole->retry_after);
	const char *words = own_words(http->query, reply);
	int shown = words ? words_length(words) : 0;
	return http_fail(http, "%s answered %d: %s%s%s%.*s%s",
			 http->service->name, reply->status,
			 meaning(reply->status), after, shown ? " (\"" : "",
			 shown, words ? words : "", shown ? "\")" : "");
}

/* ---- No reply ---- */

static void *certificate_failure(struct misp_http *http, CURL *curl)
{
	long result = X509_V_OK;
	curl_easy_getinfo(curl, CURLINFO_SSL_VERIFYRESULT, &result);
	/* libcurl looks at the name first, and then has nothing to tell. */
	bool other_name =
	    result == X509_V_OK || result == X509_V_ERR_UNSPECIFIED;
	return http_fail(http, "the certificate of %s is not trusted: %s",
			 http->host,
			 other_name ? "it is for another name"
				    : X509_verify_cert_error_string(result));
}

static void *connect_failure(struct misp_http *http, CURL *curl)
{
	long error = 0;
	if (http->refused[0])
		return http_fail(http,
				 "%s is at %s, which is not on the public "
				 "Internet; the administrator may allow it "
				 "(http { allow_private })",
				 http->host, http->refused);
	curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &error);
	return http_fail(http, "cannot connect to %s%s: %s",
			 http->proxied ? "the proxy for " : "", http->host,
			 error ? strerror((int)error) : "no answer");
}

static void *proxy_failure(struct misp_http *http, CURL *curl)
{
	long status = 0;
	curl_easy_getinfo(curl, CURLINFO_HTTP_CONNECTCODE, &status);
	if (status == 407)
		return http_fail(http, "the proxy wants a user and password");
	return http_fail(http, "the proxy cannot connect to %s (%ld)",
			 http->host, status);
}

static void *timeout_failure(struct misp_http *http, CURL *curl)
{
	if (http_connected(curl))
		return http_fail(http, "%s did not answer in time", http->host);
	return http_fail(http, "cannot connect to %s%s in time", http->host,
			 http->proxied ? " through the proxy" : "");
}

static void *write_failure(struct misp_http *http, CURL *curl)
{
	(void)curl;
	if (http->too_large)
		return http_fail(http,
				 "the answer of %s has more than %zu bytes "
				 "(http { max_response })",
				 http->host,
				 http_net(http->query)->max_response);
	return http_fail(http, "there is not enough memory for the answer");
}

void *http_failure(struct misp_http *http, CURL *curl, CURLcode code)
{
	static const struct {
		CURLcode code;
		void *(*fail)(struct misp_http *http, CURL *curl);
		const char *before; /* the host */
		const char *after;
	} failures[] = {
	    {CURLE_COULDNT_RESOLVE_HOST, NULL, "cannot resolve ", ""},
	    {CURLE_COULDNT_RESOLVE_PROXY, NULL, "cannot resolve the proxy for ",
	     ""},
	    {CURLE_COULDNT_CONNECT, connect_failure, "", ""},
	    {CURLE_OPERATION_TIMEDOUT, timeout_failure, "", ""},
	    {CURLE_PEER_FAILED_VERIFICATION, certificate_failure, "", ""},
	    {CURLE_SSL_CONNECT_ERROR, NULL, "cannot agree on TLS with ", ""},
	    {CURLE_SSL_CACERT_BADFILE, NULL,
	     "the file of trusted certificates cannot be read, so that ",
	     " cannot be trusted"},
	    {CURLE_GOT_NOTHING, NULL, "",
	     " closed the connection without an answer"},
	    {CURLE_RECV_ERROR, NULL, "", " broke the connection off"},
	    {CURLE_SEND_ERROR, NULL, "", " broke the connection off"},
	    {CURLE_PARTIAL_FILE, NULL, "the answer of ", " was cut short"},
	    {CURLE_WRITE_ERROR, write_failure, "", ""},
	    {CURLE_WEIRD_SERVER_REPLY, NULL, "", " did not answer in HTTP"},
	    {CURLE_UNSUPPORTED_PROTOCOL, NULL, "", " did not answer in HTTP"},
	    {CURLE_BAD_CONTENT_ENCODING, NULL, "the answer of ",
	     " cannot be decoded"},
	    {CURLE_PROXY, proxy_failure, "", ""},
	    {CURLE_OUT_OF_MEMORY, NULL, "there is not enough memory to ask ",
	     ""},
	};
	for (size_t i = 0; i < sizeof(failures) / sizeof(*failures); i++) {
		if (failures[i].code != code)
			continue;
		if (failures[i].fail)
			return failures[i].fail(http, curl);
		return http_fail(http, "%s%s%s", failures[i].before, http->host,
				 failures[i].after);
	}
	return http_fail(http, "cannot ask %s: %s", http->host,
			 curl_easy_strerror(code));
}
