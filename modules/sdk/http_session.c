/*
 * http_session.c: this process's libcurl handle. There is one, so that
 * connections and TLS sessions are used again by the next query.
 */
#include "http.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Connections that are kept open, all hosts together. */
#define CONNECTIONS 16L

static struct {
	CURL *easy;
	pid_t owner; /* a connection is not to be shared with a child */
} session;

static const struct misp_net defaults = {
    .user_agent = NET_USER_AGENT,
    .connect_timeout = NET_CONNECT_TIMEOUT,
    .max_response = NET_MAX_RESPONSE,
};

const struct misp_net *http_net(const struct misp_query *query)
{
	return query->net ? query->net : &defaults;
}

CURL *http_session(void)
{
	if (session.easy && session.owner == getpid()) {
		curl_easy_reset(session.easy);
		return session.easy;
	}
	if (!session.easy && curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
		return NULL;
	session.easy = curl_easy_init();
	session.owner = getpid();
	return session.easy;
}

/* The address as text, for the message. */
static void note_refused(struct misp_http *http, const struct sockaddr *address)
{
	const void *bytes =
	    address->sa_family == AF_INET
		? (const void *)&(
		      (const struct sockaddr_in *)(const void *)address)
		      ->sin_addr
		: (const void *)&(
		      (const struct sockaddr_in6 *)(const void *)address)
		      ->sin6_addr;
	if (!inet_ntop(address->sa_family, bytes, http->refused,
		       sizeof(http->refused)))
		snprintf(http->refused, sizeof(http->refused), "?");
}

/* The last moment before a connection: whatever a name was resolved to
 * before, this is the address that counts. */
static curl_socket_t open_socket(void *context, curlsocktype purpose,
				 struct curl_sockaddr *address)
{
	struct misp_http *http = context;
	(void)purpose;
	if (http->filtered && !http_address_public(&address->addr)) {
		note_refused(http, &address->addr);
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC,
		      address->protocol);
}

/* The proxy that is to be asked, or NULL: the module's own settings', then
 * the file's for the module ("none": no proxy), then the one for all. */
static const char *proxy_for(const struct misp_http *http)
{
	const struct misp_net *net = http_net(http->query);
	const char *proxy = net->proxy;
	if (http->query->proxy)
		proxy = http->query->proxy;
	if (http->proxy)
		proxy = http->proxy;
	if (!proxy || !*proxy || strcmp(proxy, "none") == 0 ||
	    http_host_listed(net->no_proxy, http->host))
		return NULL;
	return proxy;
}

static void set_proxy(struct misp_http *http, CURL *curl)
{
	const char *proxy = proxy_for(http);
	/* Whatever the environment says. */
	curl_easy_setopt(curl, CURLOPT_PROXY, proxy ? proxy : "");
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "");
	http->proxied = proxy != NULL;
	if (!proxy)
		return;
	/* The connection goes to the proxy, wherever that is. */
	http->filtered = false;
	if (http->proxy_user) {
		curl_easy_setopt(curl, CURLOPT_PROXYUSERNAME, http->proxy_user);
		curl_easy_setopt(curl, CURLOPT_PROXYPASSWORD,
				 http->proxy_password ? http->proxy_password
						      : "");
	}
}

static void connect_list_release(void *list)
{
	curl_slist_free_all(list);
}

static bool set_connect_to(struct misp_http *http, CURL *curl)
{
	const char *rest = http_net(http->query)->connect_to;
	struct curl_slist *list = NULL;
	while (rest && *(rest += strspn(rest, " \t"))) {
		size_t length = strcspn(rest, " \t");
		const char *entry =
		    misp_text(http->query, "%.*s", (int)length, rest);
		struct curl_slist *longer =
		    entry ? curl_slist_append(list, entry) : NULL;
		if (!longer) {
			curl_slist_free_all(list);
			return false;
		}
		list = longer;
		rest += length;
	}
	if (list && !misp_defer(http->query, list, connect_list_release))
		return false;
	curl_easy_setopt(curl, CURLOPT_CONNECT_TO, list);
	return true;
}

/* A connection that was opened unfiltered must not serve a filtered request. */
static void set_filter(struct misp_http *http, CURL *curl)
{
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, http);
	curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, (long)http->filtered);
	curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, (long)http->filtered);
}

bool http_setup(struct misp_http *http, CURL *curl, long milliseconds)
{
	const struct misp_net *net = http_net(http->query);
	if (!set_connect_to(http, curl))
		return false;
	long connecting = net->connect_timeout * 1000;
	if (connecting > milliseconds)
		connecting = milliseconds;
	http->too_large = false;
	http->refused[0] = '\0';
	curl_easy_setopt(curl, CURLOPT_CURLU, http->url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, milliseconds);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, connecting);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(curl, CURLOPT_MAXCONNECTS, CONNECTIONS);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, net->user_agent);
	if (net->ca_file) {
		curl_easy_setopt(curl, CURLOPT_CAINFO, net->ca_file);
		curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
		curl_easy_setopt(curl, CURLOPT_PROXY_CAINFO, net->ca_file);
	}
	set_proxy(http, curl);
	set_filter(http, curl);
	return true;
}
