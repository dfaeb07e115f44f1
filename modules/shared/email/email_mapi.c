/*
 * email_mapi.c: the properties of an Outlook message; see email_mapi.h.
 *
 * pkg-config: libgsf-1 (libgsf-1-dev)
 */
#include "email_mapi.h"

#include <gsf/gsf-infile-msole.h>
#include <gsf/gsf-input-memory.h>
#include <string.h>

#define MAGIC "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#define ENTRY_SIZE 128
/* libgsf reads entries that are chained to each other by as many calls inside
 * each other; a message needs a dozen for each recipient. */
#define ENTRIES_MAX 16384

#define PROPERTY_SIZE 16
#define TYPE_LONG 0x0003
#define TYPE_BOOLEAN 0x000b
#define TYPE_OBJECT 0x000d
#define TYPE_STRING 0x001e
#define TYPE_UNICODE 0x001f
#define TYPE_TIME 0x0040
#define TYPE_BINARY 0x0102

static uint64_t number_at(const unsigned char *bytes, size_t size)
{
	uint64_t number = 0;
	while (size > 0)
		number = number << 8 | bytes[--size];
	return number;
}

/* object may be NULL. */
static void drop(void *object)
{
	if (object)
		g_object_unref(object);
}

/* ---- The container ---- */

bool mapi_is_container(const unsigned char *bytes, size_t size)
{
	return size >= ENTRY_SIZE && memcmp(bytes, MAGIC, strlen(MAGIC)) == 0;
}

/* How many blocks may be an entry: one has a type and a colour, and the length
 * of a name in UTF-16. */
static size_t count_entries(const unsigned char *bytes, size_t size)
{
	size_t count = 0;
	for (size_t at = 0; at + ENTRY_SIZE <= size; at += ENTRY_SIZE) {
		const unsigned char *entry = bytes + at;
		uint64_t length = number_at(entry + 0x40, 2);
		if ((entry[0x42] == 1 || entry[0x42] == 2 ||
		     entry[0x42] == 5) &&
		    entry[0x43] <= 1 && length <= 0x40 && length % 2 == 0)
			count++;
	}
	return count;
}

GsfInfile *mapi_open(const unsigned char *bytes, size_t size)
{
	if (!mapi_is_container(bytes, size) ||
	    count_entries(bytes, size) > ENTRIES_MAX)
		return NULL;
	gsf_init();
	GsfInput *input = gsf_input_memory_new(bytes, (gsf_off_t)size, FALSE);
	GsfInfile *root = input ? gsf_infile_msole_new(input, NULL) : NULL;
	drop(input);
	return root;
}

/* What a child of the storage has, to be released; NULL when there is no such
 * child, or the file's budget is used up. */
static GByteArray *stream_bytes(const struct mapi *mapi, const char *name)
{
	GsfInput *stream = gsf_infile_child_by_name(mapi->storage, name);
	gsf_off_t size = stream ? gsf_input_size(stream) : -1;
	GByteArray *bytes = NULL;
	if (size >= 0 && (uint64_t)size <= mapi->file->budget) {
		mapi->file->budget -= (size_t)size;
		bytes = g_byte_array_new();
		g_byte_array_set_size(bytes, (guint)size);
		if (size > 0 &&
		    !gsf_input_read(stream, (size_t)size, bytes->data)) {
			g_byte_array_unref(bytes);
			bytes = NULL;
		}
	}
	drop(stream);
	return bytes;
}

/* ---- Properties ---- */

/* The eight bytes of a property's value, or NULL. */
static const unsigned char *fixed_value(const struct mapi *mapi,
					unsigned property, unsigned type)
{
	uint64_t tag = (uint64_t)property << 16 | type;
	for (size_t at = mapi->begin; at + PROPERTY_SIZE <= mapi->fixed->len;
	     at += PROPERTY_SIZE)
		if (number_at(mapi->fixed->data + at, 4) == tag)
			return mapi->fixed->data + at + 8;
	return NULL;
}

