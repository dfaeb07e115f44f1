/*
 * email_files.c: what is attached to a mail, as file objects.
 *
 * pkg-config: gmime-3.0 libzip (libgmime-3.0-dev libzip-dev)
 */
#include "email.h"
#include "file_object.h"

#include <string.h>

#define NAME_MISSING "NameMissing.txt"
#define NAME_MISSING_MAIL "NameMissing.eml"
#define NOT_CRACKED "Encrypted Zip: Password could not be cracked from message"
#define GIVEN_UP NOT_CRACKED " (not all of its words were tried)"

/* Documents that are archives inside: their parts say nothing alone. */
static bool is_document(const char *name)
{
	static const char *const endings[] = {
	    "doc",  "docx", "dot",  "dotx", "docm", "dotm", "xls",
	    "xlsx", "xlsm", "xlsb", "xlm",  "xla",  "xlc",  "xlt",
	    "xltx", "xlw",  "ppt",  "pptx", "pptm", "pps",  "ppsx",
	    "pot",  "potx", "sldx", "odt",  "ods",  "odp",  "odg",
	    "odf",  "ott",  "uot",  "fodt", "fods", "fodp", "fodg"};
	const char *dot = strrchr(name, '.');
	for (size_t i = 0; dot && i < sizeof(endings) / sizeof(*endings); i++)
		if (strcasecmp(dot + 1, endings[i]) == 0)
			return true;
	return false;
}

void email_add_file(struct email *email, const char *name,
		    const GByteArray *bytes, const char *comment)
{
	json_t *file = file_object_add(email->query, email->results,
				       file_object_name(email->query, name),
				       bytes->data, bytes->len, true);
	email->files++;
	if (comment)
		misp_comment(file, "%s", comment);
	json_t *reference =
	    misp_reference(email->object, misp_uuid(file), "includes");
	misp_comment(reference, "Email attachment");
}

/* The passwords are collected once, for the first archive there is. */
static void add_unzipped(struct email *email, const char *name,
			 const GByteArray *bytes, bool guess,
			 GPtrArray **passwords)
{
	if (guess && !*passwords && bytes->len > 0)
		*passwords = email_passwords(email);
	switch (email_unzip(email, name, bytes, *passwords)) {
	case EMAIL_UNZIP_DONE:
		return;
	case EMAIL_UNZIP_LOCKED:
		email_add_file(email, name, bytes, guess ? NOT_CRACKED : NULL);
		return;
	case EMAIL_UNZIP_GIVEN_UP:
		email_add_file(email, name, bytes, GIVEN_UP);
		return;
	case EMAIL_UNZIP_PARTLY:
		email_add_file(email, name, bytes,
			       "Not all of this archive could be unpacked: it "
			       "is damaged, or too much is in it");
		return;
	case EMAIL_UNZIP_NONE:
		break;
	}
	email_add_file(email, name, bytes, NULL);
}

void email_add_files(struct email *email, bool unzip, bool guess_passwords)
{
	GPtrArray *passwords = NULL;
	for (guint i = 0; i < email->attachments->len; i++) {
		GMimeObject *part = g_ptr_array_index(email->attachments, i);
		const char *name = email_part_name(email->query, part);
		if (!name || !*name)
			name = GMIME_IS_MESSAGE_PART(part) ? NAME_MISSING_MAIL
							   : NAME_MISSING;
		GByteArray *bytes = email_part_bytes(part);
		if (unzip && !is_document(name))
			add_unzipped(email, name, bytes, guess_passwords,
				     &passwords);
		else
			email_add_file(email, name, bytes, NULL);
		g_byte_array_unref(bytes);
	}
	if (passwords)
		g_ptr_array_unref(passwords);
	if (email->attachment_count > email->attachments->len)
		email_tell_cut(
		    email,
		    misp_text(email->query,
			      "Only the first %u of %zu attachments are here",
			      email->attachments->len,
			      email->attachment_count));
}
