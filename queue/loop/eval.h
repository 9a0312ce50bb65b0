/* A suite executed: by variant, over outputs that are there or asked for now. */
#ifndef QUEUE_LOOP_EVAL_H
#define QUEUE_LOOP_EVAL_H

#include "queue/loop/answers.h"
#include "queue/loop/ask.h"
#include "queue/loop/gate.h"
#include "queue/loop/probes.h"
#include "core/suite/result.h"

#define EVAL_VARIANTS_MAX	100

struct eval_options {
	const char	*const *variants;	/* as --variant names them */
	size_t		 nvariants;
	const char	*records, *format;	/* NULL: none */
	const char	*where;			/* items of the store, or NULL */
	int		 repeat;		/* 0: the suite's */
	const char	*baseline;		/* NULL: the gate's own, if it has one */
	double		 max_usd;		/* NAN: no limit */
	bool		 fresh;			/* no answer kept by an earlier run */
	bool		 resume;		/* the run that was broken off */
	bool		 probed;		/* the cases changed, and not as they are */
	unsigned	 probes;		/* of enum probe; 0: the suite's */
	void		(*tell)(void *, const char *variant,
			    const struct ask_progress *);
	void		*arg;
	const volatile sig_atomic_t *stop;
};

struct eval_run {
	int64_t		 run;		/* its number */
	const char	*variant, *source;
	struct answers	 answers;
	struct results	 results;	/* beside the answers */
	struct gate_report report;
	struct probe_report probes;
	struct results	 base;		/* of the baseline */
	struct arena	 arena;
};

struct eval {
	struct suite	*suite;
	struct eval_run	*runs;
	size_t		 nruns;
	double		 usd;		/* spent now, judges included */
	struct arena	 arena;
};

/* Loads the suite; suite->skipped is the caller's to ask about. */
enum status	eval_load(struct eval *, const char *path, const char *grader,
		    struct error *) MUST_CHECK;
void		eval_release(struct eval *);
/*
 * Runs every variant, one after the other, and stores each with its leaf.
 * STATUS_INTERRUPTED and STATUS_LIMIT: a run is broken off, and `resume` goes on
 * with it.
 */
enum status	eval_execute(struct eval *, struct session *,
		    const struct policy *, const struct eval_options *,
		    struct error *) MUST_CHECK;
bool		eval_met(const struct eval *);

#endif
