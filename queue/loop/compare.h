/* Two runs side by side, by the cases that both have. */
#ifndef QUEUE_LOOP_COMPARE_H
#define QUEUE_LOOP_COMPARE_H

#include "core/stat/interval.h"
#include "core/stat/paired.h"
#include "core/suite/result.h"

#define COMPARE_CHECKS_MAX	200	/* names; further ones are left out */

struct compared_case {
	struct slice	 id;
	double		 before, now;	/* share of the trials that passed */
};
struct compared_check {
	struct slice	 name;
	struct paired	 paired;
	double		 p_holm;
};
struct compared {
	size_t		 both, only_before, only_now;	/* cases */
	struct paired	 paired;
	struct compared_case *broken, *fixed;
	struct compared_check *checks;	/* that both runs have */
	size_t		 nchecks;
	double		 usd_before, usd_now;	/* mean of a result; NAN: unknown */
	double		 ms_before, ms_now;	/* median latency; NAN: unknown */
};

/* All of it lives in the arena and points into the results. */
enum status	compare_results(const struct results *before,
		    const struct results *now, const struct paired_options *,
		    struct arena *, struct compared *, struct error *)
		    MUST_CHECK;

/* Of one run: its cases in the order of their ids, each with its trials. */
struct case_trials {
	struct slice	 id;
	struct trials	 trials;
	size_t		 first;		/* of its results, in `order` */
};
struct by_case {
	struct case_trials *v;
	size_t		 n;
	uint32_t	*order;		/* results, sorted by case */
	struct trials	*trials;	/* beside v, for core/stat */
};
enum status	results_by_case(const struct results *, struct arena *,
		    struct by_case *, struct error *) MUST_CHECK;
/* Mean cost and median latency of the results that have one; else NAN. */
double		results_mean_usd(const struct results *);
double		results_ms(const struct results *, struct arena *, double q);

#endif
