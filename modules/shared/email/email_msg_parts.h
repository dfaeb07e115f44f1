/*
 * email_msg_parts.h: between the files that make a mail of an Outlook message.
 */
#ifndef MODULES_EMAIL_MSG_PARTS_H
#define MODULES_EMAIL_MSG_PARTS_H

#include "email_mapi.h"

#include <gmime/gmime.h>

/* ---- email_msg.c ---- */

/* The message in a storage, which is taken over; NULL when it is none, or after
 * misp_fail. depth: in how many others it is; not more than EMAIL_DEPTH_MAX. */
GMimeMessage *msg_message(struct mapi_file *file, GsfInfile *storage,
			  enum mapi_owner owner, unsigned depth);

/* ---- email_msg_headers.c ---- */

/* A mail that has the header only; NULL after misp_fail. */
GMimeMessage *msg_headers(const struct mapi *mapi);

/* ---- email_msg_attachments.c ---- */

/* A part of these bytes, which are taken over. */
GMimePart *msg_part(const char *type, const char *subtype, GByteArray *bytes);

/* Adds a part, which is taken over; NULL adds nothing. */
void msg_add(GMimeMultipart *multipart, GMimeObject *part);

/* The body, which is taken over, with what is attached to the message. */
GMimeObject *msg_with_attachments(const struct mapi *mapi, GMimeObject *body,
				  unsigned depth);

#endif
