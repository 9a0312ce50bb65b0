/*
 * Assertions as promptfoo names them: `contains`, `not-regex`, `is-json` ...  Each
 * is one row of a table with a function that says how well an output does.  Their
 * verdicts are those of the program that they come from.
 */
#ifndef CORE_SUITE_ASSERT_H
#define CORE_SUITE_ASSERT_H

#include "core/item/item.h"

struct arena;
struct assertion;

/* What is looked at. */
struct assert_subject {
	const struct item *item;	/* output, latency, cost, stop, confidence */
	struct slice	 output;	/* as a text: JSON that is no string as it came */
	struct arena	*arena;		/* of what a verdict says */
	struct scratch	*scratch;	/* core/pattern/pattern.h */
};

struct assert_verdict {
	bool		 pass;
	double		 score;		/* 0..1 */
	struct slice	 reason;	/* of a miss; absent: none is needed */
};

/* How one is asked for. */
enum assert_how {
	ASSERT_HERE,		/* by its row's function */
	ASSERT_JUDGE,		/* by a judge model */
	ASSERT_SERVICE,		/* by a service that answers it */
	ASSERT_SET,		/* others within it */
	ASSERT_NOT		/* not at all */
};

struct assert_row {
	const char	*name;
	enum assert_how	 how;
	bool		 wants;		/* a value is needed */
	double		 threshold;	/* where none is given; NAN */
	/* Once, for all outputs; a wrong value is STATUS_INVALID.  May be NULL. */
	enum status	(*make)(struct assertion *, struct error *);
	/* Fills score: pass is whether it reaches 1, unless set. */
	enum status	(*run)(const struct assertion *,
			    const struct assert_subject *,
			    struct assert_verdict *, struct error *);
	void		(*release)(void *made);
	const struct assert_service *service;	/* core/suite/assert_service.h */
	const char	*why;		/* of ASSERT_NOT: what to do instead */
};

struct assertion {
	const struct assert_row *row;
	const char	*name;		/* the metric, else the type as it was written */
	bool		 inverse;	/* not-... */
	struct slice	 value;		/* JSON as it came, or absent */
	struct slice	 text;		/* a string's text, else `value` */
	const struct slice *list;	/* an array's texts, or those between commas */
	size_t		 nlist;
	double		 threshold;	/* NAN: none */
	double		 weight;
	const struct assertion *inner;	/* of a set */
	size_t		 ninner;
	size_t		 judge;		/* endpoint that is asked, of ASSERT_JUDGE and _SERVICE */
	void		*made;
};

/* "not-" is passed over; NULL: none is called so. */
const struct assert_row *assert_find(const char *type, bool *inverse);
/* Ready to run; the arena outlives it, assert_release() frees what it made. */
enum status	assert_make(struct assertion *, struct arena *, struct error *)
		    MUST_CHECK;
void		assert_release(const struct assertion *);
/* STATUS_LIMIT and the like: it could not be told, which is never a pass. */
enum status	assert_run(const struct assertion *,
		    const struct assert_subject *, struct assert_verdict *,
		    struct error *) MUST_CHECK;

/*
 * What a test comes to: without a threshold every assertion of a weight over 0 has
 * to pass; with one the weighted mean of the scores has to reach it.
 */
struct assert_sum {
	double	total, weight;
	bool	missed;
};
void		assert_count(struct assert_sum *, double weight,
		    const struct assert_verdict *);
void		assert_sum_end(const struct assert_sum *, double threshold,
		    bool *pass, double *score);

#endif
