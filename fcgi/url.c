/*
 * url.c: what a URL points at; see url.h.
 */
#include "url.h"

#include <ctype.h>
#include <curl/curl.h>
#include <string.h>
#include <strings.h>

#define HOST_LENGTH 253

const char *const url_http[] = {"http://", "https://", NULL};
const char *const url_proxy[] = {"http://", "https://", "socks5://",
				 "socks5h://", NULL};

/* What is behind the beginning; NULL when it has another. libcurl would take
 * one slash, or three, for two. */
static const char *behind(const char *url, const char *const *beginnings)
{
	for (; *beginnings; beginnings++) {
		size_t length = strlen(*beginnings);

		if (strncasecmp(url, *beginnings, length) == 0)
			return url[length] == '/' ? NULL : url + length;
	}
	return NULL;
}

char *url_host(const char *url, const char *const *beginnings)
{
	CURLU *parsed = behind(url, beginnings) ? curl_url() : NULL;
	char *found = NULL;
	char *host = NULL;

	if (!parsed)
		return NULL;
	if (curl_url_set(parsed, CURLUPART_URL, url,
			 CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
	    curl_url_get(parsed, CURLUPART_HOST, &found, 0) == CURLUE_OK &&
	    *found)
		host = strdup(found);
	curl_free(found);
	curl_url_cleanup(parsed);
	return host;
}

const char *url_user(const char *url, size_t *length)
{
	const char *start = strstr(url, "://");
	const char *end = NULL;

	if (start) {
		start += strlen("://");
		end = memrchr(start, '@', strcspn(start, "/?#"));
	}
	if (end && length)
		*length = (size_t)(end - start);
	return end ? start : NULL;
}

bool url_is_host_name(const char *text)
{
	bool in_label = false;

	if (strlen(text) > HOST_LENGTH)
		return false;
	for (; *text; text++) {
		if (*text == '.' && !in_label)
			return false;
		in_label = *text != '.';
		if (in_label && !isalnum((unsigned char)*text) &&
		    *text != '-' && *text != '_')
			return false;
	}
	return in_label;
}
