/*
 * email_msg_attachments.c: what is attached to an Outlook message, as parts of
 * a mail.
 *
 * pkg-config: gmime-3.0 libgsf-1 (libgmime-3.0-dev libgsf-1-dev)
 */
#include "email.h"
#include "email_msg_parts.h"

#include <string.h>

/* The text around it refers to such an attachment. */
#define FLAG_SHOWN_IN_TEXT 4

GMimePart *msg_part(const char *type, const char *subtype, GByteArray *bytes)
{
	GMimePart *part = g_mime_part_new_with_type(type, subtype);
	GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(bytes);
	GMimeDataWrapper *content = g_mime_data_wrapper_new_with_stream(
	    stream, GMIME_CONTENT_ENCODING_DEFAULT);
	g_mime_part_set_content(part, content);
	g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_BASE64);
	g_object_unref(content);
	g_object_unref(stream);
	return part;
}

void msg_add(GMimeMultipart *multipart, GMimeObject *part)
{
	if (!part)
		return;
	g_mime_multipart_add(multipart, part);
	g_object_unref(part);
}

/* A file, with its type as Outlook knows it. Takes bytes over. */
static GMimeObject *file_of(const struct mapi *mapi, GByteArray *bytes)
{
	char *type = mapi_text(mapi, MAPI_MIME_TYPE);
	GMimeContentType *parsed = g_mime_content_type_parse(
	    NULL, type && *type ? type : "application/octet-stream");
	const char *media = g_mime_content_type_get_media_type(parsed);
	/* What it says of a file does not make a part of many parts of it. */
	bool odd = strcasecmp(media, "multipart") == 0 ||
		   strcasecmp(media, "message") == 0;
	GMimePart *part =
	    msg_part(odd ? "application" : media,
		     odd ? "octet-stream"
			 : g_mime_content_type_get_media_subtype(parsed),
		     bytes);
	g_object_unref(parsed);
	g_free(type);
	return GMIME_OBJECT(part);
}

static GMimeObject *attached_message(const struct mapi *mapi, unsigned depth)
{
	GsfInfile *storage = mapi_embedded(mapi, MAPI_ATTACHMENT);
	GMimeMessage *message =
	    storage && depth < EMAIL_DEPTH_MAX
		? msg_message(mapi->file, storage, MAPI_OF_EMBEDDED, depth + 1)
		: NULL;
	if (!message)
		return NULL;
	GMimeMessagePart *part =
	    g_mime_message_part_new_with_message("rfc822", message);
	g_object_unref(message);
	return GMIME_OBJECT(part);
}

static char *name_of(const struct mapi *mapi, bool message)
{
	static const enum mapi_property names[] = {
	    MAPI_LONG_FILENAME, MAPI_FILENAME, MAPI_DISPLAY_NAME};
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		char *name = mapi_text(mapi, names[i]);
		char *whole = name && *name && message
				  ? g_strconcat(name, ".eml", NULL)
				  : g_strdup(name);
		g_free(name);
		if (whole && *whole)
			return whole;
		g_free(whole);
	}
	return NULL;
}

static GMimeObject *attachment_of(const struct mapi *mapi, unsigned depth)
{
	GByteArray *bytes = mapi_bytes(mapi, MAPI_ATTACHMENT);
	GMimeObject *part =
	    bytes ? file_of(mapi, bytes) : attached_message(mapi, depth);
	if (!part)
		return NULL;
	bool shown =
	    mapi_number(mapi, MAPI_ATTACHMENT_FLAGS) & FLAG_SHOWN_IN_TEXT;
	char *id = mapi_text(mapi, MAPI_CONTENT_ID);
	char *name = name_of(mapi, !bytes);
	g_mime_object_set_disposition(part, shown ? "inline" : "attachment");
	if (id && *id)
		g_mime_object_set_content_id(part, id);
	if (name)
		g_mime_object_set_content_disposition_parameter(
		    part, "filename", name);
	g_free(name);
	g_free(id);
	return part;
}

/* Sorts the attachments: those that the text shows, and the others. */
static void sort_attachments(const struct mapi *mapi, unsigned depth,
			     GMimeMultipart *related, GMimeMultipart *mixed)
{
	int count = gsf_infile_num_children(mapi->storage);
	for (int i = 0; i < count; i++) {
		struct mapi attachment;
		GMimeObject *part = NULL;
		GsfInfile *storage =
		    mapi_part(mapi, i, "__attach_version1.0_#");
		if (!storage)
			continue;
		if (mapi_read(&attachment, mapi->file, storage, MAPI_OF_PART,
			      mapi->codepage))
			part = attachment_of(&attachment, depth);
		mapi_close(&attachment);
		bool shown = part && strcmp(g_mime_object_get_disposition(part),
					    "inline") == 0;
		msg_add(shown ? related : mixed, part);
	}
}

/* A multipart that begins with first, which it takes over; first itself when
 * there is nothing else in it. */
static GMimeObject *behind(GMimeObject *first, GMimeMultipart *multipart)
{
	if (g_mime_multipart_get_count(multipart) == 0)
		return first;
	g_mime_multipart_insert(multipart, 0, first);
	g_object_unref(first);
	return g_object_ref(GMIME_OBJECT(multipart));
}

GMimeObject *msg_with_attachments(const struct mapi *mapi, GMimeObject *body,
				  unsigned depth)
{
	GMimeMultipart *mixed = g_mime_multipart_new_with_subtype("mixed");
	GMimeMultipart *related = g_mime_multipart_new_with_subtype("related");
	sort_attachments(mapi, depth, related, mixed);
	GMimeObject *whole = behind(behind(body, related), mixed);
	g_object_unref(related);
	g_object_unref(mixed);
	return whole;
}
