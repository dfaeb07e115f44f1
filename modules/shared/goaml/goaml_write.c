/*
 * goaml_write.c: see goaml_write.h.
 *
 * pkg-config: libxml-2.0 (libxml2-dev)
 */
#include "goaml_write.h"

#include "goaml.h"

#include <stdlib.h>
#include <string.h>

/* An object stands in the report wherever one refers to it, so a small event
 * can make a report without end. */
#define REPORT_MAX (64 << 20)
#define STEPS_MAX 2000000
#define TOO_LARGE \
	"The report would be too large: its objects refer to others too often"

static void goaml_free_writer(void *writer)
{
	xmlFreeTextWriter(writer);
}

static void goaml_free_buffer(void *buffer)
{
	xmlBufferFree(buffer);
}

bool goaml_open(struct goaml_writer *out)
{
	out->buffer =
	    misp_defer(out->query, xmlBufferCreate(), goaml_free_buffer);
	if (out->buffer) {
		/* Otherwise it grows, and is copied, by small steps. */
		xmlBufferSetAllocationScheme(out->buffer,
					     XML_BUFFER_ALLOC_DOUBLEIT);
		out->xml = misp_defer(out->query,
				      xmlNewTextWriterMemory(out->buffer, 0),
				      goaml_free_writer);
	}
	if (!out->xml)
		misp_fail(out->query, "Not enough memory");
	return out->xml != NULL;
}

const char *goaml_close(struct goaml_writer *out)
{
	if (xmlTextWriterFlush(out->xml) < 0 || out->failed)
		misp_fail(out->query, "Not enough memory");
	return misp_failure(out->query)
		   ? NULL
		   : (const char *)xmlBufferContent(out->buffer);
}

static bool goaml_goes_on(struct goaml_writer *out)
{
	if (++out->steps > STEPS_MAX ||
	    xmlBufferLength(out->buffer) > REPORT_MAX)
		misp_fail(out->query, TOO_LARGE);
	return !out->failed && !misp_failure(out->query);
}

/* Nothing of XML's functions can fail here but for memory. */
static void goaml_note(struct goaml_writer *out, int result)
{
	out->failed = out->failed || result < 0;
}

/* XML has no place for most control characters, not even as references. */
static char *goaml_clean(const char *text)
{
	static const char replacement[] = "\xef\xbf\xbd";
	char *clean = malloc(strlen(text) * 3 + 1);
	char *at = clean;
	for (; clean && *text; text++) {
		bool bad = (unsigned char)*text < ' ' && *text != '\t' &&
			   *text != '\n' && *text != '\r';
		bool none = strncmp(text, "\xef\xbf\xbe", 3) == 0 ||
			    strncmp(text, "\xef\xbf\xbf", 3) == 0;
		if (bad || none) {
			memcpy(at, replacement, 3);
			at += 3;
			text += none ? 2 : 0;
		} else {
			*at++ = *text;
		}
	}
	if (clean)
		*at = '\0';
	return clean;
}

void goaml_start(struct goaml_writer *out, const char *element)
{
	goaml_note(out, xmlTextWriterStartElement(out->xml, BAD_CAST element));
}

void goaml_end(struct goaml_writer *out)
{
	goaml_note(out, xmlTextWriterFullEndElement(out->xml));
}

void goaml_element(struct goaml_writer *out, const char *element,
		   const char *text)
{
	if (!text)
		return;
	/* Freed at once: a text may be long, and be written often. */
	char *clean = goaml_clean(text);
	goaml_note(out, clean ? xmlTextWriterWriteElement(
				    out->xml, BAD_CAST element, BAD_CAST clean)
			      : -1);
	free(clean);
}

static const char *goaml_value(struct misp_query *query, enum goaml_form form,
			       const char *value)
{
	static const char *const ends[] = {
	    [GOAML_CODE] = " - ", [GOAML_WORD] = " "};
	if (form == GOAML_MOMENT) {
		const char *moment = misp_time_of(query, value);
		return moment ? moment : value;
	}
	const char *end = form == GOAML_TEXT ? NULL : strstr(value, ends[form]);
	return end ? misp_text(query, "%.*s", (int)(end - value), value)
		   : value;
}

/* The values of an object that stand at a side of it (NULL: in itself): those
 * that begin the side, or those that end it. */
static void goaml_fields(struct goaml_writer *out, const json_t *object,
			 const char *side, bool first)
{
	const char *name = json_string_value(json_object_get(object, "name"));
	size_t i;
	json_t *attribute;
	json_array_foreach (json_object_get(object, "Attribute"), i,
			    attribute) {
		const struct goaml_field *field = goaml_field_of_relation(
		    name, json_string_value(
			      json_object_get(attribute, "object_relation")));
		if (!goaml_goes_on(out))
			return;
		if (!field || !field->side != !side ||
		    (side && (strcmp(field->side, side) != 0 ||
			      (field->form == GOAML_WORD) != first)))
			continue;
		const char *value =
		    misp_text_at(out->query, attribute, "value");
		/* A posting date is there when the money came late. */
		if (value && strcmp(field->element, "date_posting") == 0)
			goaml_element(out, "late_deposit", "True");
		if (value)
			goaml_element(
			    out, field->element,
			    goaml_value(out->query, field->form, value));
	}
}

static void goaml_references(struct goaml_writer *out, const json_t *object);

/* Recursion ends soon: no part is, through others, a part of itself. */
void goaml_object(struct goaml_writer *out, const char *element,
		  const json_t *object)
{
	goaml_start(out, element);
	goaml_fields(out, object, NULL, false);
	goaml_references(out, object);
	goaml_end(out);
	json_object_set_new(out->written, misp_uuid(object), json_true());
}

static void goaml_part(struct goaml_writer *out, const json_t *parent,
		       const struct goaml_part *part, const json_t *object)
{
	if (part->wrapper)
		goaml_start(out, part->wrapper);
	if (part->side)
		goaml_fields(out, parent, part->side, true);
	goaml_object(out, part->element, object);
	if (part->side)
		goaml_fields(out, parent, part->side, false);
	if (part->wrapper)
		goaml_end(out);
}

static void goaml_references(struct goaml_writer *out, const json_t *object)
{
	const char *name = json_string_value(json_object_get(object, "name"));
	size_t i;
	json_t *reference;
	json_array_foreach (json_object_get(object, "ObjectReference"), i,
			    reference) {
		if (!goaml_goes_on(out))
			return;
		const json_t *other = json_object_get(
		    out->objects, json_string_value(json_object_get(
				      reference, "referenced_uuid")));
		const struct goaml_part *part = goaml_part_of_reference(
		    name, json_string_value(json_object_get(other, "name")),
		    json_string_value(
			json_object_get(reference, "relationship_type")));
		if (part)
			goaml_part(out, object, part, other);
	}
}