bool mapi_read(struct mapi *mapi, struct mapi_file *file, GsfInfile *storage,
	       enum mapi_owner owner, unsigned codepage)
{
	*mapi = (struct mapi){.file = file,
			      .storage = storage,
			      .begin = owner,
			      .codepage = codepage};
	mapi->fixed = stream_bytes(mapi, "__properties_version1.0");
	if (!mapi->fixed)
		return false;
	if (owner != MAPI_OF_PART)
		mapi->codepage =
		    (unsigned)mapi_number(mapi, MAPI_MESSAGE_CODEPAGE);
	return true;
}

void mapi_close(struct mapi *mapi)
{
	if (mapi->fixed)
		g_byte_array_unref(mapi->fixed);
	drop(mapi->storage);
}

uint64_t mapi_number(const struct mapi *mapi, enum mapi_property property)
{
	static const struct {
		unsigned type;
		size_t size;
	} types[] = {{TYPE_LONG, 4}, {TYPE_TIME, 8}, {TYPE_BOOLEAN, 1}};
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		const unsigned char *value =
		    fixed_value(mapi, property, types[i].type);
		if (value)
			return number_at(value, types[i].size);
	}
	return 0;
}

static GByteArray *property_bytes(const struct mapi *mapi, unsigned property,
				  unsigned type)
{
	char name[32];
	snprintf(name, sizeof(name), "__substg1.0_%04X%04X", property, type);
	return stream_bytes(mapi, name);
}

GByteArray *mapi_bytes(const struct mapi *mapi, enum mapi_property property)
{
	return property_bytes(mapi, property, TYPE_BINARY);
}

char *mapi_charset(unsigned codepage)
{
	static const struct {
		unsigned codepage;
		const char *charset;
	} known[] = {
	    {0, "CP1252"},     {65001, "UTF-8"},   {20127, "CP1252"},
	    {20866, "KOI8-R"}, {21866, "KOI8-U"},  {50220, "ISO-2022-JP"},
	    {51932, "EUC-JP"}, {51949, "EUC-KR"},  {936, "GBK"},
	    {949, "UHC"},      {54936, "GB18030"},
	};
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (known[i].codepage == codepage)
			return g_strdup(known[i].charset);
	if (codepage > 28590 && codepage <= 28606)
		return g_strdup_printf("ISO-8859-%u", codepage - 28590);
	return g_strdup_printf("CP%u", codepage);
}

char *mapi_text(const struct mapi *mapi, enum mapi_property property)
{
	char *charset = NULL;
	GByteArray *bytes = property_bytes(mapi, property, TYPE_UNICODE);
	if (bytes) {
		charset = g_strdup("UTF-16LE");
	} else {
		bytes = property_bytes(mapi, property, TYPE_STRING);
		charset = bytes ? mapi_charset(mapi->codepage) : NULL;
	}
	char *text = bytes
			 ? g_convert_with_fallback((char *)bytes->data,
						   bytes->len, "UTF-8", charset,
						   "?", NULL, NULL, NULL)
			 : NULL;
	if (bytes && !text)
		text = g_utf8_make_valid((char *)bytes->data, bytes->len);
	if (bytes)
		g_byte_array_unref(bytes);
	g_free(charset);
	return text;
}

/* ---- Storages in it ---- */

static GsfInfile *as_storage(GsfInput *child)
{
	if (child && GSF_IS_INFILE(child) &&
	    gsf_infile_num_children(GSF_INFILE(child)) >= 0)
		return GSF_INFILE(child);
	drop(child);
	return NULL;
}

GsfInfile *mapi_embedded(const struct mapi *mapi, enum mapi_property property)
{
	char name[32];
	snprintf(name, sizeof(name), "__substg1.0_%04X%04X", property,
		 TYPE_OBJECT);
	return as_storage(gsf_infile_child_by_name(mapi->storage, name));
}

GsfInfile *mapi_part(const struct mapi *mapi, int index, const char *prefix)
{
	const char *name = gsf_infile_name_by_index(mapi->storage, index);
	if (!name || !g_str_has_prefix(name, prefix))
		return NULL;
	return as_storage(gsf_infile_child_by_index(mapi->storage, index));
}
