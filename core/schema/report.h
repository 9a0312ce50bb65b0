/*
 * What a value fails by, gathered while a schema runs over it.
 */
#ifndef CORE_SCHEMA_REPORT_H
#define CORE_SCHEMA_REPORT_H

#include "core/base/arena.h"
#include "core/json/parse.h"
#include "core/schema/schema.h"

struct report {
	const struct json	*doc;
	struct arena		*arena;
	struct schema_failure	*v;	/* without their pointers */
	uint32_t		 n, cap;
	bool			 nomem;
};

bool	report_init(struct report *, const struct json *, struct arena *,
	    uint32_t cap);
/* Is there no room for more? */
static inline bool
report_full(const struct report *r)
{
	return r->nomem || r->n == r->cap;
}

/* "expected WHAT, got string "x"". */
void	report_expected(struct report *, uint32_t token, const char *keyword,
	    const char *what, ...) PRINTF(4, 5);
/* The message as it is. */
void	report_message(struct report *, uint32_t token, const char *keyword,
	    const char *message, ...) PRINTF(4, 5);
/* How far from valid: what is of another kind is furthest. */
uint64_t report_distance(const struct report *, uint32_t token);
/* Puts the failures in the instance's order; equal places stay as they came. */
void	report_sort(struct report *);

#endif
