/*
 * joe_dropped.c: the files that an analysed file or URL left behind.
 */
#include "joe_parts.h"

#include <string.h>

static const struct misp_mapping file_fields[] = {
    {"@entropy", "entropy"},
    {"@file", "filename"},
    {"@size", "size-in-bytes", MISP_TO_TEXT},
    {"@type", "mimetype"},
    {0},
};

static const struct joe_word hash_names[] = {
    {"MD5", "md5"},
    {"SHA", "sha1"},
    {"SHA-256", "sha256"},
    {"SHA-512", "sha512"},
    {0},
};

static void add_hash(struct joe *joe, json_t *object, const json_t *hash)
{
	const char *name = misp_text_at(joe->query, hash, "@algo");
	joe_add(joe, object, joe_relation(hash_names, name),
		misp_text_at(joe->query, hash, "$"));
}

static void add_file(struct joe *joe, json_t *unused, const json_t *file)
{
	const char *malicious = misp_text_at(joe->query, file, "@malicious");
	json_t *object = joe_object(joe, "file", file, file_fields);
	(void)unused;
	if (malicious && strcmp(malicious, "true") == 0)
		misp_object_add(object, "state", "Malicious");
	joe_each(joe, object, misp_at(file, "value"), add_hash);
	joe_refer(joe,
		  joe_process(joe, misp_text_at(joe->query, file, "@targetid"),
			      misp_text_at(joe->query, file, "@process")),
		  object, "drops");
}

void joe_dropped(struct joe *joe)
{
	joe_each(joe, NULL, misp_at(joe->analysis, "droppedinfo.hash"),
		 add_file);
}
