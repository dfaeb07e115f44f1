/*
 * pe_parts.h: what the files pe_*.c share, beside executable_pe.c, which
 * calls them.
 */
#ifndef MODULES_PE_PARTS_H
#define MODULES_PE_PARTS_H

#include "executable.h"

/* Adds what a version resource (its bytes in the file) says in its first
 * language: company, product, original name, … */
void pe_version(struct executable *executable, const unsigned char *bytes,
		size_t size);

/* Adds the hash that Authenticode signs: of all but the checksum and the
 * signature itself. header is the offset of "PE\0\0". */
void pe_authentihash(struct executable *executable, uint64_t header);

#endif
