/*
 * email_headers.c: what header fields say, in the mail's object.
 *
 * pkg-config: gmime-3.0 (libgmime-3.0-dev)
 */
#include "email.h"

#include "email_subject.h"

#include <string.h>

enum field_kind {
	FIELD_TEXT,
	FIELD_SUBJECT,
	FIELD_DATE,
	FIELD_ADDRESSES,
	FIELD_BOUNDARY,
};

/* In the order in which they are added. */
static const struct field {
	const char *relation;
	const char *header;
	enum field_kind kind;
	unsigned most; /* of its addresses */
} fields[] = {
    {"send-date", "Date", FIELD_DATE, 0},
    {"to", "To", FIELD_ADDRESSES, EMAIL_VALUES_MAX},
    {"to", "Delivered-To", FIELD_ADDRESSES, EMAIL_VALUES_MAX},
    {"from", "From", FIELD_ADDRESSES, EMAIL_VALUES_MAX},
    {"return-path", "Return-Path", FIELD_ADDRESSES, 1},
    {"reply-to", "Reply-To", FIELD_ADDRESSES, EMAIL_VALUES_MAX},
    {"bcc", "Bcc", FIELD_ADDRESSES, EMAIL_VALUES_MAX},
    {"cc", "Cc", FIELD_ADDRESSES, EMAIL_VALUES_MAX},
    {"subject", "Subject", FIELD_SUBJECT, 0},
    {"message-id", "Message-ID", FIELD_TEXT, 0},
    {"user-agent", "User-Agent", FIELD_TEXT, 0},
    {"mime-boundary", NULL, FIELD_BOUNDARY, 0},
    {"x-mailer", "X-Mailer", FIELD_TEXT, 0},
    {"thread-index", "Thread-Index", FIELD_TEXT, 0},
};

/* The message's own fields, and those about its content, lie apart; where they
 * stood in the file puts them in order again. */
void email_each_header(struct email *email,
		       void (*each)(void *context, GMimeHeader *header),
		       void *context)
{
	GMimeObject *content = g_mime_message_get_mime_part(email->message);
	GMimeHeaderList *lists[2] = {
	    g_mime_object_get_header_list(GMIME_OBJECT(email->message)),
	    content ? g_mime_object_get_header_list(content) : NULL};
	int at[2] = {0, 0};
	for (;;) {
		GMimeHeader *next[2] = {NULL, NULL};
		for (int i = 0; i < 2; i++)
			if (lists[i] &&
			    at[i] < g_mime_header_list_get_count(lists[i]))
				next[i] = g_mime_header_list_get_header_at(
				    lists[i], at[i]);
		if (!next[0] && !next[1])
			return;
		int first = !next[0] ||
			    (next[1] && g_mime_header_get_offset(next[1]) <
					    g_mime_header_get_offset(next[0]));
		at[first]++;
		each(context, next[first]);
	}
}

/* ---- All of them, as text ---- */

static void header_line(void *context, GMimeHeader *header)
{
	GString *text = context;
	/* As it is written: the value would be what GMime makes of it. */
	char *value = email_field_text(header);
	if (text->len > 0)
		g_string_append_c(text, '\n');
	g_string_append(text, g_mime_header_get_name(header));
	g_string_append(text, ": ");
	g_string_append(text, value);
	g_free(value);
}

static void add_header(struct email *email)
{
	GString *text = g_string_new(NULL);
	email_each_header(email, header_line, text);
	misp_object_add_json(email->object, "header",
			     misp_string(text->str, text->len));
	g_string_free(text, TRUE);
}

/* ---- One by one ---- */

/* MISP takes no such value with a line break in it; a folded or encoded one
 * stands for a blank. To be freed. */
static char *one_line(const char *text)
{
	GString *line = g_string_new(NULL);
	while (*text) {
		size_t blanks = strspn(text, " \t\r\n");
		if (memchr(text, '\r', blanks) || memchr(text, '\n', blanks))
			g_string_append_c(line, ' ');
		else
			g_string_append_len(line, text, (gssize)blanks);
		size_t word = strcspn(text += blanks, " \t\r\n");
		g_string_append_len(line, text, (gssize)word);
		text += word;
	}
	return g_strstrip(g_string_free(line, FALSE));
}

