/*
 * Many PCRE2 patterns over one text.
 *
 * A set knows for each pattern the pairs of bytes that a match can begin with.
 * One pass over the text (AVX2, SSSE3 or plain C, chosen at run time, with equal
 * results) marks where any of them occurs; PCRE2-JIT runs only there.  A pattern
 * whose beginning cannot be told runs over the whole text.
 *
 * What a scan needs is made when one needs it first: who has a set and scans
 * nothing has paid for nothing.
 */
#ifndef CORE_PATTERN_PATTERN_H
#define CORE_PATTERN_PATTERN_H

#include "core/base/buf.h"
#include "core/pattern/set.h"

struct scratch;			/* one worker's match data and JIT stack */

enum status	scratch_new(struct scratch **, struct error *) MUST_CHECK;
void		scratch_free(struct scratch *);

/* How the pass is made; all give the same matches.  FILTER_NONE searches for one
 * pattern after the other.  For tests: only FILTER_BEST is of use otherwise. */
enum filter_form {
	FILTER_BEST, FILTER_PLAIN, FILTER_SSSE3, FILTER_AVX2, FILTER_NONE
};
void		scratch_form(struct scratch *, enum filter_form);
/* What a pattern cost in the last scan or test, on whatever machine: how often
 * PCRE2 was asked, and how many steps all these were allowed together. */
struct pattern_effort {
	uint64_t	attempts, steps;
};
void		scratch_effort(const struct scratch *, unsigned id,
		    struct pattern_effort *);

/* One match: span[0] is the whole, then groups; unset ones are SIZE_MAX. */
struct pattern_match {
	unsigned	 id;
	const size_t	(*span)[2];
	unsigned	 nspan;
};
typedef enum status pattern_fn(void *, const struct pattern_match *,
		    struct error *);

/*
 * Calls each() for every match of every pattern, each pattern's matches as
 * PCRE2 alone would find them one after another (not overlapping itself), in
 * no promised order between patterns.  STATUS_LIMIT where a pattern ran into
 * its match limit, naming the pattern's number: the caller's guard has errored.
 * The text is valid UTF-8.  each() may not use the scratch.
 */
enum status	pattern_scan(struct pattern_set *, struct slice text,
		    struct scratch *, pattern_fn *each, void *arg,
		    struct error *) MUST_CHECK;
/* Does pattern `id` match anywhere?  STATUS_OK and *found, or an error. */
enum status	pattern_test(struct pattern_set *, unsigned id,
		    struct slice text, struct scratch *, bool *found,
		    struct error *) MUST_CHECK;

#endif
