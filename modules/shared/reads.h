/*
 * reads.h: what libraries read at run time, for .reads of caged modules.
 */
#ifndef MODULES_READS_H
#define MODULES_READS_H

/* The C library's tables of character sets, where Debian's machines have
 * them. */
#define READS_GCONV                                                            \
	"/usr/lib/x86_64-linux-gnu/gconv", "/usr/lib/aarch64-linux-gnu/gconv", \
	    "/usr/lib/gconv"

#endif
