/*
 * attachment.c: an attachment that is a document; see attachment.h.
 */
#include "attachment.h"

/* Clients know this sentence, whatever the file lacks. */
#define NO_FILE                                                            \
	"Couldn't fetch attachment (JSON 'data' is empty). Are you using " \
	"the 'Query enrichment' action?"

/* Of the time there is at first, this part is left for the answer. */
#define LATE 8

struct attachment *attachment_open(struct misp_query *query, const char *kind)
{
	struct attachment *attachment = misp_alloc(query, sizeof(*attachment));
	if (!attachment)
		return NULL;
	attachment->query = query;
	attachment->kind = kind;
	attachment->text = long_text(query);
	attachment->milliseconds = misp_remaining(query) / LATE;
	attachment->name = misp_value(query, "attachment");
	if (!attachment->name)
		return misp_fail(query, "There is no attachment in the query.");
	attachment->bytes = misp_file(query, &attachment->size);
	if (!attachment->bytes) {
		misp_forget(query);
		return misp_fail(query, NO_FILE);
	}
	return attachment->text ? attachment : NULL;
}

void *attachment_fail(const struct attachment *attachment, const char *format,
		      ...)
{
	char why[512];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(why, sizeof(why), format, arguments);
	va_end(arguments);
	return misp_fail(attachment->query,
			 "Couldn't analyze file as %s. Error was: %s",
			 attachment->kind, why);
}

bool attachment_late(const struct attachment *attachment)
{
	return misp_remaining(attachment->query) <= attachment->milliseconds;
}

static const char *attachment_note(const struct attachment *attachment)
{
	if (attachment->text->cut)
		return misp_text(attachment->query,
				 " (only the first %d MiB of its text)",
				 LONG_TEXT_MAX / 1048576);
	if (attachment->incomplete)
		return misp_text(attachment->query, " (%s)",
				 attachment->incomplete);
	return "";
}

/*
 * Values is the text itself, not a list with it: so it is in the answers that
 * MISP's event reports and older clients know. A document without any text is
 * an answer as well, which the rows of the SDK would leave out.
 */
json_t *attachment_rows(const struct attachment *attachment,
			const char *const *types)
{
	const struct long_text *text = attachment->text;
	if (text->no_memory || misp_failure(attachment->query))
		return misp_fail(attachment->query,
				 "There is not enough memory for the text.");
	json_t *value =
	    misp_keep(attachment->query,
		      misp_string(text->bytes ? text->bytes : "", text->size));
	const char *note = attachment_note(attachment);
	json_t *rows = misp_rows();
	if (!value || !note) {
		json_decref(rows);
		return NULL;
	}
	for (; *types; types++) {
		json_t *row =
		    json_pack("{s:[s], s:O}", "types", *types, "values", value);
		misp_comment(row, "%s-to-text from file %s%s", attachment->kind,
			     attachment->name, note);
		json_array_append_new(rows, row);
	}
	return rows;
}
