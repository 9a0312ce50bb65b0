/*
 * Subschemas that are applied to the same value, and which of its children they
 * looked at.
 */
#ifndef CORE_SCHEMA_APPLY_H
#define CORE_SCHEMA_APPLY_H

#include "core/schema/run.h"

bool	check_apply(struct run *, const struct node *, uint32_t t, struct marks *);

/* False, and the run's status, where there is no memory. */
bool	marks_init(struct run *, struct marks *, uint32_t t);
void	marks_all(struct run *, struct marks *, uint32_t t);
static inline void
marks_set(struct marks *m, uint32_t i)
{
	m->bits[i / 64] |= (uint64_t)1 << i % 64;
}

#endif
