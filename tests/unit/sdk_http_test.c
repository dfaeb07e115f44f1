/*
 * sdk_http_test.c: where requests may go, and what a request is made of. That
 * they are sent and answered is tested in tests/e2e/test_http.py.
 */
#include "http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Each is the first or last of its network, or its neighbour outside. */
static const struct {
	const char *host;
	bool is_public;
} literals[] = {
    {"1.0.0.0", true},
    {"0.0.0.0", false},
    {"0.255.255.255", false},
    {"9.255.255.255", true},
    {"10.0.0.0", false},
    {"10.255.255.255", false},
    {"11.0.0.0", true},
    {"100.63.255.255", true},
    {"100.64.0.0", false},
    {"100.127.255.255", false},
    {"100.128.0.0", true},
    {"126.255.255.255", true},
    {"127.0.0.0", false},
    {"127.255.255.255", false},
    {"128.0.0.0", true},
    {"169.253.255.255", true},
    {"169.254.169.254", false},
    {"169.255.0.0", true},
    {"172.15.255.255", true},
    {"172.16.0.0", false},
    {"172.31.255.255", false},
    {"172.32.0.0", true},
    {"192.0.0.255", false},
    {"192.0.1.0", true},
    {"192.0.2.1", false},
    {"192.88.99.1", false},
    {"192.167.255.255", true},
    {"192.168.0.0", false},
    {"192.168.255.255", false},
    {"192.169.0.0", true},
    {"198.17.255.255", true},
    {"198.18.0.0", false},
    {"198.19.255.255", false},
    {"198.51.100.1", false},
    {"203.0.113.255", false},
    {"203.0.114.0", true},
    {"223.255.255.255", true},
    {"224.0.0.0", false},
    {"240.0.0.1", false},
    {"255.255.255.255", false},
    /* Other ways to write them. */
    {"2130706433", false},
    {"0x7f000001", false},
    {"017700000001", false},
    {"127.1", false},
    {"0x7f.0.0.1", false},
    {"0177.0.0.01", false},
    {"167772161", false},
    {"134744072", true},
    /* IPv6 */
    {"[2606:4700::1111]", true},
    {"2606:4700::1111", true},
    {"[::1]", false},
    {"[::]", false},
    {"::127.0.0.1", false},
    {"::8.8.8.8", false},
    {"[::ffff:127.0.0.1]", false},
    {"[::ffff:7f00:1]", false},
    {"[::ffff:10.1.2.3]", false},
    {"[::ffff:8.8.8.8]", true},
    {"[64:ff9b::127.0.0.1]", false},
    {"[64:ff9b::a9fe:a9fe]", false},
    {"[64:ff9b::8.8.8.8]", true},
    {"[64:ff9b:1::8.8.8.8]", false},
    {"[2002:7f00:1::]", false},
    {"[2002:a00:1::1]", false},
    {"[2002:808:808::1]", true},
    {"[2001::1]", false},
    {"[2001:1ff:ffff::1]", false},
    {"[2001:200::1]", true},
    {"[2001:db8::1]", false},
    {"[3fff::1]", false},
    {"[100::1]", false},
    {"[fc00::1]", false},
    {"[fdff::1]", false},
    {"[fe80::1]", false},
    {"[fe80::1%25lo]", false},
    {"[fec0::1]", false},
    {"[ff02::1]", false},
    /* Names */
    {"localhost", false},
    {"LOCALHOST.", false},
    {"a.localhost", false},
    {"notlocalhost", true},
    {"localhost.example.org", true},
    {"example.org", true},
};

static void literal_addresses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(literals) / sizeof(*literals); i++)
		if (http_literal_public(literals[i].host) !=
		    literals[i].is_public)
			fail_msg("%s", literals[i].host);
}

static void other_families(void **state)
{
	(void)state;
	const struct sockaddr local = {.sa_family = AF_UNIX};
	assert_false(http_address_public(&local));
}

