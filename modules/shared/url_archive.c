/*
 * url_archive.c: an archive of web pages in a folder. The folder may lie in
 * one where everybody can write, such as that for temporary files: no link is
 * followed in it, and nothing is taken that others could have put there.
 * Several processes work on it at once: a file is whole or not there.
 */
#include "url_archive.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARCHIVE_FOLDER ".url_archiver"
#define ARCHIVE_FILE "archive"
#define META_FILE "meta"
#define HASH_SIZE 20 /* SHA-1 */
#define OPEN_FOLDER (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/* Base64 of more would be no answer that MISP can take. */
#define PAGE_MAX 268435456

struct url_archive {
	struct misp_query *query;
	int folder;
	char name[2 * HASH_SIZE + 1]; /* of the URL's own folder */
};

static void close_archive(void *pointer)
{
	struct url_archive *archive = pointer;
	if (archive->folder >= 0)
		close(archive->folder);
}

static void *fail(struct misp_query *query, const char *what, int error)
{
	return misp_fail(query, "The archive (setting archivepath) %s: %s",
			 what, strerror(error));
}

/* Opens a folder in another, and makes it if it may; -1 with errno set. */
static int open_folder(int parent, const char *name, bool make)
{
	struct stat about;
	if (make && mkdirat(parent, name, S_IRWXU) != 0 && errno != EEXIST)
		return -1;
	int folder = openat(parent, name, OPEN_FOLDER);
	if (folder < 0 || fstat(folder, &about) != 0)
		return folder;
	if ((about.st_uid == geteuid() || about.st_uid == 0) &&
	    !(about.st_mode & S_IWOTH))
		return folder;
	close(folder);
	errno = EPERM;
	return -1;
}

static bool hash_name(const char *url, char *name)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned size = 0;
	if (EVP_Digest(url, strlen(url), hash, &size, EVP_sha1(), NULL) != 1)
		return false;
	for (size_t i = 0; i < HASH_SIZE; i++)
		snprintf(name + 2 * i, 3, "%02x", hash[i]);
	return true;
}

struct url_archive *url_archive_open(struct misp_query *query, const char *path,
				     const char *url)
{
	struct url_archive *archive = misp_alloc(query, sizeof(*archive));
	if (!archive)
		return NULL;
	archive->query = query;
	archive->folder = -1;
	if (!misp_defer(query, archive, close_archive) ||
	    !hash_name(url, archive->name))
		return NULL;
	if (*path != '/')
		return misp_fail(query, "The archive (setting archivepath) "
					"has to be an absolute path");
	int parent = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (parent < 0)
		return fail(query, "cannot be opened", errno);
	archive->folder = open_folder(parent, ARCHIVE_FOLDER, true);
	int error = errno;
	close(parent);
	if (archive->folder < 0)
		return fail(query, "cannot be opened", error);
	return archive;
}

/* All of a file, or NULL; an empty one is what a full disk has left. */
static unsigned char *read_file(struct misp_query *query, int file,
				size_t *size)
{
	struct stat about;
	size_t got = 0;
	ssize_t count = 1;
	if (fstat(file, &about) != 0 || !S_ISREG(about.st_mode) ||
	    about.st_size <= 0 || about.st_size > PAGE_MAX)
		return NULL;
	size_t all = (size_t)about.st_size;
	unsigned char *bytes = misp_alloc(query, all + 1);
	while (bytes && got < all && count > 0) {
		count = read(file, bytes + got, all - got);
		got += count > 0 ? (size_t)count : 0;
	}
	*size = got;
	return got == all ? bytes : NULL;
}

const unsigned char *url_archive_find(struct url_archive *archive, size_t *size)
{
	int folder = open_folder(archive->folder, archive->name, false);
	if (folder < 0)
		return NULL;
	int file = openat(folder, ARCHIVE_FILE,
			  O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	close(folder);
	if (file < 0)
		return NULL;
	unsigned char *page = read_file(archive->query, file, size);
	close(file);
	return page;
}

static bool write_all(int file, const char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t count = write(file, bytes, size);
		if (count < 0)
			return false;
		bytes += count;
		size -= (size_t)count;
	}
	return fsync(file) == 0;
}

/* Writes a file under another name and gives it its own when it is whole.
 * One that a killed process has left under that name is replaced. */
static bool write_file(int folder, const char *name, const void *bytes,
		       size_t size)
{
	char other[64];
	snprintf(other, sizeof(other), ".%s.%ld", name, (long)getpid());
	unlinkat(folder, other, 0);
	int file = openat(folder, other,
			  O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			  S_IRUSR | S_IWUSR);
	if (file < 0)
		return false;
	bool whole = write_all(file, bytes, size);
	int error = errno;
	close(file);
	if (whole && renameat(folder, other, folder, name) == 0)
		return true;
	error = whole ? errno : error;
	unlinkat(folder, other, 0);
	errno = error;
	return false;
}

bool url_archive_keep(struct url_archive *archive, const void *page,
		      size_t size, json_t *meta)
{
	char *text = json_dumps(meta, JSON_COMPACT);
	json_decref(meta);
	errno = ENOMEM;
	int folder =
	    text ? open_folder(archive->folder, archive->name, true) : -1;
	/* The page comes last: where it is, all is. */
	bool kept = folder >= 0 &&
		    write_file(folder, META_FILE, text, strlen(text)) &&
		    write_file(folder, ARCHIVE_FILE, page, size);
	if (!kept)
		fail(archive->query, "cannot be written", errno);
	if (folder >= 0)
		close(folder);
	free(text);
	return kept;
}