static void add_mailbox(struct email *email, const char *relation,
			InternetAddress *address, json_t *names)
{
	const char *mailbox = internet_address_mailbox_get_addr(
	    INTERNET_ADDRESS_MAILBOX(address));
	const char *name = internet_address_get_name(address);
	if (!mailbox || !*mailbox)
		return;
	json_t *attribute = misp_object_add(email->object, relation, mailbox);
	if (!name || !*name)
		return;
	char *line = one_line(name);
	misp_comment(attribute, "%s <%s>", line, mailbox);
	json_array_append_new(
	    names, json_pack("[o, o]", misp_string(line, strlen(line)),
			     misp_string(mailbox, strlen(mailbox))));
	g_free(line);
}

/* Groups hold mailboxes only. *most: how many may still be added; false when
 * there are more. */
static bool add_mailboxes(struct email *email, const char *relation,
			  InternetAddressList *list, unsigned *most,
			  json_t *names)
{
	int count = list ? internet_address_list_length(list) : 0;
	for (int i = 0; i < count; i++) {
		InternetAddress *address =
		    internet_address_list_get_address(list, i);
		if (!INTERNET_ADDRESS_IS_MAILBOX(address))
			continue;
		if (*most == 0)
			return false;
		add_mailbox(email, relation, address, names);
		--*most;
	}
	return true;
}

static void add_addresses(struct email *email, const struct field *field,
			  const char *value)
{
	char *joined = email_join_words(value);
	InternetAddressList *list = internet_address_list_parse(NULL, joined);
	json_t *names = json_array();
	unsigned most = field->most;
	bool all = add_mailboxes(email, field->relation, list, &most, names);
	int count = list ? internet_address_list_length(list) : 0;
	for (int i = 0; i < count && all; i++) {
		InternetAddress *address =
		    internet_address_list_get_address(list, i);
		if (INTERNET_ADDRESS_IS_GROUP(address))
			all =
			    add_mailboxes(email, field->relation,
					  internet_address_group_get_members(
					      INTERNET_ADDRESS_GROUP(address)),
					  &most, names);
	}
	if (!all && field->most == EMAIL_VALUES_MAX)
		email_tell_cut(email,
			       misp_text(email->query,
					 "Only the first %d addresses of its "
					 "field %s are here",
					 EMAIL_VALUES_MAX, field->header));
	const char *relation =
	    misp_text(email->query, "%s-display-name", field->relation);
	size_t index;
	json_t *name;
	json_array_foreach (names, index, name) {
		const char *text = json_string_value(json_array_get(name, 0));
		misp_comment(misp_object_add(email->object, relation, text),
			     "%s <%s>", text,
			     json_string_value(json_array_get(name, 1)));
	}
	json_decref(names);
	if (list)
		g_object_unref(list);
	g_free(joined);
}

static void add_field(struct email *email, const struct field *field,
		      GMimeHeader *header, bool short_subject)
{
	const char *raw = g_mime_header_get_raw_value(header);
	if (field->kind == FIELD_ADDRESSES) {
		add_addresses(email, field, raw ? raw : "");
		return;
	}
	char *value = email_field_text(header);
	char *text = one_line(value);
	const char *shown = text;
	if (field->kind == FIELD_SUBJECT && short_subject)
		shown = email_subject_short(text);
	if (field->kind == FIELD_DATE)
		shown = misp_time_of(email->query, text);
	misp_object_add(email->object, field->relation, shown);
	g_free(text);
	g_free(value);
}

void email_add_headers(struct email *email, bool short_subject)
{
	GMimeHeaderList *list =
	    g_mime_object_get_header_list(GMIME_OBJECT(email->message));
	GMimeObject *content = g_mime_message_get_mime_part(email->message);
	add_header(email);
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		GMimeHeader *header =
		    fields[i].header
			? g_mime_header_list_get_header(list, fields[i].header)
			: NULL;
		if (header)
			add_field(email, &fields[i], header, short_subject);
		else if (fields[i].kind == FIELD_BOUNDARY && content)
			misp_object_add(
			    email->object, fields[i].relation,
			    g_mime_object_get_content_type_parameter(
				content, "boundary"));
	}
}
