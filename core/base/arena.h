/*
 * Arenas: memory that is all given back at once.
 */
#ifndef CORE_BASE_ARENA_H
#define CORE_BASE_ARENA_H

#include "core/base/buf.h"

/*
 * An arena hands out memory that lives until arena_reset() or arena_release();
 * reset keeps the blocks, so a loop that resets once a record stops allocating.
 * A NULL return means out of memory.  Not shared between threads.
 */
struct arena_block;
struct arena {
	struct arena_block	*first, *current;
	size_t			 used;		/* of the current block */
};

#define ARENA_INIT	{ NULL, NULL, 0 }

void	 arena_release(struct arena *);
void	 arena_reset(struct arena *);
/* Resets it, and keeps its first blocks, of 32 KiB together at most. */
void	 arena_trim(struct arena *);
/* It is about to be asked, after a while in which it was not: what it hands out first
 * is brought near. */
static inline void
arena_soon(const struct arena *a)
{
	if (a->first != NULL)
		__builtin_prefetch(a->first, 1);
}
void	*arena_alloc(struct arena *, size_t);	/* aligned to 16, not cleared */
void	*arena_zalloc(struct arena *, size_t);
void	*arena_copy(struct arena *, const void *, size_t);
char	*arena_str(struct arena *, struct slice);	/* NUL-terminated copy */
/* Did the arena hand it out, and has it not taken it back since?  NULL: yes.  To
 * assert what a struct promises. */
bool	 arena_holds(const struct arena *, const void *);
struct slice arena_printf(struct arena *, const char *, ...) PRINTF(2, 3);

#endif
