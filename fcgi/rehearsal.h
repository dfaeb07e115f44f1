/*
 * rehearsal.h: loads plugins in a child first, so that one which ends whoever
 * loads it (a file that was cut short, a constructor that crashes or hangs) is
 * known before it can end us.
 */
#ifndef FCGI_REHEARSAL_H
#define FCGI_REHEARSAL_H

#include <stddef.h>

/*
 * Loads the count plugins at paths in turn, as dlopen does it, in a child.
 * Returns the index of the first that ended the child, with the reason in
 * words; count when none did, or when nothing could be tried.
 */
size_t rehearse(char *const *paths, size_t count, char *reason, size_t size);

#endif
