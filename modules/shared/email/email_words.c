/*
 * email_words.c: the encoded words of header fields (RFC 2047).
 *
 * GMime 3.2 takes neighbours of one charset as one word before it decodes
 * them, and of base64 it reads no further than the first one's padding. Here
 * they become one word first.
 *
 * pkg-config: gmime-3.0 (libgmime-3.0-dev)
 */
#include "email.h"

#include <string.h>

#define BLANKS " \t\r\n"
/* No name of a charset has them, but an address may. */
#define SPECIALS "()<>@,;:\"/[]?.=" BLANKS
#define BASE64 \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

/* =?charset?B?text?= */
struct word {
	const char *charset;
	size_t charset_length;
	const char *text; /* without its padding */
	size_t text_length;
	const char *end;
};

static bool word_read(const char *at, struct word *word)
{
	if (strncmp(at, "=?", 2) != 0)
		return false;
	word->charset = at + 2;
	word->charset_length = strcspn(word->charset, SPECIALS);
	at = word->charset + word->charset_length;
	if (word->charset_length == 0 || strncasecmp(at, "?B?", 3) != 0)
		return false;
	word->text = at + 3;
	word->text_length = strspn(word->text, BASE64);
	at = word->text + word->text_length;
	at += strspn(at, "=");
	if (strncmp(at, "?=", 2) != 0)
		return false;
	word->end = at + 2;
	return true;
}

static void word_decode(const struct word *word, GByteArray *bytes)
{
	static const char *const padding[] = {"", NULL, "==", "="};
	const char *missing = padding[word->text_length % 4];
	size_t length = word->text_length - (missing ? 0 : 1);
	char *text = g_strdup_printf("%.*s%s", (int)length, word->text,
				     missing ? missing : "");
	gsize size;
	guchar *decoded = g_base64_decode(text, &size);
	g_byte_array_append(bytes, decoded, (guint)size);
	g_free(decoded);
	g_free(text);
}

/* Adds the word, with its neighbours in it. Returns what follows. Before an "@"
 * they are part of an address, and stay. */
static const char *word_join(const struct word *first, GString *joined)
{
	GByteArray *bytes = g_byte_array_new();
	struct word word = *first;
	const char *end;
	do {
		word_decode(&word, bytes);
		end = word.end;
	} while (word_read(end + strspn(end, BLANKS), &word) &&
		 word.charset_length == first->charset_length &&
		 strncasecmp(word.charset, first->charset,
			     first->charset_length) == 0);
	if (*end == '@') {
		const char *begin = first->charset - 2;
		g_string_append_len(joined, begin, (gssize)(end - begin));
	} else {
		char *text = g_base64_encode(bytes->data, bytes->len);
		g_string_append_printf(
		    joined, "=?%.*s?B?%s?=", (int)first->charset_length,
		    first->charset, text);
		g_free(text);
	}
	g_byte_array_unref(bytes);
	return end;
}

char *email_join_words(const char *raw)
{
	GString *joined = g_string_new(NULL);
	struct word word;
	while (*raw) {
		if (word_read(raw, &word)) {
			raw = word_join(&word, joined);
			continue;
		}
		size_t plain = 1 + strcspn(raw + 1, "=");
		g_string_append_len(joined, raw, (gssize)plain);
		raw += plain;
	}
	return g_string_free(joined, FALSE);
}

char *email_field_text(GMimeHeader *header)
{
	const char *raw = g_mime_header_get_raw_value(header);
	char *unfolded = g_mime_utils_header_unfold(raw ? raw : "");
	char *joined = email_join_words(unfolded);
	char *text = g_mime_utils_header_decode_text(NULL, joined);
	g_free(joined);
	g_free(unfolded);
	return text;
}

const char *email_parameter(struct misp_query *query, GMimeObject *part,
			    const char *field, const char *name)
{
	GMimeHeader *header = g_mime_header_list_get_header(
	    g_mime_object_get_header_list(part), field);
	const char *raw = header ? g_mime_header_get_raw_value(header) : NULL;
	const char *first = raw ? strchr(raw, ';') : NULL;
	if (!first || !strstr(first, "=?"))
		return NULL;
	char *joined = email_join_words(first + 1);
	GMimeParamList *list = g_mime_param_list_parse(NULL, joined);
	GMimeParam *found =
	    list ? g_mime_param_list_get_parameter(list, name) : NULL;
	const char *value = found ? g_mime_param_get_value(found) : NULL;
	const char *text = value ? misp_text(query, "%s", value) : NULL;
	if (list)
		g_object_unref(list);
	g_free(joined);
	return text;
}
