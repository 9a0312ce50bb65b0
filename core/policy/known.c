#include "core/policy/known.h"

#include <stdio.h>

struct queue_names {
	const struct policy	*policy;
	const char		*const *others;
	size_t			 nothers;
};

bool
policy_has_queue(const struct policy *p, struct slice name)
{
	const struct queue_policy *q = policy_queue(p, name);

	return q->number != QUEUE_NONE && slice_is(name, q->name);
}

static const char *
queue_name(void *arg, size_t i)
{
	const struct queue_names *q = arg;

	if (i < q->policy->nqueues)
		return q->policy->queues[i].name;
	i -= q->policy->nqueues;
	return i < q->nothers ? q->others[i] : NULL;
}

bool
policy_doubts_queue(const struct policy *p, struct slice name)
{
	const struct queue_policy *q = policy_queue(p, name);
	struct queue_names names = { p, NULL, 0 };
	char hint[NEAR_TEXT];

	if (q->number != QUEUE_NONE && slice_is(name, q->name))
		return false;
	if (q->number == QUEUE_NONE)
		return p->nqueues > 0;
	return p->nqueues > 1 &&
	    near_hint(hint, name, queue_name, &names)[0] != '\0';
}

const char *
policy_queue_hint(char out[QUEUE_HINT], const struct policy *p,
    const char *const *others, size_t nothers, struct slice name)
{
	struct queue_names names = { p, others, nothers };
	const char *c;
	size_t i, n = 0;

	if (near_hint(out, name, queue_name, &names)[0] != '\0')
		return out;
	for (i = 0; (c = queue_name(&names, i)) != NULL; i++) {
		if (n + strlen(c) + 24 > QUEUE_HINT) {
			(void)snprintf(out + n, QUEUE_HINT - n, ", ...");
			break;
		}
		n += (size_t)snprintf(out + n, QUEUE_HINT - n, "%s%s",
		    i > 0 ? ", " : names.policy->nqueues + nothers == 1 ?
		    "; the queue is " : "; queues are ", c);
	}
	return out;
}
