/*
 * email_import.c: an e-mail, or an Outlook message, as an email object with
 * what is attached to it.
 *
 * pkg-config: gmime-3.0 libgsf-1 libzip libxml-2.0 libpsl libidn2 libarchive
 * libcrypto libelf libfuzzy libmagic yara (libgmime-3.0-dev libgsf-1-dev
 * libzip-dev libxml2-dev libpsl-dev libidn2-dev libarchive-dev libssl-dev
 * libelf-dev libfuzzy-dev libmagic-dev libyara-dev)
 */
#include "email/email.h"

#include "file_object.h"
#include "reads.h"
#include "url_object.h"

static void import_original(struct email *email, const unsigned char *bytes,
			    size_t size)
{
	json_t *eml = misp_object_add(email->object, "eml", "Full email.eml");
	if (!email->from_msg) {
		misp_attach(eml, bytes, size);
		return;
	}
	GByteArray *made = email_part_bytes(GMIME_OBJECT(email->message));
	misp_attach(eml, made->data, made->len);
	misp_comment(eml, "Converted from MSG format");
	g_byte_array_unref(made);
	misp_attach(misp_object_add(email->object, "msg", "Full email.msg"),
		    bytes, size);
}

static json_t *import_query(struct misp_query *query)
{
	struct email email = {.query = query};
	size_t size = 0;
	const unsigned char *bytes = misp_file(query, &size);
	if (!bytes || !email_parse(&email, bytes, size))
		return NULL;
	email.results = misp_standard();
	email.object = misp_add_object(email.results, "email");
	email_find_parts(&email);
	import_original(&email, bytes, size);
	email_add_texts(&email);
	email_add_headers(
	    &email, misp_setting_true(query, "remove_subject_markers", false));
	email_add_received(&email);
	email_add_files(
	    &email, misp_setting_true(query, "unzip_attachments", false),
	    misp_setting_true(query, "guess_zip_attachment_passwords", false));
	if (misp_setting_true(query, "extract_urls", false))
		email_add_links(&email);
	return misp_finish(query, email.results);
}

MISP_MODULE(
    email_import, .types = MISP_IMPORT, .format = MISP_STANDARD,
    .query = import_query, .title = "Email Import", .version = "1.0",
    .author = "MISP modules FastCGI server",
    .description = "Imports an e-mail: its header fields, its text, what is "
		   "attached to it and the URLs in it.",
    .features =
	"Takes mails as they are sent (.eml) and messages of Outlook (.msg). "
	"Attached files become file objects. On demand archives among them "
	"are unpacked, also when the password stands in the mail or is a "
	"usual one; URLs of the text become url objects, and the subject "
	"loses its reply and forward markers. A setting is switched on by "
	"yes, true, y, t or 1.",
    .input_text = "A file with one e-mail.",
    .output_text = "An email object, and file and url objects that it "
		   "refers to.",
    .references = MISP_LIST("https://www.rfc-editor.org/rfc/rfc5322",
			    "https://learn.microsoft.com/openspecs/"
			    "exchange_server_protocols/ms-oxmsg"),
    .requirements = MISP_LIST("gmime", "libgsf", "libzip", "libxml2"),
    .output = MISP_LIST("MISP objects"),
    .settings = MISP_SETTINGS(
	{"unzip_attachments", "Unpack attached ZIP archives", NULL},
	{"guess_zip_attachment_passwords",
	 "Look for the password of an attached archive among the words of the "
	 "mail and the usual ones",
	 NULL},
	{"extract_urls", "Add the URLs in the text of the mail", NULL},
	{"remove_subject_markers", "Take \"Re:\" and the like off the subject",
	 NULL}),
    .caged = true,
    .reads = MISP_LIST(READS_GCONV, URL_OBJECT_READS, FILE_OBJECT_READS),
    .input_source = MISP_LIST("file"));
