/*
 * file_content.c: entropy and hashes of bytes.
 *
 * pkg-config: libcrypto libfuzzy (libssl-dev libfuzzy-dev)
 */
#include "file_content.h"

#include <fuzzy.h>
#include <math.h>
#include <openssl/evp.h>
#include <string.h>

/* All hashes take a piece of this many bytes while the processor has it near:
 * the bytes are gone through once. */
#define PIECE 32768

#define HASH_COUNT 4

static const struct {
	const char *relation;
	const EVP_MD *(*method)(void);
} hashes[HASH_COUNT] = {
    {"md5", EVP_md5},
    {"sha1", EVP_sha1},
    {"sha256", EVP_sha256},
    {"sha512", EVP_sha512},
};

struct hashing {
	EVP_MD_CTX *contexts[HASH_COUNT];
	size_t counts[256];
};

/* false without memory, or where OpenSSL does not do one of them. */
static bool hashing_begin(struct hashing *hashing)
{
	for (size_t i = 0; i < HASH_COUNT; i++) {
		hashing->contexts[i] = EVP_MD_CTX_new();
		if (!hashing->contexts[i] ||
		    !EVP_DigestInit_ex(hashing->contexts[i], hashes[i].method(),
				       NULL))
			return false;
	}
	return true;
}

static bool hashing_take(struct hashing *hashing, const unsigned char *bytes,
			 size_t size)
{
	for (size_t i = 0; i < HASH_COUNT; i++)
		if (!EVP_DigestUpdate(hashing->contexts[i], bytes, size))
			return false;
	for (size_t i = 0; i < size; i++)
		hashing->counts[bytes[i]]++;
	return true;
}

static void hashing_end(struct hashing *hashing)
{
	for (size_t i = 0; i < HASH_COUNT; i++)
		EVP_MD_CTX_free(hashing->contexts[i]);
}

static double hashing_entropy(const struct hashing *hashing, size_t size)
{
	double entropy = 0;
	for (size_t i = 0; i < 256; i++) {
		double share = (double)hashing->counts[i] / (double)size;
		if (share > 0 && share < 1)
			entropy -= share * log2(share);
	}
	return entropy;
}

void file_content_hush(json_t *attribute)
{
	misp_to_ids(attribute, false);
	misp_set(attribute, "disable_correlation", json_true());
}

const char *file_content_hex(char *text, const unsigned char *digest,
			     unsigned size)
{
	static const char digits[] = "0123456789abcdef";
	char *end = text;
	for (unsigned i = 0; i < size; i++) {
		*end++ = digits[digest[i] >> 4];
		*end++ = digits[digest[i] & 15];
	}
	*end = '\0';
	return text;
}

static bool hashing_add(struct hashing *hashing, json_t *object, bool hush,
			struct file_content *content)
{
	for (size_t i = 0; i < HASH_COUNT; i++) {
		unsigned char digest[EVP_MAX_MD_SIZE];
		char text[2 * EVP_MAX_MD_SIZE + 1];
		unsigned size = 0;
		if (!EVP_DigestFinal_ex(hashing->contexts[i], digest, &size))
			return false;
		json_t *attribute =
		    misp_object_add(object, hashes[i].relation,
				    file_content_hex(text, digest, size));
		if (hush)
			file_content_hush(attribute);
		if (i == 0)
			memcpy(content->md5, text, sizeof(content->md5));
	}
	return true;
}

static bool content_hash(struct hashing *hashing, json_t *object,
			 const unsigned char *bytes, size_t size, bool section,
			 struct file_content *content)
{
	if (!hashing_begin(hashing))
		return false;
	for (size_t at = 0; at < size; at += PIECE) {
		size_t left = size - at;
		if (!hashing_take(hashing, bytes + at,
				  left < PIECE ? left : PIECE))
			return false;
	}
	content->entropy = hashing_entropy(hashing, size);
	misp_object_add_json(object, "entropy", json_real(content->entropy));
	bool hush = section && content->entropy <= 0;
	return hashing_add(hashing, object, hush, content);
}

bool file_content_add(struct misp_query *query, json_t *object,
		      const unsigned char *bytes, size_t size, bool section,
		      struct file_content *content)
{
	struct hashing hashing = {0};
	bool done =
	    content_hash(&hashing, object, bytes, size, section, content);
	hashing_end(&hashing);
	if (!done)
		misp_fail(query, "The hashes of a file cannot be computed");
	return done;
}

json_t *file_content_add_ssdeep(json_t *object, const unsigned char *bytes,
				size_t size)
{
	char text[FUZZY_MAX_RESULT];
	if (size > UINT32_MAX ||
	    fuzzy_hash_buf(bytes, (uint32_t)size, text) != 0)
		return NULL;
	return misp_object_add(object, "ssdeep", text);
}
