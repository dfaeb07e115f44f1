/*
 * email.h: an e-mail on its way to a MISP object, and the steps of that way.
 * What each function takes and gives is as in misp-module.h.
 */
#ifndef MODULES_EMAIL_H
#define MODULES_EMAIL_H

#include "misp-module.h"

#include <gmime/gmime.h>
#include <time.h>

/* Parts in parts, or mails in mails, that are gone into; what is deeper stays
 * in one piece. */
#define EMAIL_DEPTH_MAX 64
/* Files, attached or unpacked, that become objects. */
#define EMAIL_FILES_MAX 1000
/* Attributes that one kind of header field gives. */
#define EMAIL_VALUES_MAX 10000
/* Words that are tried as a password. */
#define EMAIL_PASSWORDS_MAX 20000

struct email {
	struct misp_query *query;
	GMimeMessage *message;
	bool from_msg; /* made from Outlook's format */
	/* Parts of the message, borrowed from it: the first text of each
	 * kind (or NULL), and what is attached. */
	GMimePart *plain;
	GMimePart *html;
	GPtrArray *attachments;
	size_t attachment_count; /* those beyond EMAIL_FILES_MAX too */

	const char *plain_text; /* theirs, borrowed from results, or NULL */
	const char *html_text;

	json_t *results;
	json_t *object;   /* that of the mail itself, in results */
	size_t files;     /* that were added to results */
	size_t unpacked;  /* bytes of them that came out of archives */
	clock_t guessing; /* spent on the search for passwords */

	const char *cuts; /* what of the mail is not here; NULL: nothing */
};

/* Says in the comment of the mail's object that something was left out. */
static inline void email_tell_cut(struct email *email, const char *sentence)
{
	misp_append(email->query, &email->cuts, "; ", sentence);
	if (email->cuts)
		misp_comment(email->object, "%s", email->cuts);
}

/* ---- email_parse.c ---- */

/* Reads a mail, or an Outlook message; false after misp_fail. */
bool email_parse(struct email *email, const unsigned char *bytes, size_t size);

/* ---- email_limits.c ---- */

/* Whether a mail, whose header has that many bytes, can be parsed in a short
 * time; false after misp_fail. */
bool email_limits_hold(struct misp_query *query, const unsigned char *bytes,
		       size_t size, size_t header);

/* ---- email_parts.c ---- */

/* Finds the texts and the attachments. */
void email_find_parts(struct email *email);

/* The name of an attachment as the mail has it, or NULL; lives as long as the
 * query and the part. */
const char *email_part_name(struct misp_query *query, GMimeObject *part);

/* ---- email_words.c ---- */

/* What is written in a field, with the encoded words that are next to each
 * other made one, as GMime wants them. To be freed with g_free. */
char *email_join_words(const char *raw);

/* The text of a header field: unfolded and decoded. To be freed with g_free. */
char *email_field_text(GMimeHeader *header);

/* The parameter of a field in which there are encoded words, as
 * Content-Disposition's "filename"; lives as long as the query. NULL when there
 * are none: then what GMime says of it is right. */
const char *email_parameter(struct misp_query *query, GMimeObject *part,
			    const char *field, const char *name);

/* ---- email_text.c ---- */

/* The bytes of a part, decoded; of a mail, an attached one too, all of it.
 * Never NULL, to be released with g_byte_array_unref. */
GByteArray *email_part_bytes(GMimeObject *part);

/* The text of a part, without white space around it: a JSON string, a new
 * reference. */
json_t *email_part_text(GMimePart *part);

/* Adds the texts to the mail's object. */
void email_add_texts(struct email *email);

/* ---- email_headers.c ---- */

/* Adds what header fields say to the mail's object. short_subject: without
 * "Re:" and the like. */
void email_add_headers(struct email *email, bool short_subject);

/* Adds the hosts that Received fields name. */
void email_add_received(struct email *email);

/* The mail's header fields, in their order, with next called for each. */
void email_each_header(struct email *email,
		       void (*each)(void *context, GMimeHeader *header),
		       void *context);

/* ---- email_files.c ---- */

/* Adds the attachments: what they are, or what is packed in them. */
void email_add_files(struct email *email, bool unzip, bool guess_passwords);

/* Adds one file, to which the mail's object refers; comment may be NULL. */
void email_add_file(struct email *email, const char *name,
		    const GByteArray *bytes, const char *comment);

/* ---- email_unzip.c ---- */

enum email_unzip {
	EMAIL_UNZIP_DONE,
	EMAIL_UNZIP_NONE,     /* it is no ZIP archive */
	EMAIL_UNZIP_LOCKED,   /* no password opens it */
	EMAIL_UNZIP_GIVEN_UP, /* the same, but not all words were tried */
	EMAIL_UNZIP_PARTLY,   /* damaged, or too much is in it */
};

/* Adds the files in a ZIP archive. passwords are tried when it is locked; NULL
 * tries none. */
enum email_unzip email_unzip(struct email *email, const char *name,
			     const GByteArray *archive,
			     const GPtrArray *passwords);

/* ---- email_passwords.c ---- */

/* Strings that may be a password: usual ones, and the words of the mail. To be
 * released with g_ptr_array_unref. */
GPtrArray *email_passwords(struct email *email);

/* ---- email_links.c ---- */

/* Adds the URLs in the mail's text, to which its object refers. */
void email_add_links(struct email *email);

#endif
