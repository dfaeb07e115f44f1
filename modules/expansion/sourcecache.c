/*
 * sourcecache.c: the page behind a link, fetched once and kept.
 *
 * pkg-config: libcrypto libidn2 (libssl-dev libidn2-dev)
 */
#include "url_archive.h"
#include "url_split.h"

/* Not the Internet's pages but whoever serves the one that is asked for. */
static const struct misp_service page_server = {.name = "The web server"};

/* What may stand in a URL as it is, beside letters and digits. */
#define UNRESERVED "-._~"
#define USER_PLAIN UNRESERVED "!$&'()*+,;=:"
#define PATH_PLAIN UNRESERVED "!$&'()*+,;=:@/"
#define QUERY_PLAIN PATH_PLAIN "?[]"
#define FRAGMENT_PLAIN UNRESERVED "="

static bool is_among(char character, const char *plain)
{
	return isalnum((unsigned char)character) ||
	       (character && strchr(plain, character));
}

/* The byte that a text such as "%41…" begins with; 0 when it is another. */
static char encoded_byte(const char *text)
{
	if (*text != '%' || !isxdigit((unsigned char)text[1]) ||
	    !isxdigit((unsigned char)text[2]))
		return '\0';
	const char digits[] = {text[1], text[2], '\0'};
	return (char)strtol(digits, NULL, 16);
}

/* Writes a part of a URL in the one way that is right for it: encoded is what
 * has to be and what was and is reserved, in capital letters. */
static void write_part(FILE *out, const char *before, const char *part,
		       const char *plain)
{
	if (*part)
		fputs(before, out);
	for (const char *at = part; *at; at++) {
		char byte = encoded_byte(at);
		if (byte && is_among(byte, UNRESERVED))
			fputc(byte, out);
		else if (byte || !is_among(*at, plain))
			fprintf(out, "%%%02X",
				(unsigned char)(byte ? byte : *at));
		else
			fputc(*at, out);
		at += byte ? 2 : 0;
	}
}

/* What stands before the host: a user, perhaps with a password; or "". */
static const char *user_of(struct misp_query *query, const struct url *url)
{
	const char *start = strstr(url->whole, "://");
	start = *url->scheme && start ? start + strlen("://") : url->whole;
	size_t length = strcspn(start, "/?#");
	const char *at = memrchr(start, '@', length);
	return at ? misp_text(query, "%.*s", (int)(at - start), start) : "";
}

static void write_url(FILE *out, const struct url *url, const char *scheme,
		      const char *user)
{
	bool is_v6 = strchr(url->host, ':');
	bool is_default =
	    strcmp(url->port, strcmp(scheme, "http") == 0 ? "80" : "443") == 0;
	fprintf(out, "%s://", scheme);
	write_part(out, "", user, USER_PLAIN);
	fprintf(out, "%s%s%s%s", *user ? "@" : "", is_v6 ? "[" : "", url->host,
		is_v6 ? "]" : "");
	if (*url->port && !is_default)
		fprintf(out, ":%s", url->port);
	write_part(out, "", *url->path ? url->path : "/", PATH_PLAIN);
	write_part(out, "?", url->query, QUERY_PLAIN);
	write_part(out, "#", url->fragment, FRAGMENT_PLAIN);
}

/* The URL in its usual form, by which it is fetched and found again; NULL
 * after misp_fail. */
static const char *usual_url(struct misp_query *query, const char *value)
{
	struct url url = {0};
	char *text = NULL;
	size_t size = 0;
	if (!url_split(query, value, &url))
		return NULL;
	const char *user = user_of(query, &url);
	FILE *out = user ? misp_text_file(query, &text, &size) : NULL;
	if (!out)
		return NULL;
	write_url(out, &url, *url.scheme ? url.scheme : "https", user);
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return misp_defer(query, text, free);
}

/* Headers of the reply, and what url_archiver notes with them. */
static json_t *describe(struct misp_query *query,
			const struct misp_reply *reply, const char *url)
{
	static const char *const headers[] = {
	    "content-type",     "date",   "etag", "last-modified",
	    "content-language", "server",
	};
	json_t *meta = json_object();
	for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++) {
		const char *value = misp_reply_header(query, reply, headers[i]);
		if (value)
			misp_set(meta, headers[i],
				 misp_string(value, strlen(value)));
	}
	misp_set(meta, "url_archiver:url", misp_string(url, strlen(url)));
	return meta;
}

/* The page, from the archive or the web; NULL after misp_fail. */
static const unsigned char *page_of(struct misp_query *query, const char *url,
				    size_t *size)
{
	const char *path = misp_setting(query, "archivepath");
	struct url_archive *archive =
	    url_archive_open(query, path ? path : "/tmp", url);
	/* Without an archive that was asked for, a page is just fetched. */
	if (!archive && path)
		return NULL;
	misp_forget(query);
	const unsigned char *page =
	    archive ? url_archive_find(archive, size) : NULL;
	if (page)
		return page;
	struct misp_http *http = misp_http(query, &page_server);
	misp_http_url(http, url);
	const struct misp_reply *reply = misp_http_fetch(http);
	if (!reply)
		return NULL;
	if (reply->size == 0)
		return misp_fail(query, "The page is empty");
	if (archive && !url_archive_keep(archive, reply->bytes, reply->size,
					 describe(query, reply, url)))
		return NULL;
	*size = reply->size;
	return reply->bytes;
}

static json_t *sourcecache_query(struct misp_query *query)
{
	size_t size = 0;
	const char *link = misp_value(query, "link");
	const char *value = link ? link : misp_value(query, "url");
	if (!value)
		return misp_fail(query, "Link is missing");
	const char *url = usual_url(query, value);
	const unsigned char *page = url ? page_of(query, url, &size) : NULL;
	if (!page)
		return NULL;
	json_t *rows = misp_rows();
	json_t *row = misp_row(rows,
			       link ? MISP_TYPES("attachment")
				    : MISP_TYPES("malware-sample"),
			       value);
	misp_attach(row, page, size);
	return rows;
}

MISP_MODULE(
    sourcecache, .types = MISP_EXPANSION, .query = sourcecache_query,
    .title = "URL Archiver", .version = "1.0",
    .author = "MISP modules FastCGI server",
    .description = "Fetches the page of a link or URL once and keeps it, so "
		   "that it can be had when it is gone.",
    .features = "Pages are kept below archivepath, in .url_archiver, as the "
		"Python library url_archiver keeps them. Only addresses on "
		"the public Internet are asked.",
    .input_text = "A link or URL.",
    .output_text = "The page, as an attachment (of a link) or malware sample "
		   "(of a URL).",
    .references = MISP_LIST("https://github.com/adulau/url_archiver"),
    .requirements = MISP_LIST("libcrypto", "libidn2"),
    .input = MISP_LIST("link", "url"),
    .output = MISP_LIST("attachment", "malware-sample"), .any_host = true,
    .settings = MISP_SETTINGS({"archivepath",
			       "Folder that the pages are kept in; if none is "
			       "set, the one for temporary files",
			       NULL}));
