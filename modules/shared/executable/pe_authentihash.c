/*
 * pe_authentihash.c: the hash of a Windows program without what signing it
 * changes.
 *
 * pkg-config: libcrypto (libssl-dev)
 */
#include "file_content.h"
#include "pe_parts.h"

#include <openssl/evp.h>

/* Offsets from "PE\0\0". */
#define OPTIONAL_HEADER 24
#define CHECKSUM (OPTIONAL_HEADER + 64)
#define DIRECTORIES_32 (OPTIONAL_HEADER + 96)
#define DIRECTORIES_64 (OPTIONAL_HEADER + 112)
#define MAGIC_64 0x20b
#define SECURITY 4U /* which directory is that of the signatures */
#define DIRECTORY_SIZE UINT64_C(8)

/* Of a file that is signed. */
#define ALIGNMENT 8

/* Parts that are left out, in their order; all but the last begin before the
 * next. */
#define GAP_COUNT 3

struct gap {
	uint64_t offset;
	uint64_t size;
};

static bool hash_around(EVP_MD_CTX *hash, const struct executable *executable,
			const struct gap *gaps, unsigned char *digest,
			unsigned *size)
{
	uint64_t at = 0;
	if (!hash || !EVP_DigestInit_ex(hash, EVP_sha256(), NULL))
		return false;
	for (size_t i = 0; i <= GAP_COUNT; i++) {
		uint64_t end =
		    i < GAP_COUNT ? gaps[i].offset : executable->size;
		if (end < at || end > executable->size ||
		    !EVP_DigestUpdate(hash, executable->bytes + at, end - at))
			return false;
		at = i < GAP_COUNT ? end + gaps[i].size : end;
	}
	/* Who signs an unsigned program fills up its last bytes first. */
	static const unsigned char zeros[ALIGNMENT];
	size_t rest = executable->size % ALIGNMENT;
	if (gaps[GAP_COUNT - 1].size == 0 && rest > 0 &&
	    !EVP_DigestUpdate(hash, zeros, ALIGNMENT - rest))
		return false;
	return EVP_DigestFinal_ex(hash, digest, size);
}

void pe_authentihash(struct executable *executable, uint64_t header)
{
	bool wide = executable_read(executable, header + OPTIONAL_HEADER, 2,
				    false) == MAGIC_64;
	uint64_t directories =
	    header + (wide ? DIRECTORIES_64 : DIRECTORIES_32);
	/* Their number is just before them. */
	bool signable =
	    executable_read(executable, directories - 4, 4, false) > SECURITY;
	uint64_t entry = directories + SECURITY * DIRECTORY_SIZE;
	struct gap gaps[GAP_COUNT] = {{header + CHECKSUM, 4},
				      {entry, signable ? DIRECTORY_SIZE : 0},
				      {executable->size, 0}};
	uint64_t size = executable_read(executable, entry + 4, 4, false);
	uint64_t offset = executable_read(executable, entry, 4, false);
	if (signable && size > 0 && offset <= executable->size &&
	    size <= executable->size - offset)
		gaps[2] = (struct gap){offset, size};
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned length = 0;
	EVP_MD_CTX *hash = EVP_MD_CTX_new();
	char text[2 * EVP_MAX_MD_SIZE + 1];
	if (hash_around(hash, executable, gaps, digest, &length))
		misp_object_add(executable->object, "authentihash",
				file_content_hex(text, digest, length));
	EVP_MD_CTX_free(hash);
}
