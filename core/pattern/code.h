/*
 * What a set of patterns is made of, and how it is made; for set.c, which gathers
 * them, and pattern.c, which looks for them.
 *
 * Nothing is made before it is used: the filter and how each pattern is looked for
 * at the set's first scan, a pattern's code where PCRE2 is asked for it first, which
 * of most patterns is never.  Threads share all of it.
 */
#ifndef CORE_PATTERN_CODE_H
#define CORE_PATTERN_CODE_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <pthread.h>
#include <stdatomic.h>

#include "core/pattern/filter.h"
#include "core/pattern/set.h"

enum pattern_use {
	PATTERN_SEARCH,		/* looks for a match from a place on */
	/* Matches at the place it is given; does not look, there each time anew,
	 * for a byte that must follow somewhere within thousands. */
	PATTERN_HERE,
	PATTERN_USES
};

struct pattern {
	const char	*source;
	int		 flags;
	uint32_t	 limit;
	/* NULL before they are used; that of another use says how many spans. */
	_Atomic(pcre2_code *) code[PATTERN_USES];
	pcre2_code	*tried;	/* to see that PCRE2 takes it, or NULL */
	uint32_t	 nspan;		/* the whole and its groups; 0: no code yet */
	/* From here on: once the set is ready. */
	int		 required;	/* a byte of every match, or -1 */
	bool		 filtered;	/* its beginnings are in the filter */
	bool		 inner;		/* else: what it must hold is in the other */
	bool		 literal;	/* begins with two bytes, always the same */
	int		 run_end;	/* first.run_end; used where not filtered */
	struct first_set run;
	bool		 stepwise;	/* a search equals trying every place */
};

struct pattern_set {
	struct pattern	*v;
	unsigned	 n, cap;
	pthread_mutex_t	 lock;		/* of who makes what is not there yet */
	atomic_bool	 ready;		/* all below */
	unsigned	*searched;	/* those that are not filtered */
	unsigned	 nsearched;
	struct pattern_filter *filter;
	struct pattern_filter *inner;
};

/* PCRE2's, without its JIT's. */
enum status	pattern_code_new(const struct pattern *, enum pattern_use,
		    pcre2_code **, struct error *) MUST_CHECK;
/* Makes what a scan needs of every pattern; often called, once done. */
enum status	pattern_set_ready(struct pattern_set *, struct error *) MUST_CHECK;
/* The code of a pattern, and with it nspan. */
enum status	pattern_code(struct pattern_set *, unsigned id, enum pattern_use,
		    const pcre2_code **, struct error *) MUST_CHECK;

#endif
