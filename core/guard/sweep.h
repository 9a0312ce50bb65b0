/*
 * The guards of a queue that each look for one pattern in the output, looked for
 * in one pass: what stays of a text in which nearly no pattern occurs is the pass.
 */
#ifndef CORE_GUARD_SWEEP_H
#define CORE_GUARD_SWEEP_H

#include "core/guard/guard.h"

struct sweep;			/* immutable; shared by workers */

/* What one pass found, guard by guard; one worker's own, kept from pass to
 * pass.  Zeroed: empty. */
struct sweep_found {
	struct sweep_match {
		uint32_t	start, end, next;	/* index; 0: the last */
	}		*v;		/* v[0] is not used */
	size_t		 n, cap;
	struct sweep_list {
		uint32_t	first, last, n;
	}		*lists;		/* beside the guards */
	size_t		 nlists;
};
void		sweep_found_release(struct sweep_found *);

/* *out is NULL where fewer than two of the guards could share the pass.  What was
 * compiled must live as long as the sweep. */
enum status	sweep_new(struct sweep **out, const struct compiled_guard *guards,
		    size_t n, struct error *) MUST_CHECK;
void		sweep_free(struct sweep *);

/* Was guard i of those given to sweep_new() taken in? */
bool		sweep_has(const struct sweep *, size_t i);
/* STATUS_LIMIT: one of them ran away, so each has to run by itself. */
enum status	sweep_run(const struct sweep *, struct slice text,
		    struct scratch *, struct sweep_found *, struct error *)
		    MUST_CHECK;
/* Was guard i taken in, and nothing found of it? */
bool		sweep_clean(const struct sweep *, const struct sweep_found *,
		    size_t i);
/* Guard i's findings, just as its own run would have added them. */
enum status	sweep_report(const struct sweep *, const struct sweep_found *,
		    size_t i, struct guard_run *, struct error *) MUST_CHECK;

#endif
