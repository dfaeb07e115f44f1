/*
 * email_received.c: the way of a mail: the hosts and addresses that its
 * Received fields name, as far as they are on the public Internet.
 *
 * pkg-config: gmime-3.0 (libgmime-3.0-dev)
 */
#include "email.h"

#include <ctype.h>
#include <string.h>

/* Of one field: no mail server writes more. */
#define FIELD_MAX 4096
#define COMMENT_MAX 1000
#define HOST_MAX 255
/* Of all fields together. */
#define HOSTS_MAX 1000

#define ADDRESS_SIGNS "0123456789abcdefABCDEF:."

struct received {
	struct email *email;
	json_t *seen;      /* a set: relation and value */
	char *field;       /* the one that is read */
	const char *brief; /* of it, for the comment */
	bool cut;          /* there are more than HOSTS_MAX */
};

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (unsigned char)c > 0x7f;
}

static void add(struct received *received, const char *relation,
		const char *value)
{
	char key[HOST_MAX + 32];
	snprintf(key, sizeof(key), "%s %s", relation, value);
	if (json_object_get(received->seen, key))
		return;
	received->cut = json_object_size(received->seen) >= HOSTS_MAX;
	if (received->cut)
		return;
	json_object_set_new_nocheck(received->seen, key, json_true());
	misp_comment(misp_object_add(received->email->object, relation, value),
		     "%s", received->brief);
}

static void add_address(struct received *received, const char *address)
{
	if (misp_ip_public(address))
		add(received, "received-header-ip", address);
}

/* A host, or an address in its place. */
static void add_host(struct received *received, const char *from, size_t length)
{
	char host[HOST_MAX + 1];
	if (length == 0 || length > HOST_MAX)
		return;
	snprintf(host, sizeof(host), "%.*s", (int)length, from);
	const char *dot = strrchr(host, '.');
	if (misp_ip_version(host))
		add_address(received, host);
	else if (dot && strlen(dot) > 2) /* its last label has two letters */
		add(received, "received-header-hostname", host);
}

/* What stands in brackets behind the name that a host gave itself: first the
 * name that its address has. Returns where the brackets end, or text. */
static const char *add_reverse(struct received *received, const char *text)
{
	const char *at = text + strspn(text, " \t\r\n");
	const char *end = *at == '(' && at > text ? strchr(at, ')') : NULL;
	if (!end || end == at + 1)
		return text;
	at++;
	at += strspn(at, " \t\r\n");
	size_t length = strcspn(at, " \t\r\n)");
	while (length > 0 && strchr("[(", *at)) {
		at++;
		length--;
	}
	while (length > 0 && strchr("])", at[length - 1]))
		length--;
	while (length > 0 && at[length - 1] == '.')
		length--;
	add_host(received, at, length);
	return end + 1;
}

/* "from NAME (…)" */
static void add_hosts(struct received *received)
{
	const char *at = received->field;
	while ((at = strstr(at, "from"))) {
		at += strlen("from");
		size_t blanks = strspn(at, " \t\r\n");
		if (blanks == 0)
			continue;
		at += blanks;
		const char *end = at;
		while (is_word(*end) || *end == '.' || *end == '-')
			end++;
		if (end == at)
			continue;
		add_host(received, at, (size_t)(end - at));
		at = add_reverse(received, end);
	}
}

/* Four numbers with dots are an address where one stands: in brackets, or
 * behind the name of a host in full. Others are versions of programs. */
static bool stands_alone(const char *field, const char *at, const char *end)
{
	char before = ' ';
	if (at > field)
		before = at[-1];
	if (before == '[')
		return *end == ']';
	if (before == '(')
		return *end == ')';
	return at > field + 1 && isspace((unsigned char)before) &&
	       at[-2] == '.' && !is_word(*end);
}

static void try_address(struct received *received, const char *at,
			size_t length)
{
	char address[64];
	if (length >= sizeof(address) || is_word(at[length]))
		return;
	snprintf(address, sizeof(address), "%.*s", (int)length, at);
	int version = misp_ip_version(address);
	if (version == 6 ||
	    (version == 4 && stands_alone(received->field, at, at + length)))
		add_address(received, address);
}

static void add_addresses(struct received *received)
{
	const char *at = received->field;
	while (*at) {
		if (strncasecmp(at, "IPv6:", strlen("IPv6:")) == 0)
			at += strlen("IPv6:");
		size_t length = strspn(at, ADDRESS_SIGNS);
		if (length > 0)
			try_address(received, at, length);
		at += length;
		/* To the next word: over the rest of this one, or what stands
		 * between. */
		if (*at && !is_word(*at))
			at++;
		else
			while (is_word(*at))
				at++;
	}
}

static void read_field(void *context, GMimeHeader *header)
{
	struct received *received = context;
	const char *value = g_mime_header_get_value(header);
	if (!value ||
	    strcasecmp(g_mime_header_get_name(header), "Received") != 0)
		return;
	received->field = g_strndup(value, FIELD_MAX);
	size_t length = strlen(received->field);
	if (length > COMMENT_MAX)
		length = COMMENT_MAX;
	while (length > 0 && ((unsigned char)value[length] & 0xc0) == 0x80)
		length--;
	char *brief = g_strstrip(g_strndup(received->field, length));
	received->brief = brief;
	add_hosts(received);
	add_addresses(received);
	g_free(brief);
	g_free(received->field);
}

void email_add_received(struct email *email)
{
	struct received received = {.email = email, .seen = json_object()};
	email_each_header(email, read_field, &received);
	if (received.cut)
		email_tell_cut(
		    email, misp_text(email->query,
				     "Only the first %d hosts of its Received "
				     "fields are here",
				     HOSTS_MAX));
	json_decref(received.seen);
}
