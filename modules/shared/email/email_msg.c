/*
 * email_msg.c: a message of Outlook as a mail: what it says and what is
 * attached to it. A text that it has only as RTF is left out.
 *
 * pkg-config: gmime-3.0 libgsf-1 (libgmime-3.0-dev libgsf-1-dev)
 */
#include "email_msg.h"
#include "email_msg_parts.h"

#include <string.h>

/* Lists of properties are read beside the streams. */
#define BUDGET_SPARE 65536

bool email_is_msg(const unsigned char *bytes, size_t size)
{
	return mapi_is_container(bytes, size);
}

/* ---- Texts ---- */

static GMimeObject *text_new(const char *subtype, GByteArray *bytes,
			     const char *charset)
{
	GMimeObject *part = GMIME_OBJECT(msg_part("text", subtype, bytes));
	g_mime_object_set_content_type_parameter(part, "charset", charset);
	return part;
}

static GMimeObject *text_of(const struct mapi *mapi, const char *subtype,
			    enum mapi_property property)
{
	char *text = mapi_text(mapi, property);
	if (!text)
		return NULL;
	size_t size = strlen(text);
	return text_new(subtype, g_byte_array_new_take((guint8 *)text, size),
			"utf-8");
}

/* HTML is bytes as a rule, in a code page of its own. */
static GMimeObject *html_of(const struct mapi *mapi)
{
	GByteArray *bytes = mapi_bytes(mapi, MAPI_HTML);
	if (!bytes)
		return text_of(mapi, "html", MAPI_HTML);
	unsigned codepage = (unsigned)mapi_number(mapi, MAPI_INTERNET_CODEPAGE);
	char *charset = mapi_charset(codepage ? codepage : mapi->codepage);
	GMimeObject *part = text_new("html", bytes, charset);
	g_free(charset);
	return part;
}

/* A part in any case. */
static GMimeObject *body_of(const struct mapi *mapi)
{
	GMimeObject *plain = text_of(mapi, "plain", MAPI_BODY);
	GMimeObject *html = html_of(mapi);
	if (!plain && !html)
		return GMIME_OBJECT(
		    msg_part("text", "plain", g_byte_array_new()));
	if (!plain || !html)
		return plain ? plain : html;
	GMimeMultipart *both = g_mime_multipart_new_with_subtype("alternative");
	msg_add(both, plain);
	msg_add(both, html);
	return GMIME_OBJECT(both);
}

/* ---- The whole ---- */

GMimeMessage *msg_message(struct mapi_file *file, GsfInfile *storage,
			  enum mapi_owner owner, unsigned depth)
{
	struct mapi mapi;
	GMimeMessage *message = mapi_read(&mapi, file, storage, owner, 0)
				    ? msg_headers(&mapi)
				    : NULL;
	if (message) {
		/* The boundary that the mail had: it may be known. */
		GMimeObject *old = g_mime_message_get_mime_part(message);
		char *boundary =
		    g_strdup(old ? g_mime_object_get_content_type_parameter(
				       old, "boundary")
				 : NULL);
		GMimeObject *content =
		    msg_with_attachments(&mapi, body_of(&mapi), depth);
		if (boundary && GMIME_IS_MULTIPART(content))
			g_mime_multipart_set_boundary(GMIME_MULTIPART(content),
						      boundary);
		g_mime_message_set_mime_part(message, content);
		g_object_unref(content);
		g_free(boundary);
	}
	mapi_close(&mapi);
	return message;
}

static void message_release(void *message)
{
	g_object_unref(message);
}

GMimeMessage *email_msg_message(struct misp_query *query,
				const unsigned char *bytes, size_t size)
{
	struct mapi_file file = {.query = query, .budget = size + BUDGET_SPARE};
	GsfInfile *root = mapi_open(bytes, size);
	if (!root)
		return misp_fail(query, "The file is no Outlook message that "
					"can be read: its container is "
					"damaged or has too many entries");
	GMimeMessage *message = msg_message(&file, root, MAPI_OF_MESSAGE, 0);
	if (!message)
		return misp_fail(query,
				 "The file is no e-mail: neither does it begin "
				 "with a header, nor is it an Outlook message");
	return misp_defer(query, message, message_release);
}
