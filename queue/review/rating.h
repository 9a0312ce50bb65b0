/*
 * What a queue asks for beside a decision (handrail-policy.5): ratings, each a number
 * from 1 to its max, and evidence, spans of the output that speak for the decision.
 */
#ifndef QUEUE_REVIEW_RATING_H
#define QUEUE_REVIEW_RATING_H

#include "core/base/arena.h"
#include "core/policy/policy.h"

struct rated {
	struct slice	 name;
	int64_t		 value;
};
/* Code points of the output, half open. */
struct evidence {
	int64_t	start, end;
};
#define EVIDENCE_MAX	32

/* "helpful=4, polite=2" and "3-9, 20-31", max at most; STATUS_INVALID says what is
 * wrong with it.  Names point into the text. */
enum status	rated_parse(const char *, struct rated *, size_t max, size_t *n,
		    struct error *) MUST_CHECK;
enum status	evidence_parse(const char *, struct evidence *, size_t max,
		    size_t *n, struct error *) MUST_CHECK;

/* Read back from what is stored: how many there are, at most RATINGS_MAX and
 * EVIDENCE_MAX.  Names live in the text or the arena. */
size_t		rated_read(struct slice stored, struct arena *, struct rated *);
size_t		evidence_read(struct slice stored, struct evidence *);
/*
 * As they are stored, {"helpful":4} and [{"start":3,"end":9}], in the arena; absent
 * where there are none.  STATUS_INVALID where the queue does not ask for them, a
 * number is out of its range, or a span is not within the output.
 */
enum status	rated_text(const struct queue_policy *, const struct rated *,
		    size_t n, struct arena *, struct slice *, struct error *)
		    MUST_CHECK;
enum status	evidence_text(const struct queue_policy *,
		    const struct evidence *, size_t n, struct slice output,
		    struct arena *, struct slice *, struct error *) MUST_CHECK;

#endif
