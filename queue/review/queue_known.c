#include "queue/review/queue_known.h"

#include "core/policy/known.h"
#include "queue/review/list.h"

#define QUEUES_MAX	1000	/* of a store that are looked at */

/* Did something come for the queue?  Those that the policy does not name are left
 * in others[]. */
static bool
queue_came(const struct policy *p, const char *name, const char **others,
    size_t *n)
{
	size_t i, kept = 0;
	bool came = false;

	for (i = 0; i < *n; i++) {
		came |= strcmp(others[i], name) == 0;
		if (!policy_has_queue(p, slice_of(others[i])))
			others[kept++] = others[i];
	}
	*n = kept;
	return came;
}

enum status
queue_known(struct session *s, const char *name, const char *said,
    struct error *err)
{
	struct arena arena = ARENA_INIT;
	const char *others[QUEUES_MAX];
	char hint[QUEUE_HINT];
	enum status st;
	size_t n;

	if (policy_has_queue(s->policy, slice_of(name)))
		return STATUS_OK;
	st = list_queues(s, QUEUES_MAX, &arena, others, &n, err);
	if (st == STATUS_OK && !queue_came(s->policy, name, others, &n))
		st = error_set(err, STATUS_INVALID, "%s%s", said,
		    policy_queue_hint(hint, s->policy, others, n,
		    slice_of(name)));
	arena_release(&arena);
	return st;
}
