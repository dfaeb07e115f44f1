/*
 * executable.c: what the formats of programs have in common.
 *
 * pkg-config: libcrypto libfuzzy (libssl-dev libfuzzy-dev)
 */
#include "executable.h"

#include "file_content.h"

#include <inttypes.h>
#include <string.h>

/* Objects for sections: programs have dozens, object files up to thousands,
 * which nobody would look through. */
#define SECTIONS_MAX 256

/* Sections do not overlap but in files made to keep us busy: together they
 * have no more bytes than the file this many times. */
#define HASHED_TIMES 2

const char *executable_number(struct executable *executable, uint64_t number)
{
	return misp_text(executable->query, "%" PRIu64, number);
}

uint64_t executable_read(const struct executable *executable, uint64_t offset,
			 unsigned width, bool big_endian)
{
	uint64_t number = 0;
	if (offset > executable->size || width > executable->size - offset)
		return 0;
	for (unsigned i = 0; i < width; i++) {
		unsigned at = big_endian ? i : width - 1 - i;
		number = number << 8 | executable->bytes[offset + at];
	}
	return number;
}

/* A reference with a comment. */
static void refer(json_t *object, const json_t *to, const char *comment)
{
	misp_comment(misp_reference(object, misp_uuid(to), "includes"), "%s",
		     comment);
}

json_t *executable_begin(struct executable *executable, const char *name,
			 const char *title)
{
	executable->title = title;
	executable->object = misp_add_object(executable->results, name);
	const char *comment =
	    misp_text(executable->query, "%s indicators", title);
	if (comment && executable->object)
		refer(executable->file, executable->object, comment);
	return executable->object;
}

/* The hashes of a section's bytes, as many as the file has of them. */
static void section_content(struct executable *executable, json_t *object,
			    const struct executable_section *section)
{
	struct file_content content = {0};
	if (section->virtual || section->offset >= executable->size)
		return;
	size_t size = executable->size - section->offset;
	if (size > section->size)
		size = section->size;
	if (size == 0 ||
	    size > executable->size * HASHED_TIMES - executable->hashed)
		return;
	executable->hashed += size;
	const unsigned char *bytes = executable->bytes + section->offset;
	if (!file_content_add(executable->query, object, bytes, size, true,
			      &content) ||
	    content.entropy <= 0)
		return;
	json_t *ssdeep = file_content_add_ssdeep(object, bytes, size);
	/* Icons and version information resemble those of others. */
	if (section->name && strcmp(section->name, ".rsrc") == 0)
		file_content_hush(ssdeep);
}

json_t *executable_section(
    struct executable *executable, const struct executable_section *section,
    void (*decorate)(json_t *object, const void *context), const void *context)
{
	size_t position = executable->sections++;
	if (!executable->object || position >= SECTIONS_MAX)
		return NULL;
	json_t *object =
	    misp_add_object(executable->results, section->template);
	const char *comment = misp_text(executable->query, "Section %zu of %s",
					position, executable->title);
	if (!object || !comment)
		return NULL;
	refer(executable->object, object, comment);
	misp_object_add(object, "name", section->name);
	if (decorate)
		decorate(object, context);
	misp_object_add(object, "size-in-bytes",
			executable_number(executable, section->size));
	section_content(executable, object, section);
	return object;
}

void executable_end(struct executable *executable)
{
	misp_object_add(executable->object, "number-sections",
			executable_number(executable, executable->sections));
}
