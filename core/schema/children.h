/*
 * What a schema asks of the elements of arrays and the members of objects.
 */
#ifndef CORE_SCHEMA_CHILDREN_H
#define CORE_SCHEMA_CHILDREN_H

#include "core/schema/run.h"

/* Is min <= n <= max?  false: stop. */
bool	run_miscount(struct run *, uint32_t t, uint64_t n, uint64_t min,
	    uint64_t max, const char *min_keyword, const char *max_keyword,
	    const char *of_what);
static inline bool
run_count(struct run *r, uint32_t t, uint64_t n, uint64_t min, uint64_t max,
    const char *min_keyword, const char *max_keyword, const char *of_what)
{
	return (n >= min && n <= max) || run_miscount(r, t, n, min, max,
	    min_keyword, max_keyword, of_what);
}
/* False, and the run's status, where matching did not end. */
bool	run_regex(struct run *, const struct regex *, struct slice, bool *found);

bool	check_array(struct run *, const struct array_part *, uint32_t t,
	    struct marks *);
bool	check_object(struct run *, const struct object_part *, uint32_t t,
	    struct marks *);
bool	check_unevaluated(struct run *, const struct node *, uint32_t t,
	    struct marks *);

#endif
