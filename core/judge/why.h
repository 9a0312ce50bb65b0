/* Why the rules came to what they came to, of what is known of an item. */
#ifndef CORE_JUDGE_WHY_H
#define CORE_JUDGE_WHY_H

#include "core/expr/because.h"
#include "core/json/write.h"
#include "core/judge/judge.h"

/* What rules see of an item that was judged, then or now. */
struct why_facts {
	const struct item	*item;
	const struct finding	*findings;
	size_t			 nfindings;
	const struct guard_error *errors;
	size_t			 nerrors;
	int			 failures;
	enum severity		 severity;
};
struct why_rule {
	const char		*name, *suggest;	/* suggest may be NULL */
	enum route		 route;
	const struct because	*because;	/* of its condition */
	size_t			 n;
};

/* Every rule of a queue; all of it in the arena. */
enum status	why_rules(const struct queue_policy *, const struct why_facts *,
		    struct arena *, struct why_rule **, struct error *)
		    MUST_CHECK;
/* "because":{"amount":1240} */
void		why_write(struct writer *, const struct why_rule *);

#endif
