/*
 * email_msg.h: a message of Outlook (.msg) as a mail.
 */
#ifndef MODULES_EMAIL_MSG_H
#define MODULES_EMAIL_MSG_H

#include "misp-module.h"

#include <gmime/gmime.h>

/* Whether bytes are a container such as Outlook's messages are. */
bool email_is_msg(const unsigned char *bytes, size_t size);

/* The mail, which lives as long as the query; NULL after misp_fail. */
GMimeMessage *email_msg_message(struct misp_query *query,
				const unsigned char *bytes, size_t size);

#endif
