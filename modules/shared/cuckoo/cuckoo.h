/*
 * cuckoo.h: what the files cuckoo_*.c share while cuckooimport.c reads the
 * archive of an analysis. What is missing in the report, or is not of the kind
 * that it should be, is passed over.
 */
#ifndef MODULES_CUCKOO_H
#define MODULES_CUCKOO_H

#include "archive_files.h"
#include "file_object.h"

/* Objects of one import, programs' sections not counted: who wants more than
 * that looks at the report itself. */
#define CUCKOO_OBJECTS_MAX 5000

/* Bytes of a signature: as long as a text can be in MISP's database. */
#define CUCKOO_TEXT_MAX 65535

struct cuckoo {
	struct misp_query *query;
	json_t *results;
	const json_t *report;
	struct archive_files *files;
	json_t *processes; /* their objects, by PID */
	size_t left;       /* how many more objects may be added */
	bool cut;          /* something of the report was left out */
};

/* Whether no more objects may be added, of which there are some. */
bool cuckoo_is_full(struct cuckoo *cuckoo);

/* Whether a list is too long for its entry number index (from 0). */
bool cuckoo_is_enough(struct cuckoo *cuckoo, size_t index);

/* Adds an object; borrowed, NULL when there are too many. */
json_t *cuckoo_object(struct cuckoo *cuckoo, const char *name);

/* Whether the object that was added last has nothing in it; then it is taken
 * back. */
bool cuckoo_is_empty(struct cuckoo *cuckoo, const json_t *object);

/* The file of the archive that a path on the sandbox ends with: of
 * "/opt/cuckoo/storage/analyses/1/shots/0001.jpg" it is "shots/0001.jpg". NULL
 * when there is none. *name, where wanted, is the name in the archive. */
struct archive_file *cuckoo_file(struct cuckoo *cuckoo, const char *path,
				 const char **name);

/* What is said of all files of a kind. */
struct cuckoo_kind {
	const char *category;
	const char *comment;
};

/* Adds the objects of a file, of which the first is returned, borrowed. What
 * the report says of it is taken when the file is not in the archive (NULL),
 * or was too large. NULL after misp_fail, and when there are too many. */
json_t *cuckoo_add_file(struct cuckoo *cuckoo, const struct archive_file *file,
			const char *name, const json_t *report,
			const struct cuckoo_kind *kind);

/* What a mark of a signature says: "(name) value; …", values cut after thirty
 * characters. NULL without memory. */
const char *cuckoo_pretty(struct misp_query *query, const json_t *object,
			  const char *without);

/* Adds from the report what each option is for. */
void cuckoo_add_info(struct cuckoo *cuckoo);
void cuckoo_add_sample(struct cuckoo *cuckoo);
void cuckoo_add_processes(struct cuckoo *cuckoo);
void cuckoo_add_dns(struct cuckoo *cuckoo);
void cuckoo_add_tcp(struct cuckoo *cuckoo);
void cuckoo_add_udp(struct cuckoo *cuckoo);
void cuckoo_add_http(struct cuckoo *cuckoo);
void cuckoo_add_signatures(struct cuckoo *cuckoo);
void cuckoo_add_screenshots(struct cuckoo *cuckoo);
void cuckoo_add_dropped(struct cuckoo *cuckoo);
void cuckoo_add_buffers(struct cuckoo *cuckoo);

/* Notes which files of the archive they need for that. */
void cuckoo_want_sample(struct cuckoo *cuckoo);
void cuckoo_want_screenshots(struct cuckoo *cuckoo);
void cuckoo_want_dropped(struct cuckoo *cuckoo);
void cuckoo_want_buffers(struct cuckoo *cuckoo);

#endif
