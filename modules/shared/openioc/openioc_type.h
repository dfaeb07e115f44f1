/*
 * openioc_type.h: what OpenIOC's terms are in MISP.
 */
#ifndef MODULES_OPENIOC_TYPE_H
#define MODULES_OPENIOC_TYPE_H

/* An attribute type and the category it is given. */
struct openioc_type {
	const char *name;
	const char *category;
};

/* Of a term such as "FileItem/Md5sum"; "other" when there is none for it. */
struct openioc_type openioc_type(const char *term);

/* Of two terms that stand for one composite attribute, in the order of its
 * value; the name is NULL when they do not. */
struct openioc_type openioc_pair_type(const char *first, const char *second);

#endif
