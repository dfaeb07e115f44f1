/*
 * email_mapi.h: the properties (MAPI) of an Outlook message, of one of its
 * recipients or of one of its attachments: [MS-OXMSG], in an OLE2 container.
 */
#ifndef MODULES_EMAIL_MAPI_H
#define MODULES_EMAIL_MAPI_H

#include "misp-module.h"

#include <glib.h>
#include <gsf/gsf.h>

/* Properties by their number in [MS-OXPROPS]. */
enum mapi_property {
	MAPI_SUBJECT = 0x0037,
	MAPI_SUBMIT_TIME = 0x0039,
	MAPI_SENT_NAME = 0x0042,
	MAPI_SENT_ADDRESS = 0x0065,
	MAPI_HEADERS = 0x007d,
	MAPI_RECIPIENT_KIND = 0x0c15,
	MAPI_SENDER_NAME = 0x0c1a,
	MAPI_SENDER_ADDRESS = 0x0c1f,
	MAPI_DELIVERY_TIME = 0x0e06,
	MAPI_BODY = 0x1000,
	MAPI_HTML = 0x1013,
	MAPI_MESSAGE_ID = 0x1035,
	MAPI_DISPLAY_NAME = 0x3001,
	MAPI_ADDRESS = 0x3003,
	MAPI_ATTACHMENT = 0x3701,
	MAPI_FILENAME = 0x3704,
	MAPI_LONG_FILENAME = 0x3707,
	MAPI_MIME_TYPE = 0x370e,
	MAPI_CONTENT_ID = 0x3712,
	MAPI_ATTACHMENT_FLAGS = 0x3714,
	MAPI_SMTP_ADDRESS = 0x39fe,
	MAPI_INTERNET_CODEPAGE = 0x3fde,
	MAPI_MESSAGE_CODEPAGE = 0x3ffd,
	MAPI_SENDER_SMTP_ADDRESS = 0x5d01,
	MAPI_SENT_SMTP_ADDRESS = 0x5d02,
};

/* What the properties belong to; it says how far into their list they begin. */
enum mapi_owner {
	MAPI_OF_PART = 8, /* recipient or attachment */
	MAPI_OF_EMBEDDED = 24,
	MAPI_OF_MESSAGE = 32,
};

/* What all properties of a file share. */
struct mapi_file {
	struct misp_query *query;
	/* Bytes that may still be read: streams of a hostile file may lie upon
	 * each other. */
	size_t budget;
};

struct mapi {
	struct mapi_file *file;
	GsfInfile *storage;
	GByteArray *fixed; /* the list of properties */
	size_t begin;      /* of the first one in it */
	unsigned codepage; /* of strings that are not UTF-16; 0: unknown */
};

/* Whether bytes are an OLE2 container. */
bool mapi_is_container(const unsigned char *bytes, size_t size);

/* The container's root; NULL when it is damaged, or has too many streams for
 * libgsf. To be released with g_object_unref; the bytes are borrowed. */
GsfInfile *mapi_open(const unsigned char *bytes, size_t size);

/* Takes storage over; false when it has no properties. mapi_close is due in any
 * case. codepage is that of the message around. */
bool mapi_read(struct mapi *mapi, struct mapi_file *file, GsfInfile *storage,
	       enum mapi_owner owner, unsigned codepage);
void mapi_close(struct mapi *mapi);

/* A string as UTF-8, in memory of GLib, or NULL. */
char *mapi_text(const struct mapi *mapi, enum mapi_property property);

/* Bytes, to be released with g_byte_array_unref, or NULL. */
GByteArray *mapi_bytes(const struct mapi *mapi, enum mapi_property property);

/* A number or a time (since 1601, in units of 100 ns); 0 when there is none. */
uint64_t mapi_number(const struct mapi *mapi, enum mapi_property property);

/* A message in an attachment, to be released, or NULL. */
GsfInfile *mapi_embedded(const struct mapi *mapi, enum mapi_property property);

/* The recipient or attachment (as prefix says) at an index of the storage, to
 * be released; NULL when another thing stands there. */
GsfInfile *mapi_part(const struct mapi *mapi, int index, const char *prefix);

/* The name of a Windows code page for iconv, in memory of GLib. */
char *mapi_charset(unsigned codepage);

#endif
