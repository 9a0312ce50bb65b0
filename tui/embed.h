/*
 * Files of this source tree that the program carries within it: the demo's
 * samples, the default keys.  The Makefile's EMBED lists them.
 */
#ifndef TUI_EMBED_H
#define TUI_EMBED_H

#include <stddef.h>

struct embedded {
	const char	*path;	/* from the root of the source tree */
	const char	*bytes;	/* ends in a NUL that len does not count */
	size_t		 len;
};

/* Ends with a row whose path is NULL. */
extern const struct embedded embedded_files[];

/* NULL: no such file. */
const struct embedded	*embedded_find(const char *path);

#endif
