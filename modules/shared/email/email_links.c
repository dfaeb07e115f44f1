/*
 * email_links.c: the URLs in the text of a mail, as objects.
 *
 * pkg-config: gmime-3.0 (libgmime-3.0-dev)
 */
#include "email.h"
#include "email_html.h"
#include "url_object.h"

#include <string.h>

#define LINKS_MAX 1000
#define LINK_SIZE_MAX 8192

struct links {
	struct email *email;
	const struct url_suffixes *suffixes;
	json_t *seen; /* a set of URLs */
	bool cut;     /* there are more than LINKS_MAX */
};

/* With a host, which begins with a letter, a digit or a bracket. */
static bool is_web(const char *url)
{
	static const char *const schemes[] = {"http://", "https://"};
	for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++) {
		size_t length = strlen(schemes[i]);
		if (g_ascii_strncasecmp(url, schemes[i], length) == 0)
			return (unsigned char)url[length] > '/' &&
			       url[length] != '?';
	}
	return false;
}

/* Leaves the URL, its host and its domain: of the many links of a mail nobody
 * wants all parts. */
static void shorten(json_t *object)
{
	static const char *const kept[] = {"url", "host", "domain", "ip"};
	json_t *attributes = json_object_get(object, "Attribute");
	size_t i = 0;
	while (i < json_array_size(attributes)) {
		const char *relation = json_string_value(json_object_get(
		    json_array_get(attributes, i), "object_relation"));
		size_t at = 0;
		while (at < G_N_ELEMENTS(kept) &&
		       (!relation || strcmp(relation, kept[at]) != 0))
			at++;
		if (at < G_N_ELEMENTS(kept))
			i++;
		else
			json_array_remove(attributes, i);
	}
}

/* Each URL once; what is none is of no use to anybody. */
static void add_link(void *context, const char *url)
{
	struct links *links = context;
	struct email *email = links->email;
	url += strspn(url, " \t\r\n");
	if (!is_web(url) || strlen(url) > LINK_SIZE_MAX ||
	    json_object_get(links->seen, url))
		return;
	links->cut = json_object_size(links->seen) >= LINKS_MAX;
	if (links->cut ||
	    json_object_set_new(links->seen, url, json_true()) != 0)
		return;
	json_t *object =
	    url_object_add(email->query, email->results, links->suffixes, url);
	if (!object) {
		misp_forget(email->query);
		return;
	}
	shorten(object);
	json_t *reference =
	    misp_reference(email->object, misp_uuid(object), "includes");
	misp_comment(reference, "URL in email body");
}

/* ---- URLs in plain text ---- */

static size_t count(const char *text, size_t length, char sign)
{
	size_t number = 0;
	for (size_t i = 0; i < length; i++)
		number += text[i] == sign;
	return number;
}

/* Where the URL ends that stands there: before a sign that no URL has, and
 * before those that belong to the sentence around it. */
static size_t link_length(const char *url)
{
	size_t length = 0;
	while (length <= LINK_SIZE_MAX && (unsigned char)url[length] > ' ' &&
	       !strchr("<>\"'`{}|\\^", url[length]))
		length++;
	while (length > 0 && strchr(".,;:!?*_)]", url[length - 1])) {
		if (url[length - 1] == ')' &&
		    count(url, length, '(') >= count(url, length, ')'))
			break;
		length--;
	}
	return length;
}

static void add_plain_links(struct links *links, const char *text)
{
	const char *end = text;
	while ((text = strstr(end, "://"))) {
		const char *from = text;
		while (from > end && g_ascii_isalpha(from[-1]))
			from--;
		end = text + strlen("://");
		/* "xhttp://" is a scheme of its own. */
		if (!is_web(from))
			continue;
		size_t length = link_length(from);
		char *url = g_strndup(from, length);
		add_link(links, url);
		g_free(url);
		if (from + length > end)
			end = from + length;
	}
}

void email_add_links(struct email *email)
{
	struct links links = {.email = email,
			      .suffixes = url_suffixes(email->query),
			      .seen = json_object()};
	const struct email_html html = {.context = &links, .link = add_link};
	if (email->html_text)
		email_html_read(email->html_text, strlen(email->html_text),
				&html);
	else if (email->plain_text)
		add_plain_links(&links, email->plain_text);
	if (links.cut)
		email_tell_cut(
		    email,
		    misp_text(email->query,
			      "Only the first %d URLs of its text are here",
			      LINKS_MAX));
	json_decref(links.seen);
}