static void lists(void **state)
{
	(void)state;
	static const struct {
		const char *list;
		const char *host;
		bool listed;
	} cases[] = {
	    {NULL, "example.org", false},
	    {"", "example.org", false},
	    {"*", "example.org", true},
	    {"example.org", "example.org", true},
	    {"example.org", "EXAMPLE.ORG.", true},
	    {"example.org", "www.example.org", true},
	    {".example.org", "www.example.org", true},
	    {"example.org", "badexample.org", false},
	    {"org.example", "example.org", false},
	    {"a.example, b.example", "b.example", true},
	    {" a.example\tb.example ", "b.example", true},
	    {"10.0.0.1", "10.0.0.1", true},
	    {"10.0.0.1", "10.0.0.11", false},
	    {".", "example.org", false},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (http_host_listed(cases[i].list, cases[i].host) !=
		    cases[i].listed)
			fail_msg("%s in %s", cases[i].host,
				 cases[i].list ? cases[i].list : "no list");
}

static const struct misp_service first = {
    .name = "First", .url = "https://first.example/api?x=y"};
static const struct misp_service second = {
    .name = "Second",
    .url = "http://second.example:8080",
    .url_setting = "url",
    .failures = MISP_FAILURES({MISP_OTHERWISE, "It did not work"})};
static const struct misp_module declared = {
    .services = MISP_SERVICES(&first, &second),
    .hosts = MISP_LIST("third.example", ".fourth.example"),
    .settings = MISP_SETTINGS({"url", "", "https://default.example/base/"}),
};
static const struct misp_module any = {.any_host = true,
				       .hosts = MISP_LIST("third.example")};

static void declared_hosts(void **state)
{
	(void)state;
	static const struct {
		const struct misp_module *module;
		const char *own;
		const char *host;
		bool allowed;
		bool filtered;
	} cases[] = {
	    {&declared, NULL, "first.example", true, false},
	    {&declared, NULL, "FIRST.example", true, false},
	    {&declared, NULL, "second.example", true, false},
	    {&declared, NULL, "third.example", true, false},
	    {&declared, NULL, "www.third.example", false, true},
	    {&declared, NULL, "www.fourth.example", true, false},
	    {&declared, NULL, "notfourth.example", false, true},
	    {&declared, NULL, "fifth.example", false, true},
	    {&declared, NULL, "first.example.evil", false, true},
	    {&declared, "own.example", "own.example", true, false},
	    {&declared, "own.example", "www.own.example", false, true},
	    {&any, NULL, "fifth.example", true, true},
	    {&any, NULL, "third.example", true, false},
	    {&any, "own.example", "own.example", true, false},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct misp_query query = {.module = cases[i].module};
		bool filtered = false;
		bool allowed = http_host_allowed(&query, cases[i].own,
						 cases[i].host, &filtered);
		if (allowed != cases[i].allowed ||
		    filtered != cases[i].filtered)
			fail_msg("%s", cases[i].host);
		misp_query_end(&query);
	}
}

static void private_addresses_allowed(void **state)
{
	(void)state;
	const struct misp_net net = {.allow_private = true};
	struct misp_query query = {.module = &any, .net = &net};
	bool filtered = true;
	assert_true(http_host_allowed(&query, NULL, "x.example", &filtered));
	assert_false(filtered);
}

static void check_url(struct misp_query *query, struct misp_http *http,
		      const char *expected)
{
	const char *url = http_url_part(http, CURLUPART_URL);
	assert_null(http->problem);
	assert_string_equal(url, expected);
	misp_query_end(query);
}

static void urls(void **state)
{
	(void)state;
	struct misp_query query = {.module = &declared};
	struct misp_http *http = misp_http(&query, &first);
	misp_http_path(http, "a/b c", "d?e#f%", "é");
	misp_http_parameter(http, "q&", "1=2&3");
	misp_http_parameter(http, "none", NULL);
	check_url(&query, http,
		  "https://first.example/api/a%2fb%20c/d%3fe%23f%25/"
		  "%c3%a9?x=y&q%26=1%3d2%263");
	http = misp_http(&query, &second);
	misp_http_path(http, "a");
	misp_http_slash(http);
	misp_http_slash(http);
	check_url(&query, http, "https://default.example/base/a/");
}

static void base_urls(void **state)
{
	(void)state;
	json_t *request =
	    json_pack("{s:{s:s}}", "config", "url", "own.example");
	struct misp_query query = {.module = &declared,
				   .endpoint = "http://127.0.0.1:81/e"};
	/* The endpoint is the first service's; a setting is one's own. */
	check_url(&query, misp_http(&query, &first), "http://127.0.0.1:81/e");
	check_url(&query, misp_http(&query, &second),
		  "https://default.example/base/");
	query.request = request;
	check_url(&query, misp_http(&query, &second), "https://own.example/");
	json_decref(request);
}

/* Fails before anything is sent, with that text. */
static void check_refused(struct misp_query *query, struct misp_http *http,
			  const char *expected)
{
	assert_null(misp_http_send(http));
	assert_string_equal(misp_failure(query), expected);
	misp_forget(query);
	misp_query_end(query);
}

static void refusals(void **state)
{
	(void)state;
	struct misp_query query = {.module = &declared};
	struct misp_http *http = misp_http(&query, &first);
	misp_http_path(http, "..", "x");
	check_refused(&query, http, "First: the value cannot be part of a URL");
	http = misp_http(&query, &first);
	misp_http_path(http, "ip", "");
	check_refused(&query, http, "First: the value cannot be part of a URL");
	http = misp_http(&query, &first);
	misp_http_header(http, "X-Key", "a\r\nHost: evil");
	check_refused(&query, http, "First: a setting of it has a line break");
	http = misp_http(&query, &second);
	misp_http_url(http, "gopher://second.example/");
	check_refused(&query, http,
		      "It did not work: this is no valid http or https URL");
	http = misp_http(&query, &second);
	misp_http_url(http, "https://fifth.example/");
	check_refused(&query, http,
		      "It did not work: the module may not ask "
		      "fifth.example");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(literal_addresses),
	    cmocka_unit_test(other_families),
	    cmocka_unit_test(lists),
	    cmocka_unit_test(declared_hosts),
	    cmocka_unit_test(private_addresses_allowed),
	    cmocka_unit_test(urls),
	    cmocka_unit_test(base_urls),
	    cmocka_unit_test(refusals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
