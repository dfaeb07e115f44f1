/*
 * email_text.c: what is in a part of a mail, as bytes and as text.
 *
 * pkg-config: gmime-3.0 (libgmime-3.0-dev)
 */
#include "email.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

GByteArray *email_part_bytes(GMimeObject *part)
{
	GByteArray *bytes = g_byte_array_new();
	GMimeStream *out = g_mime_stream_mem_new_with_byte_array(bytes);
	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(out), FALSE);
	GMimeMessage *message =
	    GMIME_IS_MESSAGE_PART(part)
		? g_mime_message_part_get_message(GMIME_MESSAGE_PART(part))
		: NULL;
	GMimeDataWrapper *content =
	    GMIME_IS_PART(part) ? g_mime_part_get_content(GMIME_PART(part))
				: NULL;
	if (message)
		g_mime_object_write_to_stream(GMIME_OBJECT(message), NULL, out);
	else if (content)
		g_mime_data_wrapper_write_to_stream(content, out);
	else
		g_mime_object_write_to_stream(part, NULL, out);
	g_object_unref(out);
	return bytes;
}

/* What does not belong to the charset becomes U+FFFD, byte by byte. */
static GByteArray *text_converted(iconv_t converter, GByteArray *bytes)
{
	char part[4096];
	GByteArray *text = g_byte_array_new();
	char *from = (char *)bytes->data;
	size_t left = bytes->len;
	while (left > 0) {
		char *to = part;
		size_t room = sizeof(part);
		size_t done = iconv(converter, &from, &left, &to, &room);
		int error = done == (size_t)-1 ? errno : 0;
		g_byte_array_append(text, (guint8 *)part, (guint)(to - part));
		if (error == 0 || error == E2BIG)
			continue;
		g_byte_array_append(text, (const guint8 *)REPLACEMENT,
				    strlen(REPLACEMENT));
		from++;
		left--;
	}
	return text;
}

/* The charset of a text that is not UTF-8 as it stands; NULL for one that is,
 * and when the name cannot be one: iconv gives signs like '/' a meaning. */
static const char *text_charset(GMimePart *part)
{
	const char *charset = g_mime_object_get_content_type_parameter(
	    GMIME_OBJECT(part), "charset");
	if (!charset || !*charset)
		return NULL;
	for (const char *at = charset; *at; at++)
		if (!g_ascii_isalnum(*at) && !strchr("-_.:+()", *at))
			return NULL;
	charset = g_mime_charset_iconv_name(charset);
	return strcasecmp(charset, "utf-8") == 0 ||
		       strcasecmp(charset, "us-ascii") == 0
		   ? NULL
		   : charset;
}

/* The bytes as UTF-8, as far as the charset tells. Takes the bytes over. */
static GByteArray *text_utf8(GMimePart *part, GByteArray *bytes)
{
	const char *charset = text_charset(part);
	if (!charset)
		return bytes;
	/* A charset that nobody knows: most of it is ASCII anyway. */
	iconv_t converter = g_mime_iconv_open("UTF-8", charset);
	if ((intptr_t)converter == -1)
		return bytes;
	GByteArray *text = text_converted(converter, bytes);
	g_mime_iconv_close(converter);
	g_byte_array_unref(bytes);
	return text;
}

json_t *email_part_text(GMimePart *part)
{
	GByteArray *text =
	    text_utf8(part, email_part_bytes(GMIME_OBJECT(part)));
	const char *from = (const char *)text->data;
	size_t size = text->len;
	while (size > 0 && g_ascii_isspace(*from)) {
		from++;
		size--;
	}
	while (size > 0 && g_ascii_isspace(from[size - 1]))
		size--;
	json_t *string = misp_string(size > 0 ? from : "", size);
	g_byte_array_unref(text);
	return string;
}

static const char *add_text(struct email *email, GMimePart *part,
			    const char *comment)
{
	json_t *attribute =
	    part ? misp_object_add_json(email->object, "email-body",
					email_part_text(part))
		 : NULL;
	misp_comment(attribute, "%s", comment);
	return json_string_value(json_object_get(attribute, "value"));
}

void email_add_texts(struct email *email)
{
	email->plain_text = add_text(email, email->plain, "text/plain body");
	email->html_text = add_text(email, email->html, "text/html body");
}
