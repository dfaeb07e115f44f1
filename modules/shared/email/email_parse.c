/*
 * email_parse.c: the bytes of a file as a mail.
 *
 * pkg-config: gmime-3.0 libgsf-1 (libgmime-3.0-dev libgsf-1-dev)
 */
#include "email.h"
#include "email_msg.h"

#include <limits.h>
#include <string.h>

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* Whether a line of a header stands there: printable signs and a colon, as in
 * a mail and in nearly nothing else. */
static bool has_field(const unsigned char *bytes, size_t size)
{
	size_t name = 0;
	while (name < size && bytes[name] > ' ' && bytes[name] < 0x7f &&
	       bytes[name] != ':')
		name++;
	while (name > 0 && name < size &&
	       (bytes[name] == ' ' || bytes[name] == '\t'))
		name++;
	return name > 0 && name < size && bytes[name] == ':';
}

static const unsigned char *next_line(const unsigned char *bytes, size_t size)
{
	const unsigned char *end = memchr(bytes, '\n', size);
	return end ? end + 1 : bytes + size;
}

/* Whether the line begins a mail in a mailbox. Programs that add fields at the
 * top leave it amid the header. */
static bool is_envelope(const unsigned char *line, size_t size)
{
	static const char *const lines[] = {"From ", ">From "};
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		if (size >= strlen(lines[i]) &&
		    memcmp(line, lines[i], strlen(lines[i])) == 0)
			return true;
	return false;
}

/* Where the header ends: behind its last field. A mail whose text follows
 * without an empty line is none, but programs show it; that may begin as a mail
 * in a mailbox does. */
static size_t header_size(const unsigned char *bytes, size_t size)
{
	const unsigned char *line = bytes, *end = bytes + size, *last = bytes;
	while (line < end) {
		bool field = *line == ' ' || *line == '\t' ||
			     has_field(line, (size_t)(end - line));
		if (!field && !is_envelope(line, (size_t)(end - line)))
			break;
		line = next_line(line, (size_t)(end - line));
		if (field)
			last = line;
	}
	return (size_t)(last - bytes);
}

/* The header's fields, without what begins a mail in a mailbox. */
static void header_copy(unsigned char *copy, size_t *copied,
			const unsigned char *header, size_t size)
{
	const unsigned char *line = header, *end = header + size;
	while (line < end) {
		const unsigned char *next =
		    next_line(line, (size_t)(end - line));
		size_t length = (size_t)(next - line);
		if (!is_envelope(line, length)) {
			memcpy(copy + *copied, line, length);
			*copied += length;
		}
		line = next;
	}
}

static void cat_bytes(GMimeStream *all, const void *bytes, size_t size,
		      GByteArray *array)
{
	array->data = (guint8 *)bytes;
	array->len = (guint)size;
	GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(array);
	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	g_mime_stream_cat_add_source(GMIME_STREAM_CAT(all), stream);
	g_object_unref(stream);
}

static void message_release(void *message)
{
	g_object_unref(message);
}

/* The bytes are borrowed: what the message has not decoded yet lies there. */
static GMimeMessage *mime_parse(struct misp_query *query,
				const unsigned char *bytes, size_t size)
{
	size_t header = header_size(bytes, size), copied = 0;
	if (!email_limits_hold(query, bytes, size, header))
		return NULL;
	GByteArray *arrays = misp_alloc(query, 3 * sizeof(*arrays));
	unsigned char *copy = misp_alloc(query, header);
	if (!arrays || !copy)
		return NULL;
	header_copy(copy, &copied, bytes, header);
	bool separated =
	    header == size || bytes[header] == '\n' || bytes[header] == '\r';
	GMimeStream *stream = g_mime_stream_cat_new();
	cat_bytes(stream, copy, copied, &arrays[0]);
	cat_bytes(stream, "\n", separated ? 0 : 1, &arrays[1]);
	cat_bytes(stream, bytes + header, size - header, &arrays[2]);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
	g_object_unref(parser);
	g_object_unref(stream);
	return misp_defer(query, message, message_release);
}

/* How many bytes stand before a mail: white space, a byte order mark, and the
 * line that begins it in a mailbox. */
static size_t before_fields(const unsigned char *bytes, size_t size)
{
	static const char blanks[] = " \t\r\n\f\v";
	size_t at = 0;
	if (size >= strlen(BYTE_ORDER_MARK) &&
	    memcmp(bytes, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)) == 0)
		at = strlen(BYTE_ORDER_MARK);
	while (at < size && memchr(blanks, bytes[at], sizeof(blanks) - 1))
		at++;
	while (is_envelope(bytes + at, size - at))
		at = (size_t)(next_line(bytes + at, size - at) - bytes);
	return at;
}

bool email_parse(struct email *email, const unsigned char *bytes, size_t size)
{
	g_mime_init();
	email->from_msg = email_is_msg(bytes, size);
	if (email->from_msg) {
		email->message = email_msg_message(email->query, bytes, size);
		return email->message != NULL;
	}
	size_t before = before_fields(bytes, size);
	if (size - before > INT_MAX ||
	    !has_field(bytes + before, size - before)) {
		misp_fail(email->query,
			  "The file is no e-mail: it does not begin with the "
			  "field of a header, nor is it an Outlook message");
		return false;
	}
	email->message =
	    mime_parse(email->query, bytes + before, size - before);
	if (!email->message)
		misp_fail(email->query, "The e-mail cannot be read");
	return email->message != NULL;
}
