/*
 * What should happen to an item: its guards are run, its findings counted, the
 * first matching rule taken, and the text that may go out made.
 *
 * A judge belongs to one thread; the policy it reads is shared.
 */
#ifndef CORE_JUDGE_JUDGE_H
#define CORE_JUDGE_JUDGE_H

#include <signal.h>

#include "core/base/arena.h"
#include "core/expr/expr.h"
#include "core/policy/policy.h"

struct guard_error {
	const char	*guard;
	struct slice	 message;
	bool		 fail_open;	/* the policy lets it pass; the log says so */
};

struct rule_result {
	const char	*name;
	enum expr_value	 value;
};

/* Lives in the arena that judge_item was given. */
struct verdict {
	const struct queue_policy *queue;
	enum route	 route;
	/* Or "no rule matched"; "no answer", "guard error: X", "rule error: X" and
	 * "redaction incomplete" where that turned an approve into a flag. */
	const char	*rule;
	const char	*suggest;	/* what the rule recommends; NULL */
	int		 priority;
	int		 failures, errors;
	enum severity	 severity;	/* SEVERITY_NONE: no finding */
	const char	**failed;	/* names of the guards that failed */
	size_t		 nfailed;
	/* The caller's fails included.  With `on` the span counts code points
	 * of that text, else bytes of the output. */
	struct finding	*findings;
	size_t		 nfindings;
	struct guard_error *guard_errors;
	size_t		 nguard_errors;
	struct rule_result *rules;	/* those tried, in order */
	size_t		 nrules;
	/* Beside queue->conditions; NULL unless they were asked for. */
	enum expr_value	*conditions;
	bool		 sampled;	/* approved, and drawn for review */
	double		 sample_p;	/* the probability it was drawn with */
	bool		 released;	/* release is the output, redacted */
	struct slice	 release;	/* else the fallback, or absent */
	int64_t		*guard_ns;	/* beside queue->guards; only if timed */
};

struct judge_options {
	struct slice	 key;		/* the store's, for draw and hash; or absent */
	bool		 all_rules;	/* evaluate those behind the match too */
	bool		 timed;		/* fill guard_ns from clock_ns() */
	int64_t		(*clock_ns)(void);
	/* Set by a signal: no further guard is run.  NULL: none. */
	const volatile sig_atomic_t *stop;
};

struct judge;
enum status	judge_new(struct judge **, const struct policy *,
		    const struct judge_options *, struct error *) MUST_CHECK;
void		judge_free(struct judge *);
/* What of an item is judged. */
enum judge_what {
	JUDGE_ITEM,
	JUDGE_GATEWAY,		/* and the conditions that its gateways ask */
	JUDGE_INPUT,		/* guards of the input and those conditions alone:
				 * there is no output yet */
	JUDGE_FINDINGS		/* what is found, and no rule is asked */
};
/* Of the items to come. */
void		judge_what(struct judge *, enum judge_what);
/* Fails only for lack of memory, and with STATUS_INTERRUPTED where it is to stop:
 * what goes wrong in a guard is in the verdict. */
enum status	judge_item(struct judge *, const struct item *, struct arena *,
		    struct verdict *, struct error *) MUST_CHECK;
/* The same for a text that a person put in the output's place.  The caller's
 * results are of the old one: they are neither taken nor expected, and so is
 * why the model stopped. */
enum status	judge_edit(struct judge *, const struct item *, struct slice text,
		    struct arena *, struct verdict *, struct error *)
		    MUST_CHECK;

#endif
