/*
 * pe_version.c: the version resource of a Windows program. It is a tree of
 * nodes, each with a name, a value and further nodes inside; the texts are
 * three levels down. libyara knows them too, but drops half of each character.
 */
#include "pe_parts.h"

#include <string.h>
#include <unistr.h>

/* A node's sizes come first: of all of it, of its value, and whether that is
 * text (its size then counts characters). */
#define NODE_NAME 6
#define NODE_ALIGNMENT 4

/* Texts are cut there. */
#define TEXT_MAX 4096

/* Offsets into the resource; all but the text of the name. */
struct node {
	char name[64];
	size_t value;
	size_t value_size;
	size_t inside; /* where the nodes in it begin */
	size_t end;
};

struct version {
	const unsigned char *bytes;
	size_t size;
};

static size_t number_at(const struct version *version, size_t at)
{
	return at + 2 <= version->size
		   ? (size_t)version->bytes[at] | version->bytes[at + 1] << 8
		   : 0;
}

static size_t aligned(size_t offset)
{
	return (offset + NODE_ALIGNMENT - 1) / NODE_ALIGNMENT * NODE_ALIGNMENT;
}

/* UTF-16 as UTF-8, up to a NUL or end; returns where it stopped. What does not
 * fit out is left out. */
static size_t text_at(const struct version *version, size_t at, size_t end,
		      char *out, size_t capacity)
{
	size_t length = 0;
	for (; at + 2 <= end; at += 2) {
		uint16_t units[2] = {(uint16_t)number_at(version, at)};
		if (units[0] == 0)
			break;
		size_t count = 1;
		if (at + 4 <= end)
			units[count++] = (uint16_t)number_at(version, at + 2);
		ucs4_t character;
		if (u16_mbtouc(&character, units, count) == 2)
			at += 2;
		uint8_t text[6];
		int bytes = u8_uctomb(text, character, sizeof(text));
		if (bytes > 0 && length + (size_t)bytes < capacity) {
			memcpy(out + length, text, (size_t)bytes);
			length += (size_t)bytes;
		}
	}
	out[length] = '\0';
	return at;
}

/* Reads the node at an offset below end; false when there is none. */
static bool node_read(const struct version *version, size_t at, size_t end,
		      struct node *node)
{
	if (at >= end || end - at < NODE_NAME)
		return false;
	size_t size = number_at(version, at);
	if (size < NODE_NAME || size > end - at)
		return false;
	node->end = at + size;
	node->value_size = number_at(version, at + 2);
	if (number_at(version, at + 4) == 1)
		node->value_size *= 2;
	node->value = aligned(text_at(version, at + NODE_NAME, node->end,
				      node->name, sizeof(node->name)) +
			      2);
	if (node->value > node->end)
		node->value = node->end;
	if (node->value_size > node->end - node->value)
		node->value_size = node->end - node->value;
	node->inside = aligned(node->value + node->value_size);
	return true;
}

/* The first node between two offsets; with a name, that of this name. */
static bool node_find(const struct version *version, size_t at, size_t end,
		      const char *name, struct node *node)
{
	while (node_read(version, at, end, node)) {
		if (!name || strcmp(node->name, name) == 0)
			return true;
		at = aligned(node->end);
	}
	return false;
}

static void version_add(struct executable *executable,
			const struct version *version, const struct node *table)
{
	static const struct {
		const char *name;
		const char *relation;
	} names[] = {
	    {"OriginalFilename", "original-filename"},
	    {"InternalName", "internal-filename"},
	    {"FileDescription", "file-description"},
	    {"FileVersion", "file-version"},
	    {"ProductName", "product-name"},
	    {"ProductVersion", "product-version"},
	    {"CompanyName", "company-name"},
	    {"LegalCopyright", "legal-copyright"},
	};
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct node text;
		char value[TEXT_MAX];
		if (!node_find(version, table->inside, table->end,
			       names[i].name, &text))
			continue;
		text_at(version, text.value, text.value + text.value_size,
			value, sizeof(value));
		misp_object_add(executable->object, names[i].relation, value);
	}
	misp_object_add(executable->object, "lang-id", table->name);
}

void pe_version(struct executable *executable, const unsigned char *bytes,
		size_t size)
{
	const struct version version = {bytes, size};
	struct node all, texts, table;
	if (node_read(&version, 0, size, &all) &&
	    node_find(&version, all.inside, all.end, "StringFileInfo",
		      &texts) &&
	    node_find(&version, texts.inside, texts.end, NULL, &table))
		version_add(executable, &version, &table);
}
