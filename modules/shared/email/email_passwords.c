/*
 * email_passwords.c: what may be the password of an archive in a mail: those
 * that malware is passed around with, the most usual ones, and every word of
 * the mail.
 *
 * pkg-config: gmime-3.0 (libgmime-3.0-dev)
 */
#include "email.h"
#include "email_html.h"

#include <string.h>

#define PASSWORD_SIZE_MAX 100
/* Of all texts together. */
#define TEXT_MAX (1 << 20)
#define BLANKS " \t\r\n\f\v"

struct guesses {
	GPtrArray *list;
	GHashTable *known; /* those in the list */
};

static void guess_add(struct guesses *guesses, const char *word, size_t length)
{
	if (length == 0 || length > PASSWORD_SIZE_MAX ||
	    guesses->list->len >= EMAIL_PASSWORDS_MAX)
		return;
	char *password = g_strndup(word, length);
	if (g_hash_table_contains(guesses->known, password)) {
		g_free(password);
		return;
	}
	g_hash_table_add(guesses->known, password);
	g_ptr_array_add(guesses->list, password);
}

static void add_usual(struct guesses *guesses)
{
	static const char *const usual[] = {
	    "infected", "malware",  "virus",     "infected!", "123456",
	    "password", "12345678", "qwerty",    "abc123",    "123456789",
	    "111111",   "1234567",  "iloveyou",  "adobe123",  "123123",
	    "sunshine", "12345",    "1234",      "letmein",   "1234567890",
	    "monkey",   "shadow",   "password1", "princess",  "azerty",
	    "trustno1", "000000",   "admin",     "secret",    "123"};
	for (size_t i = 0; i < sizeof(usual) / sizeof(*usual); i++)
		guess_add(guesses, usual[i], strlen(usual[i]));
}

/* What stands between quotes or brackets, which may have blanks in it. */
static void add_marked(struct guesses *guesses, const char *text)
{
	static const char *const marks[] = {"''", "\"\"", "[]", "()",
					    "<>", "``",   NULL};
	for (size_t i = 0; marks[i]; i++) {
		const char *from = text;
		while ((from = strchr(from, marks[i][0]))) {
			const char *end = strchr(from + 1, marks[i][1]);
			if (!end)
				break;
			guess_add(guesses, from + 1, (size_t)(end - from - 1));
			from = end + 1;
		}
	}
}

static size_t without_marks(const char **word, size_t length, const char *marks)
{
	while (length > 0 && strchr(marks, **word)) {
		++*word;
		length--;
	}
	while (length > 0 && strchr(marks, (*word)[length - 1]))
		length--;
	return length;
}

/* Words as they stand, without the signs of a sentence, and without quotes and
 * brackets; and the part behind a colon: "password:x". */
static void add_words(struct guesses *guesses, const char *text)
{
	while (*(text += strspn(text, BLANKS))) {
		size_t length = strcspn(text, BLANKS);
		const char *word = text;
		const char *colon = memchr(text, ':', length);
		guess_add(guesses, text, length);
		guess_add(guesses, word,
			  without_marks(&word, length, ".,;:?!"));
		word = text;
		size_t bare = without_marks(&word, length, ".,;:?!'\"()[]<>*`");
		guess_add(guesses, word, bare);
		if (colon)
			guess_add(guesses, colon + 1,
				  (size_t)(text + length - colon - 1));
		text += length;
	}
}

/* ---- The text ---- */

static void append_text(void *context, const char *piece, size_t length)
{
	GString *text = context;
	if (text->len >= TEXT_MAX)
		return;
	if (length > TEXT_MAX - text->len)
		length = TEXT_MAX - text->len;
	g_string_append_len(text, piece, (gssize)length);
	g_string_append_c(text, '\n');
}

static void append_part(GString *text, GMimePart *part)
{
	GMimeContentType *type =
	    g_mime_object_get_content_type(GMIME_OBJECT(part));
	const struct email_html html = {.context = text, .text = append_text};
	if (!g_mime_content_type_is_type(type, "text", "*"))
		return;
	json_t *content = email_part_text(part);
	const char *bytes = json_string_value(content);
	if (bytes && g_mime_content_type_is_type(type, "text", "html"))
		email_html_read(bytes, json_string_length(content), &html);
	else if (bytes)
		append_text(text, bytes, json_string_length(content));
	json_decref(content);
}

/* The subject, and every text of the mail and of those in it. */
static GString *all_text(struct email *email)
{
	GString *text = g_string_new(NULL);
	GMimeHeader *header = g_mime_header_list_get_header(
	    g_mime_object_get_header_list(GMIME_OBJECT(email->message)),
	    "Subject");
	if (header) {
		char *subject = email_field_text(header);
		append_text(text, subject, strlen(subject));
		g_free(subject);
	}
	GMimePartIter *parts =
	    g_mime_part_iter_new(GMIME_OBJECT(email->message));
	do {
		GMimeObject *part = g_mime_part_iter_get_current(parts);
		if (part && GMIME_IS_PART(part))
			append_part(text, GMIME_PART(part));
	} while (text->len < TEXT_MAX && g_mime_part_iter_next(parts));
	g_mime_part_iter_free(parts);
	return text;
}

GPtrArray *email_passwords(struct email *email)
{
	struct guesses guesses = {
	    .list = g_ptr_array_new_with_free_func(g_free),
	    .known = g_hash_table_new(g_str_hash, g_str_equal)};
	GString *text = all_text(email);
	add_usual(&guesses);
	add_marked(&guesses, text->str);
	add_words(&guesses, text->str);
	g_string_free(text, TRUE);
	g_hash_table_unref(guesses.known);
	return guesses.list;
}
