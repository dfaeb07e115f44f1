/*
 * email_msg_headers.c: the header fields of an Outlook message: those that it
 * came with, and for those that it lacks what Outlook knows itself.
 *
 * pkg-config: gmime-3.0 libgsf-1 (libgmime-3.0-dev libgsf-1-dev)
 */
#include "email.h"
#include "email_msg_parts.h"

#include <string.h>

/* Between 1601 and 1970. */
#define EPOCH_SECONDS 11644473600LL
#define UNITS_A_SECOND 10000000

static void set_header(GMimeMessage *message, const char *name,
		       const char *value)
{
	if (value && *value &&
	    !g_mime_object_get_header(GMIME_OBJECT(message), name))
		g_mime_object_set_header(GMIME_OBJECT(message), name, value,
					 "utf-8");
}

static void set_text(GMimeMessage *message, const char *name,
		     const struct mapi *mapi, enum mapi_property property)
{
	char *value = mapi_text(mapi, property);
	set_header(message, name, value);
	g_free(value);
}

static void set_date(GMimeMessage *message, const struct mapi *mapi)
{
	uint64_t time = mapi_number(mapi, MAPI_SUBMIT_TIME);
	if (time == 0)
		time = mapi_number(mapi, MAPI_DELIVERY_TIME);
	GDateTime *date =
	    time ? g_date_time_new_from_unix_utc(
		       (gint64)(time / UNITS_A_SECOND) - EPOCH_SECONDS)
		 : NULL;
	if (!date)
		return;
	char *text = g_mime_utils_header_format_date(date);
	set_header(message, "Date", text);
	g_free(text);
	g_date_time_unref(date);
}

/* ---- Addresses ---- */

/* The first of the properties that is an address as the Internet knows them:
 * those of Exchange are paths. To be freed, or NULL. */
static char *address_of(const struct mapi *mapi,
			const enum mapi_property *properties, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char *address = mapi_text(mapi, properties[i]);
		if (address && strchr(address, '@'))
			return address;
		g_free(address);
	}
	return NULL;
}

static void list_add(InternetAddressList *list, const char *name,
		     const char *address)
{
	if (!address)
		return;
	if (name && (!*name || strcmp(name, address) == 0))
		name = NULL;
	InternetAddress *mailbox = internet_address_mailbox_new(name, address);
	internet_address_list_add(list, mailbox);
	g_object_unref(mailbox);
}

static void set_list(GMimeMessage *message, const char *name,
		     InternetAddressList *list)
{
	char *value = internet_address_list_to_string(list, NULL, FALSE);
	set_header(message, name, value);
	g_free(value);
	g_object_unref(list);
}

static void set_sender(GMimeMessage *message, const struct mapi *mapi)
{
	static const enum mapi_property addresses[] = {
	    MAPI_SENT_SMTP_ADDRESS, MAPI_SENT_ADDRESS, MAPI_SENDER_SMTP_ADDRESS,
	    MAPI_SENDER_ADDRESS};
	InternetAddressList *list = internet_address_list_new();
	char *address = address_of(mapi, addresses, G_N_ELEMENTS(addresses));
	char *name = mapi_text(mapi, MAPI_SENT_NAME);
	if (!name)
		name = mapi_text(mapi, MAPI_SENDER_NAME);
	list_add(list, name, address);
	set_list(message, "From", list);
	g_free(address);
	g_free(name);
}

static void set_recipients(GMimeMessage *message, const struct mapi *mapi)
{
	static const char *const fields[] = {NULL, "To", "Cc", "Bcc"};
	static const enum mapi_property addresses[] = {MAPI_SMTP_ADDRESS,
						       MAPI_ADDRESS};
	InternetAddressList *lists[G_N_ELEMENTS(fields)] = {NULL};
	for (size_t i = 1; i < G_N_ELEMENTS(fields); i++)
		lists[i] = internet_address_list_new();
	int count = gsf_infile_num_children(mapi->storage);
	for (int i = 0; i < count; i++) {
		struct mapi recipient;
		GsfInfile *part = mapi_part(mapi, i, "__recip_version1.0_#");
		if (part && mapi_read(&recipient, mapi->file, part,
				      MAPI_OF_PART, mapi->codepage)) {
			uint64_t kind =
			    mapi_number(&recipient, MAPI_RECIPIENT_KIND) & 0xf;
			char *name = mapi_text(&recipient, MAPI_DISPLAY_NAME);
			char *address = address_of(&recipient, addresses,
						   G_N_ELEMENTS(addresses));
			if (kind > 0 && kind < G_N_ELEMENTS(fields))
				list_add(lists[kind], name, address);
			g_free(name);
			g_free(address);
		}
		if (part)
			mapi_close(&recipient);
	}
	for (size_t i = 1; i < G_N_ELEMENTS(fields); i++)
		set_list(message, fields[i], lists[i]);
}

/* ---- All of them ---- */

/* The header's text, from its first field on. */
static const char *first_field(const char *text)
{
	while (*text) {
		size_t name = strcspn(text, ": \t\r\n");
		if (name > 0 && text[name] == ':')
			return text;
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return text;
}

static GMimeMessage *parse_header(struct misp_query *query, const char *text)
{
	size_t size = strlen(text);
	if (!email_limits_hold(query, (const unsigned char *)text, size, size))
		return NULL;
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(text, size);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
	g_object_unref(parser);
	g_object_unref(stream);
	return message ? message : g_mime_message_new(FALSE);
}

GMimeMessage *msg_headers(const struct mapi *mapi)
{
	char *text = mapi_text(mapi, MAPI_HEADERS);
	char *whole =
	    g_strconcat(text ? first_field(text) : "", "\r\n\r\n", NULL);
	GMimeMessage *message = parse_header(mapi->file->query, whole);
	g_free(whole);
	g_free(text);
	if (!message)
		return NULL;
	set_sender(message, mapi);
	set_recipients(message, mapi);
	set_text(message, "Subject", mapi, MAPI_SUBJECT);
	set_date(message, mapi);
	set_text(message, "Message-ID", mapi, MAPI_MESSAGE_ID);
	return message;
}
