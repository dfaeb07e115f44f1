/*
 * executable.h: the inside of a program, as objects. file_object.c asks each
 * format in turn.
 */
#ifndef MODULES_EXECUTABLE_H
#define MODULES_EXECUTABLE_H

#include "misp-module.h"

/* A file that may be a program, and what becomes of it. */
struct executable {
	struct misp_query *query;
	json_t *results;
	json_t *file; /* its object; borrowed */
	const unsigned char *bytes;
	size_t size;

	/* Set meanwhile by executable_begin and executable_section. */
	json_t *object;    /* pe, elf or macho; borrowed */
	const char *title; /* "PE", as comments have it */
	size_t sections;   /* how many there are */
	size_t hashed;     /* bytes of sections */
};

/* A section: its name, where it is in the file and how long it says it is. */
struct executable_section {
	const char *template; /* of its object: "pe-section" */
	const char *name;
	uint64_t offset;
	uint64_t size;
	bool virtual; /* it has no bytes in the file */
};

/* Each adds the objects if the file is of that format, and nothing else. */
void executable_pe(struct executable *executable);
void executable_elf(struct executable *executable);
void executable_macho(struct executable *executable);

/* ---- For those three ---- */

/* Adds the object of the whole program, to which the file refers: of template
 * name, called title in comments. */
json_t *executable_begin(struct executable *executable, const char *name,
			 const char *title);

/* Adds an object for a section, to which that of the program refers. decorate
 * may be NULL; it adds what stands between name and size. Returns the object,
 * borrowed; NULL when there are too many. */
json_t *executable_section(
    struct executable *executable, const struct executable_section *section,
    void (*decorate)(json_t *object, const void *context), const void *context);

/* Adds the number of sections. */
void executable_end(struct executable *executable);

/* A whole number as text. */
const char *executable_number(struct executable *executable, uint64_t number);

/* A number of width bytes (2, 4 or 8) that begins at an offset of the file; 0
 * when it is not there. */
uint64_t executable_read(const struct executable *executable, uint64_t offset,
			 unsigned width, bool big_endian);

#endif
