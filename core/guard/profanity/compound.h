/*
 * Words that strong ones are built into: "fuckwads", "Scheisswetter".  The scan
 * cuts no token out of what does not begin as a listed word does; these stems
 * are looked for within words.
 */
#ifndef CORE_GUARD_PROFANITY_COMPOUND_H
#define CORE_GUARD_PROFANITY_COMPOUND_H

#include "core/guard/guard.h"

struct compounds;			/* immutable once made */

struct compound {
	uint32_t	start, end;	/* of the whole word */
	enum severity	severity;
};

/* Of these languages; all zero-terminated. */
enum status	compounds_new(struct compounds **, const char *const *languages,
		    size_t n, struct error *) MUST_CHECK;
void		compounds_free(struct compounds *);
/* *out, in the arena, in ascending order. */
enum status	compounds_find(const struct compounds *, struct guard_run *,
		    struct compound **out, size_t *n, struct error *) MUST_CHECK;

#endif
