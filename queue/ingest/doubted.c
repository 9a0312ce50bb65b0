#include "queue/ingest/doubted.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/policy/known.h"

/* Was it looked at?  It takes the place of another name where it was not. */
static bool
was_seen(struct doubted *d, struct slice queue)
{
	uint64_t hash = slice_hash(queue);
	uint64_t *slot = &d->seen[hash % DOUBTED_SEEN];
	bool seen = *slot == hash;

	*slot = hash;
	return seen;
}

static bool
is_told(const struct doubted *d, struct slice queue)
{
	unsigned i;

	for (i = 0; i < d->n; i++)
		if (d->told[i] != NULL && slice_is(queue, d->told[i]))
			return true;
	return false;
}

static void
doubt_tell(const struct policy *p, struct slice queue, bool unnamed,
    void (*tell)(void *, const char *line), void *arg)
{
	bool rules = policy_queue(p, queue)->number != QUEUE_NONE;
	char line[1024], hint[QUEUE_HINT];

	(void)snprintf(line, sizeof(line), "%s%.*s%s is not in the policy: "
	    "%s%s", unnamed ? "a record's queue" : "queue ", unnamed ? 0 :
	    (int)queue.n, queue.p, slice_is(queue, ITEM_QUEUE) ?
	    " (of records that name none)" : "", rules ?
	    "default's rules hold for it" : "all of it is flagged",
	    policy_queue_hint(hint, p, NULL, 0, queue));
	tell(arg, line);
}

void
doubted_note(struct doubted *d, const struct policy *p, struct slice queue,
    void (*tell)(void *, const char *line), void *arg)
{
	if (queue.p == NULL || d->n > DOUBTED_MAX || d->looked == DOUBTED_SEEN ||
	    policy_has_queue(p, queue) || was_seen(d, queue) ||
	    is_told(d, queue))
		return;
	d->looked++;
	if (!policy_doubts_queue(p, queue))
		return;
	if (d->n == DOUBTED_MAX) {
		d->n++;
		tell(arg, "further queues are not in the policy");
		return;
	}
	d->told[d->n++] = strndup(queue.p, queue.n);
	doubt_tell(p, queue, d->unnamed, tell, arg);
}

void
doubted_release(struct doubted *d)
{
	unsigned i;

	for (i = 0; i < DOUBTED_MAX; i++)
		free(d->told[i]);
	*d = (struct doubted){ .n = 0 };
}
