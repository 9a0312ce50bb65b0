/* Runs as the store keeps them. */
#ifndef QUEUE_LOOP_RUNS_H
#define QUEUE_LOOP_RUNS_H

#include "core/suite/result.h"
#include "core/suite/suite.h"
#include "queue/session.h"

#define RUN_NAME_MAX	200	/* bytes of a name and of a variant */

struct run_row {
	int64_t		 run, seq;	/* seq -1: it has no results */
	bool		 under_way;	/* yet: another process asks for them */
	struct slice	 name, suite, variant, source, by, verdict;
	int64_t		 started_ms, ended_ms;	/* -1: not yet */
	int64_t		 cases, results, passed, errors;
	double		 cost_usd;	/* NAN: unknown */
	struct slice	 labels;	/* "a, b", or empty */
};
/* "met", "not met", "broken off" ...; what a list says of it. */
struct slice	run_state(const struct run_row *);

/* A run that begins; *run is its number.  Without `suite` it has none. */
struct run_begin {
	const char	*name, *variant, *source;
	const struct suite *suite;	/* its files are kept, or NULL */
	int64_t		 since_ms;	/* answers kept before are not taken */
};
enum status	run_begin(struct session *, const struct run_begin *,
		    int64_t *run, struct error *) MUST_CHECK;
/* Forgets a run that never came to results. */
enum status	run_drop(struct session *, int64_t run, struct error *)
		    MUST_CHECK;
/*
 * The last run of this suite and variant that was broken off is this session's from
 * now on.  STATUS_NOT_FOUND: there is none, with no error set.  STATUS_BUSY: there
 * is one, which another process is at work on.
 */
enum status	run_resume(struct session *, const char *suite,
		    const char *variant, int64_t *run, int64_t *since_ms,
		    struct error *) MUST_CHECK;

/* Its results, figures and leaf, in one transaction. */
struct run_end {
	int64_t		 run;
	const char	*name, *variant, *source;
	const char	*suite;		/* id, or NULL */
	const struct results *results;
	size_t		 cases, passed, errors;
	double		 cost_usd;	/* NAN: unknown */
	const char	*verdict;	/* NULL: none */
};
enum status	run_end(struct session *, const struct run_end *,
		    struct error *) MUST_CHECK;

/* By its number or a label that stands on it; STATUS_NOT_FOUND names it. */
enum status	run_find(struct session *, const char *name, int64_t *run,
		    struct error *) MUST_CHECK;
enum status	run_get(struct session *, int64_t run, struct arena *,
		    struct run_row *, struct error *) MUST_CHECK;
typedef enum status run_fn(void *, const struct run_row *, struct error *);
/* The latest first. */
enum status	run_each(struct session *, int64_t limit, run_fn *, void *arg,
		    struct error *) MUST_CHECK;
/* Moves the label, with its leaf; wants MAY_POLICY. */
enum status	run_label(struct session *, int64_t run, const char *label,
		    struct error *) MUST_CHECK;

#endif
