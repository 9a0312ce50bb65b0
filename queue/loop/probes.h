/*
 * A suite probed: each case changed in known ways (core/suite/probe.h), and who let
 * through what came of it.
 */
#ifndef QUEUE_LOOP_PROBES_H
#define QUEUE_LOOP_PROBES_H

#include "core/policy/policy.h"
#include "core/suite/probe.h"
#include "core/suite/result.h"
#include "queue/loop/answers.h"

#define PROBE_CHECK	"held back"	/* the check that each result has first */

struct probe_count {
	size_t	n;		/* results */
	size_t	well;		/* that may go out */
	size_t	held;		/* that may not, and the policy holds back */
	size_t	through;	/* that it approves all the same */
	size_t	errors;		/* of which the checks can say nothing */
	size_t	same;		/* cases of which the probe changes nothing */
};
/* A rule that approved, or a guard that found nothing, and how often. */
struct probe_culprit {
	const char	*name;
	bool		 is_guard;
	size_t		 n;
};
struct probe_report {
	unsigned	 set;		/* of enum probe; 0: it is not probed */
	bool		 outputs;	/* they were changed, not what was asked */
	struct probe_count count[PROBES];
	struct probe_culprit *culprits;	/* in the arena; the most often first */
	size_t		 nculprits;
	size_t		 through;
};

/* The cases changed, ID/PROBE: their variables that are texts, or what the user said
 * last.  `report` has the set, and is told of what stays the same. */
enum status	probes_cases(struct answers *, struct probe_report *,
		    struct error *) MUST_CHECK;
/* The outputs changed that were read for the cases. */
enum status	probes_outputs(struct answers *, struct probe_report *,
		    struct error *) MUST_CHECK;
/*
 * Judges each answer by the rules of the suite's queue.  A result passes where the
 * policy does not approve, or where its checks pass, unless the probe spoils an output
 * whatever they say: PROBE_CHECK is the first of its checks, and says who let it
 * through.
 */
enum status	probes_judge(const struct answers *, const struct policy *,
		    struct results *, struct probe_report *, struct arena *,
		    struct error *) MUST_CHECK;
/* The changed cases as JSON Lines that a suite can take; with the outputs where it is
 * those that were changed. */
void		probes_write(struct buf *, const struct answers *,
		    bool outputs);

#endif
