/*
 * What a condition came to, in values: the columns and functions that it names,
 * and what they are for an item.  For people who ask why; the condition itself
 * is evaluated elsewhere (expr.h).
 */
#ifndef CORE_EXPR_BECAUSE_H
#define CORE_EXPR_BECAUSE_H

#include "core/base/arena.h"
#include "core/expr/expr.h"

#define BECAUSE_MAX	32	/* of one condition */
#define BECAUSE_TEXT	EXPR_TEXT_SHOWN	/* a longer text is left out */

struct because {
	/* "confidence", "failed('pii')", "words(output)"; of metadata->>'amount'
	 * "amount". */
	struct slice	name;
	struct slice	value;		/* JSON */
	/* "1240 > 500": what it is compared with, the sign as it holds; absent
	 * where the condition compares it with no number or text. */
	struct slice	compared;
	bool		holds;		/* that part of the condition, by itself */
	bool		known;		/* whether holds was found out */
};

/*
 * Those of a condition, each once, in the order in which it names them; texts
 * longer than BECAUSE_TEXT, and output and metadata as a whole, are left out.
 * They live in the arena.  The set computes functions and is kept from one
 * condition to the next: NULL before the first, expr_set_free() ends it.
 */
enum status	because_get(const char *condition, const struct expr_names *,
		    const struct expr_row *, struct expr_set **,
		    struct arena *, struct because **, size_t *n,
		    struct error *) MUST_CHECK;

/*
 * The parts that hold (or those that do not), else all of them, in words:
 * "amount 1240 > 500, toxicity failed".  Absent: there are none.
 */
struct slice	because_text(const struct because *, size_t n, bool holding,
		    struct arena *);

#endif
