/*
 * url_split.h: a URL in its parts.
 *
 * Split as RFC 3986 appendix B does, not by a URL library: those want a scheme
 * that they know and mend what they read, but an indicator comes without one
 * or with any, and its parts are wanted as they are.
 */
#ifndef MODULES_URL_SPLIT_H
#define MODULES_URL_SPLIT_H

#include "idna.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PORT 65535

/* The parts, which live as long as the query; those that a URL does not have
 * are "". */
struct url {
	const char *whole; /* without white space around it */
	const char *scheme;
	const char *host; /* lower case, ASCII */
	const char *ip;   /* the host as an address in its usual form */
	const char *port;
	const char *path;
	const char *query;
	const char *fragment;
};

/* Cuts text at the first of the marks: what is before it is returned, and
 * *text goes on with the mark itself. */
static const char *url_cut(struct misp_query *query, const char **text,
			   const char *marks)
{
	size_t length = strcspn(*text, marks);
	const char *part = misp_text(query, "%.*s", (int)length, *text);
	*text += length;
	return part;
}

static void url_lower(char *text)
{
	for (; text && *text; text++)
		*text = (char)tolower((unsigned char)*text);
}

/* The length of "scheme" in "scheme://…"; 0 when there is none. */
static size_t url_scheme_length(const char *text)
{
	size_t length = 0;
	while (isalnum((unsigned char)text[length]) ||
	       (text[length] && strchr("+-.", text[length])))
		length++;
	if (!isalpha((unsigned char)*text) ||
	    strncmp(text + length, "://", 3) != 0)
		return 0;
	return length;
}

/* Reads "", ":" or ":port", as it stands behind a host. NULL after
 * misp_fail. */
static const char *url_port(struct misp_query *query, const char *text)
{
	if (*text && *text != ':')
		return misp_fail(query, "The URL's host is not valid");
	if (!*text || !*++text)
		return "";
	long port = strtol(text, NULL, 10);
	if (text[strspn(text, "0123456789")] || port > MAX_PORT)
		return misp_fail(query, "The URL's port is not a number from "
					"0 to 65535");
	return misp_text(query, "%ld", port);
}

/* Whether a host can be one; IDNA judges what is above ASCII. */
static bool url_host_sane(const char *host)
{
	for (const char *at = host; *at; at++)
		if ((unsigned char)*at <= ' ' || *at == 0x7f ||
		    strchr("\"<>[\\]^`{|}", *at))
			return false;
	return *host != '.' && !strstr(host, "..");
}

/* The host as an IP address in its usual form; "" when it is a name. */
static const char *url_address(struct misp_query *query, const char *host)
{
	char text[INET6_ADDRSTRLEN];
	struct in_addr ipv4;
	struct in6_addr ipv6;
	/* inet_aton: browsers read "0x7f.1" as an address, too. */
	if (inet_aton(host, &ipv4)) {
		inet_ntop(AF_INET, &ipv4, text, sizeof(text));
		return misp_text(query, "%s", text);
	}
	const char *end = strchrnul(host, '%'); /* fe80::1%eth0 */
	const char *address = misp_text(query, "%.*s", (int)(end - host), host);
	if (!address || inet_pton(AF_INET6, address, &ipv6) != 1)
		return address ? "" : NULL;
	inet_ntop(AF_INET6, &ipv6, text, sizeof(text));
	return misp_text(query, "%s", text);
}

/* user:password@host:port, where the host may be [an IPv6 address]. */
static bool url_authority(struct misp_query *query, const char *text,
			  struct url *url)
{
	const char *at = strrchr(text, '@');
	text = at ? at + 1 : text;
	bool bracket = *text == '[';
	text += bracket;
	char *host = misp_text(query, "%.*s",
			       (int)strcspn(text, bracket ? "]" : ":"), text);
	if (!host)
		return false;
	text += strlen(host);
	if (bracket && *text++ != ']') {
		misp_fail(query, "The URL's host is not valid");
		return false;
	}
	url->port = url_port(query, text);
	if (!url->port)
		return false;
	if (!url_host_sane(host)) {
		misp_fail(query, "The URL's host is not valid");
		return false;
	}
	url_lower(host);
	/* The dot of the root, as in "example.org." */
	size_t length = strlen(host);
	if (length > 0 && host[length - 1] == '.')
		host[length - 1] = '\0';
	url->host = idna_ascii(query, host);
	url->ip = url->host ? url_address(query, url->host) : NULL;
	return url->ip != NULL;
}

static const char *url_trimmed(struct misp_query *query, const char *value)
{
	while (isspace((unsigned char)*value))
		value++;
	size_t length = strlen(value);
	while (length > 0 && isspace((unsigned char)value[length - 1]))
		length--;
	return misp_text(query, "%.*s", (int)length, value);
}

/* Splits value. false after misp_fail. */
static inline bool url_split(struct misp_query *query, const char *value,
			     struct url *url)
{
	const char *text = url_trimmed(query, value);
	if (!text)
		return false;
	url->whole = text;
	size_t scheme_length = url_scheme_length(text);
	char *scheme = misp_text(query, "%.*s", (int)scheme_length, text);
	url_lower(scheme);
	url->scheme = scheme;
	text += scheme_length ? scheme_length + strlen("://") : 0;
	/* Without a scheme the host comes first, "//" before it or not. */
	if (!scheme_length && strncmp(text, "//", 2) == 0)
		text += 2;
	const char *authority = url_cut(query, &text, "/?#");
	url->path = url_cut(query, &text, "?#");
	text += *text == '?';
	url->query = url_cut(query, &text, "#");
	url->fragment = *text ? text + 1 : text;
	if (!scheme || !authority || !url->path || !url->query)
		return false;
	if (!url_authority(query, authority, url))
		return false;
	if (!*url->host && !scheme_length) {
		misp_fail(query, "The value is not a URL: it has "
				 "neither a scheme nor a host");
		return false;
	}
	return true;
}

#endif
