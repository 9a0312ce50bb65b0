/*
 * Titles, and other names, with the number that each stands for.  A name counts
 * once in each scope, which is a number of the caller's: so many small lists need
 * one table only.
 */
#ifndef CORE_BASE_TITLES_H
#define CORE_BASE_TITLES_H

#include "core/base/buf.h"

struct titles {
	struct title_entry {
		const char	*name;
		uint64_t	 hash;
		uint32_t	 scope, number;
	}	*v;			/* name NULL: free */
	size_t	 n, cap;
};
#define TITLES_INIT	{ NULL, 0, 0 }

void		titles_release(struct titles *);
/* *fresh: the name is new in its scope, and the table keeps the pointer to it;
 * else the number that is there stays. */
enum status	titles_add(struct titles *, uint32_t scope, const char *name,
		    uint32_t number, bool *fresh, struct error *) MUST_CHECK;
/* False leaves *number as it was. */
bool		titles_find(const struct titles *, uint32_t scope, struct slice,
		    uint32_t *number);

#endif
