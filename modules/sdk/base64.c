/*
 * base64.c: files on their way to and from MISP. OpenSSL does the work; this
 * file makes it strict, for EVP_DecodeBlock lets '=' pass anywhere and drops
 * some rubbish at the end.
 */
#include "text.h"

#include <limits.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#define GROUP 4       /* characters that make … */
#define GROUP_BYTES 3 /* … these bytes */

json_t *text_base64(const void *bytes, size_t size)
{
	if (!bytes || size > INT_MAX / GROUP * GROUP_BYTES - GROUP_BYTES)
		return NULL;
	size_t groups = (size + GROUP_BYTES - 1) / GROUP_BYTES;
	unsigned char *text = malloc(groups * GROUP + 1);
	if (!text)
		return NULL;
	int length = EVP_EncodeBlock(text, bytes, (int)size);
	json_t *string =
	    json_stringn_nocheck((const char *)text, (size_t)length);
	free(text);
	return string;
}

/* How many '=' end the text; more than two when anything else follows one. */
static size_t padding(const char *text, size_t length)
{
	const char *first = memchr(text, '=', length);
	if (!first)
		return 0;
	size_t rest = length - (size_t)(first - text);
	return rest == 2 && first[1] != '=' ? rest + 1 : rest;
}

/* Decodes text without white space; -1 when it is no base64. */
static int decode(unsigned char *out, const char *text, size_t length,
		  size_t *size)
{
	size_t pad = padding(text, length);
	size_t whole = length / GROUP * GROUP_BYTES;
	if (length % GROUP != 0 || length > INT_MAX || pad > 2)
		return -1;
	/* A smaller number means that something was dropped at an end. */
	int decoded =
	    EVP_DecodeBlock(out, (const unsigned char *)text, (int)length);
	if (decoded < 0 || (size_t)decoded != whole)
		return -1;
	*size = whole - pad;
	out[*size] = '\0';
	return 0;
}

/* Decodes a copy that has no white space. */
static int decode_spaced(unsigned char *out, const char *text, size_t length,
			 size_t *size)
{
	static const char spaces[] = " \t\r\n\v\f";
	char *bare = malloc(length + 1);
	if (!bare)
		return -1;
	size_t used = 0;
	for (size_t i = 0; i < length; i++)
		if (!memchr(spaces, text[i], sizeof(spaces) - 1))
			bare[used++] = text[i];
	int result = used < length ? decode(out, bare, used, size) : -1;
	free(bare);
	return result;
}

unsigned char *text_unbase64(const char *text, size_t length, size_t *size)
{
	unsigned char *out = malloc(length / GROUP * GROUP_BYTES + 1);
	if (!out)
		return NULL;
	if (decode(out, text, length, size) != 0 &&
	    decode_spaced(out, text, length, size) != 0) {
		free(out);
		return NULL;
	}
	return out;
}
