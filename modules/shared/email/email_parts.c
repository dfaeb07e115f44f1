/*
 * email_parts.c: which parts of a mail are its text, and which are attached.
 *
 * The text is the first one of its kind that is not attached. Beside the first
 * text, what a reader shows along with it (pictures in HTML) is no attachment.
 *
 * pkg-config: gmime-3.0 (libgmime-3.0-dev)
 */
#include "email.h"

#include <string.h>

enum part_kind {
	PART_PLAIN,
	PART_HTML,
	PART_RELATED,
	PART_ALTERNATIVE,
	PART_BODIES, /* those above may be the body of a mail */
	PART_MULTIPART = PART_BODIES,
	PART_OTHER,
};

/* A type that is none ("text") counts as none: then it is plain text. */
static bool is_untyped(GMimeObject *part)
{
	GMimeHeader *type = g_mime_header_list_get_header(
	    g_mime_object_get_header_list(part), "Content-Type");
	const char *raw = type ? g_mime_header_get_raw_value(type) : NULL;
	return GMIME_IS_PART(part) && raw && raw[strcspn(raw, "/;\r\n")] != '/';
}

static enum part_kind part_kind(GMimeObject *part)
{
	static const struct {
		const char *type;
		const char *subtype;
		enum part_kind kind;
	} kinds[] = {
	    {"text", "plain", PART_PLAIN},
	    {"text", "html", PART_HTML},
	    {"multipart", "related", PART_RELATED},
	    {"multipart", "alternative", PART_ALTERNATIVE},
	};
	GMimeContentType *type = g_mime_object_get_content_type(part);
	bool multipart = GMIME_IS_MULTIPART(part);
	if (is_untyped(part))
		return PART_PLAIN;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (g_mime_content_type_is_type(type, kinds[i].type,
						kinds[i].subtype) &&
		    multipart == (kinds[i].kind >= PART_RELATED) &&
		    (multipart || GMIME_IS_PART(part)))
			return kinds[i].kind;
	return multipart ? PART_MULTIPART : PART_OTHER;
}

static bool part_attached(GMimeObject *part)
{
	const char *disposition = g_mime_object_get_disposition(part);
	return disposition && strcasecmp(disposition, "attachment") == 0;
}

const char *email_part_name(struct misp_query *query, GMimeObject *part)
{
	const char *name =
	    email_parameter(query, part, "Content-Disposition", "filename");
	if (!name)
		name = g_mime_object_get_content_disposition_parameter(
		    part, "filename");
	if (name && *name)
		return name;
	name = email_parameter(query, part, "Content-Type", "name");
	return name ? name
		    : g_mime_object_get_content_type_parameter(part, "name");
}

/* The part that the others belong to: the one that "start" names. */
static GMimeObject *related_root(GMimeMultipart *related)
{
	const char *start = g_mime_object_get_content_type_parameter(
	    GMIME_OBJECT(related), "start");
	char *wanted = start ? g_mime_utils_decode_message_id(start) : NULL;
	int count = g_mime_multipart_get_count(related);
	GMimeObject *root =
	    count > 0 ? g_mime_multipart_get_part(related, 0) : NULL;
	for (int i = 0; wanted && i < count; i++) {
		GMimeObject *part = g_mime_multipart_get_part(related, i);
		const char *id = g_mime_object_get_content_id(part);
		if (id && strcmp(id, wanted) == 0) {
			root = part;
			break;
		}
	}
	g_free(wanted);
	return root;
}

/* ---- The text ---- */

/* Not deeper than EMAIL_DEPTH_MAX calls. */
static void find_text(struct email *email, GMimeObject *part, unsigned depth)
{
	enum part_kind kind = part ? part_kind(part) : PART_OTHER;
	if (kind == PART_OTHER || part_attached(part) ||
	    depth > EMAIL_DEPTH_MAX)
		return;
	if (kind == PART_PLAIN && !email->plain)
		email->plain = GMIME_PART(part);
	if (kind == PART_HTML && !email->html)
		email->html = GMIME_PART(part);
	if (kind == PART_RELATED)
		find_text(email, related_root(GMIME_MULTIPART(part)),
			  depth + 1);
	if (kind != PART_ALTERNATIVE && kind != PART_MULTIPART)
		return;
	GMimeMultipart *multipart = GMIME_MULTIPART(part);
	int count = g_mime_multipart_get_count(multipart);
	for (int i = 0; i < count && !(email->plain && email->html); i++)
		find_text(email, g_mime_multipart_get_part(multipart, i),
			  depth + 1);
}

/* ---- The attachments ---- */

static void attach(struct email *email, GMimeObject *part)
{
	if (email->attachment_count++ < EMAIL_FILES_MAX)
		g_ptr_array_add(email->attachments, part);
}

/* Whether a part of the body is more than what a reader shows with it. */
static bool is_hidden_file(GMimeObject *part)
{
	GMimeContentType *type = g_mime_object_get_content_type(part);
	return part_attached(part) ||
	       (part_kind(part) == PART_OTHER &&
		!g_mime_content_type_is_type(type, "text", "*") &&
		!g_mime_object_get_content_id(part));
}

static void find_files(struct email *email, GMimeObject *part, bool body,
		       unsigned depth);

/* Of each kind of text a multipart's first one is the body. */
static void find_files_in(struct email *email, GMimeMultipart *multipart,
			  bool body, unsigned depth)
{
	bool seen[PART_BODIES] = {false};
	bool related = part_kind(GMIME_OBJECT(multipart)) == PART_RELATED;
	GMimeObject *root = related ? related_root(multipart) : NULL;
	int count = g_mime_multipart_get_count(multipart);
	for (int i = 0; i < count; i++) {
		GMimeObject *part = g_mime_multipart_get_part(multipart, i);
		enum part_kind kind = part_kind(part);
		bool candidate = related ? part == root
					 : kind < PART_BODIES && !seen[kind] &&
					       !part_attached(part);
		if (kind < PART_BODIES)
			seen[kind] = true;
		find_files(email, part, body || candidate, depth + 1);
	}
}

/* Not deeper than EMAIL_DEPTH_MAX calls. In the body only what is hidden there
 * is attached. */
static void find_files(struct email *email, GMimeObject *part, bool body,
		       unsigned depth)
{
	enum part_kind kind = part_kind(part);
	bool multipart = GMIME_IS_MULTIPART(part);
	if (multipart && depth <= EMAIL_DEPTH_MAX && !part_attached(part))
		find_files_in(email, GMIME_MULTIPART(part),
			      body || kind == PART_ALTERNATIVE, depth);
	else if (multipart || !body || is_hidden_file(part))
		attach(email, part);
}

static void parts_release(void *attachments)
{
	g_ptr_array_unref(attachments);
}

void email_find_parts(struct email *email)
{
	GMimeObject *top = g_mime_message_get_mime_part(email->message);
	email->attachments =
	    misp_defer(email->query, g_ptr_array_new(), parts_release);
	if (!top || !email->attachments)
		return;
	find_text(email, top, 0);
	enum part_kind kind = part_kind(top);
	find_files(email, top,
		   (kind == PART_PLAIN || kind == PART_HTML) &&
		       !part_attached(top),
		   0);
}
