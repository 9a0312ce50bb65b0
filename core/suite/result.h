/* What became of a case: the rows of a run, and the bytes that its leaf names. */
#ifndef CORE_SUITE_RESULT_H
#define CORE_SUITE_RESULT_H

#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/hash.h"

enum check_state {
	CHECK_PASSED, CHECK_FAILED,
	CHECK_ERROR,		/* it could not be told: never a pass */
	CHECK_UNTRUSTED		/* a judge that nobody vouches for: gates nothing */
};
#define CHECK_STATES	4
const char	*check_state_name(enum check_state);	/* "passed" ... */

struct check_result {
	struct slice	 name;
	enum check_state state;
	double		 score;		/* 0..1; NAN: none */
	double		 weight;	/* not stored */
	struct slice	 reason;	/* absent: none */
};

/* Slices live in the arena of the results, or longer. */
struct result {
	struct slice	 id;		/* of the case */
	int		 repeat;	/* from 1 */
	bool		 pass;
	struct slice	 error;		/* why there is no answer; absent: there is */
	double		 score;		/* 0..1 */
	struct slice	 output;	/* absent: not kept */
	struct hash	 output_sha256;	/* of the text, all zero without one */
	struct slice	 item;		/* of the store, or absent */
	int64_t		 input_tokens, output_tokens;	/* -1: unknown */
	double		 cost_usd, latency_ms;		/* -1: unknown */
	struct check_result *checks;
	size_t		 nchecks;
};

struct results {
	struct result	*v;
	size_t		 n, cap;
	struct arena	 arena;
};
void		results_release(struct results *);
/* One more, all absent; NULL: no memory. */
struct result	*results_add(struct results *);
/* Could it not be told: no answer, or a check that came to no verdict?  One rule for
 * gates, reports and runs taken in. */
bool		result_is_error(const struct result *);
/*
 * Adds the result's line, canonical JSON and a LF: case, checks (name, score, state),
 * cost_usd, error, input_tokens, item, latency_ms, output_sha256, output_tokens, pass,
 * repeat, score.
 */
void		result_line(struct buf *, const struct result *);

#endif
